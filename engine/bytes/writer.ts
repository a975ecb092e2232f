/** Bytes being built: the mirror of ByteReader, used by the core dump writer and by tests' assembler. */
export class ByteWriter {
  private buffer = new Uint8Array(256);
  private view = new DataView(this.buffer.buffer);
  private used = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.used;
  }

  private grow(extra: number): number {
    const at = this.used;
    const need = at + extra;
    if (need > this.buffer.length) {
      const larger = new Uint8Array(Math.max(need, this.buffer.length * 2));
      larger.set(this.buffer.subarray(0, at));
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    this.used = need;
    return at;
  }

  u8(value: number): this {
    const at = this.grow(1); // before `this.buffer` is looked up, which growing replaces
    this.buffer[at] = value;
    return this;
  }
  u16(value: number): this {
    const at = this.grow(2);
    this.view.setUint16(at, value, true);
    return this;
  }
  u32(value: number): this {
    const at = this.grow(4);
    this.view.setUint32(at, value, true);
    return this;
  }
  u64(value: bigint): this {
    const at = this.grow(8);
    this.view.setBigUint64(at, BigInt.asUintN(64, value), true);
    return this;
  }
  f32(value: number): this {
    const at = this.grow(4);
    this.view.setFloat32(at, value, true);
    return this;
  }
  f64(value: number): this {
    const at = this.grow(8);
    this.view.setFloat64(at, value, true);
    return this;
  }

  /** ULEB128. Of a large bigint bytes are taken off until a number has the rest, which is many times as fast. */
  uleb(value: number | bigint): this {
    if (typeof value === "bigint") {
      if (value <= Number.MAX_SAFE_INTEGER) return this.uleb(Number(value));
      return this.u8(Number(value & 0x7fn) | 0x80).uleb(value >> 7n);
    }
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.u8((rest & 0x7f) | 0x80);
    return this.u8(rest);
  }

  /** SLEB128. */
  sleb(value: number | bigint): this {
    if (typeof value === "bigint") {
      const number = Number(value);
      if (Number.isSafeInteger(number)) return this.sleb(number);
      return this.u8(Number(value & 0x7fn) | 0x80).sleb(value >> 7n);
    }
    let rest = value;
    for (; rest < -0x40 || rest > 0x3f; rest = Math.floor(rest / 128)) this.u8((rest & 0x7f) | 0x80);
    return this.u8(rest & 0x7f);
  }

  bytes(bytes: ArrayLike<number>): this {
    const at = this.grow(bytes.length);
    this.buffer.set(bytes, at);
    return this;
  }

  /** UTF-8 text and a NUL byte. */
  cstring(text: string): this {
    return this.bytes(new TextEncoder().encode(text)).u8(0);
  }

  /** A Wasm name: byte length, then UTF-8. */
  name(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.uleb(encoded.length).bytes(encoded);
  }

  /** What was written, without a copy: write no more after taking it. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }
}
