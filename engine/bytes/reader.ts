/**
 * A cursor over bytes that knows the name of what it reads, so that every fault names section and offset.
 *
 * LEB128 as in the Wasm spec §5.2.2 and DWARF 5 §7.6; everything else is little-endian, as Wasm is.
 */
import { FormatError } from "./errors";

export class ByteReader {
  private readonly view: DataView;
  /** Index of the next byte in `bytes`. */
  private at: number;

  /**
   * @param bytes what to read
   * @param section its name for messages, e.g. `.debug_line`
   * @param base offset of `bytes[0]` in the section: positions are reported, and taken, in the section's space
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly section: string,
    readonly base = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  /** Offset of the next byte, in the section's space. */
  get position(): number {
    return this.base + this.at;
  }

  set position(position: number) {
    const at = position - this.base;
    if (!(at >= 0 && at <= this.bytes.length)) this.fail(`Offset 0x${position.toString(16)} lies outside`);
    this.at = at;
  }

  /** Offset after the last byte, in the section's space. */
  get end(): number {
    return this.base + this.bytes.length;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.bytes.length - this.at;
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Throws a FormatError at the present position, or at `position`. */
  fail(problem: string, advice?: string, position = this.position): never {
    throw new FormatError(problem, { section: this.section, offset: position }, advice);
  }

  private advance(length: number): number {
    const start = this.at;
    if (!(length >= 0 && start + length <= this.bytes.length)) {
      this.fail(
        `Need ${length} bytes, ${this.bytes.length - start} are left`,
        "The data is truncated or not what it claims to be.",
      );
    }
    this.at = start + length;
    return start;
  }

  u8(): number {
    return this.bytes[this.advance(1)]!;
  }
  i8(): number {
    return this.view.getInt8(this.advance(1));
  }
  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }
  i16(): number {
    return this.view.getInt16(this.advance(2), true);
  }
  u24(): number {
    const at = this.advance(3);
    return this.bytes[at]! | (this.bytes[at + 1]! << 8) | (this.bytes[at + 2]! << 16);
  }
  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }
  i32(): number {
    return this.view.getInt32(this.advance(4), true);
  }
  u64(): bigint {
    return this.view.getBigUint64(this.advance(8), true);
  }
  i64(): bigint {
    return this.view.getBigInt64(this.advance(8), true);
  }
  f32(): number {
    return this.view.getFloat32(this.advance(4), true);
  }
  f64(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  /** A u64 as a number; offsets and sizes only, since past 2^53 it is an error. */
  u64Number(): number {
    const start = this.position;
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      this.fail(`${value} is too large for an offset`, undefined, start);
    return Number(value);
  }

  /** Unsigned little-endian integer of 1, 2, 4 or 8 bytes as a number; past 2^53 it is an error. */
  unsigned(size: number): number {
    switch (size) {
      case 1:
        return this.u8();
      case 2:
        return this.u16();
      case 4:
        return this.u32();
      case 8:
        return this.u64Number();
      default:
        return this.fail(`An integer of ${size} bytes is not supported`);
    }
  }

  /** ULEB128 as a number. At most 10 bytes; past 2^53 it is an error. */
  uleb(): number {
    const bytes = this.bytes;
    const first = bytes[this.at];
    if (first !== undefined && first < 0x80) {
      this.at++;
      return first;
    }
    const start = this.position;
    let result = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (result > Number.MAX_SAFE_INTEGER) break;
        return result;
      }
      scale *= 128;
    }
    return this.fail("A LEB128 number is too long", undefined, start);
  }

  /** SLEB128 as a number; outside ±2^53 it is an error (use slebBig for values). */
  sleb(): number {
    // Nearly every number has at most 28 bits, and line programs have hundreds of thousands of them.
    let low = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.bytes[this.at + i];
      if (byte === undefined) break;
      low |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) {
        this.at += i + 1;
        const unused = 25 - 7 * i;
        return (low << unused) >> unused;
      }
    }
    const start = this.position;
    const value = this.slebBig();
    const result = Number(value);
    if (!Number.isSafeInteger(result)) this.fail(`${value} is too large for an offset`, undefined, start);
    return result;
  }

  /** ULEB128 of up to 128 bits. */
  ulebBig(): bigint {
    return this.lebBig(false);
  }

  /** SLEB128 of up to 128 bits. */
  slebBig(): bigint {
    return this.lebBig(true);
  }

  private lebBig(signed: boolean): bigint {
    const start = this.position;
    let low = 0; // up to 28 bits without bigint arithmetic, which covers nearly every value
    for (let i = 0; i < 4; i++) {
      const byte = this.u8();
      low |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) {
        const bits = 7 * (i + 1);
        return BigInt(signed ? (low << (32 - bits)) >> (32 - bits) : low);
      }
    }
    let result = BigInt(low);
    let shift = 28n;
    for (let i = 4; i < 19; i++) {
      const byte = this.u8();
      result |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return signed ? BigInt.asIntN(Number(shift), result) : result;
    }
    return this.fail("A LEB128 number is too long", undefined, start);
  }

  /** Skips one LEB128 of any length up to 19 bytes. */
  skipLeb(): void {
    for (let i = 0; i < 19; i++) if (this.u8() < 0x80) return;
    this.fail("A LEB128 number is too long");
  }

  skip(length: number): void {
    this.advance(length);
  }

  /** A view of the next `length` bytes; not a copy. */
  take(length: number): Uint8Array {
    const at = this.advance(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A reader of its own over the next `length` bytes, in the same space; this one moves past them. */
  sub(length: number, section = this.section): ByteReader {
    const position = this.position;
    return new ByteReader(this.take(length), section, position);
  }

  /** Text up to a NUL byte, which is consumed. */
  cstring(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) this.fail("A string has no terminating NUL");
    const text = decodeUtf8(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  /** Skips text up to and with its NUL byte. */
  skipCstring(): void {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) this.fail("A string has no terminating NUL");
    this.at = end + 1;
  }

  /** A Wasm name: byte length (ULEB128), then UTF-8 (Wasm spec §5.2.4). */
  name(): string {
    return decodeUtf8(this.take(this.uleb()));
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** UTF-8 to text; never fails: malformed bytes become U+FFFD. For names, not for a program's own data. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length < 24) {
    let text = "";
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte >= 0x80) return utf8.decode(bytes);
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return utf8.decode(bytes);
}
