/**
 * A forward scan over a source in windows: for structures that are long, are passed over once, and of which
 * only a little is kept (the sizes of function bodies, the offsets of names).
 */
import { FormatError } from "../bytes/errors";
import { type ByteSource, fill } from "../bytes/source";

/** Windows from this size on are read past the source's cache, which a scan would only flush. */
const readsEverything = 4 * 1024;

/** The most bytes of a u32. */
const longestLeb = 5;

export class Scanner {
  private window: Uint8Array = new Uint8Array(0);
  private windowStart = 0;
  /** What windows are read into, when the scan reads everything. */
  private readonly buffer: Uint8Array | undefined;

  /**
   * @param windowSize bytes read at a time: small when the scan hops, large when it reads everything
   * @param position where it starts, in bytes from the start of the source
   */
  constructor(
    private readonly source: ByteSource,
    private readonly windowSize: number,
    public position = 0,
  ) {
    if (windowSize >= readsEverything) this.buffer = new Uint8Array(Math.min(windowSize, source.size));
  }

  get atEnd(): boolean {
    return this.position >= this.source.size;
  }

  /** Bytes left. */
  get remaining(): number {
    return this.source.size - this.position;
  }

  /** Has the window hold the next number, or what is left of the source, and gives its index there. */
  private reach(): number {
    const { window, position } = this;
    const at = position - this.windowStart;
    if (at >= 0 && (at + longestLeb <= window.length || (at <= window.length && this.windowReachesEnd)))
      return at;
    this.load(position);
    return 0;
  }

  private get windowReachesEnd(): boolean {
    return this.window.length > 0 && this.windowStart + this.window.length === this.source.size;
  }

  private load(position: number): void {
    const length = Math.max(1, Math.min(this.windowSize, this.source.size - position));
    if (this.buffer === undefined) this.window = this.source.read(position, length);
    else {
      this.window = this.buffer.subarray(0, 0); // what it showed is overwritten
      const window = this.buffer.subarray(0, length);
      fill(this.source, position, window);
      this.window = window;
    }
    this.windowStart = position;
  }

  /** A u32 as ULEB128. The position moves only when all of it is there. */
  uleb(): number {
    // Sizes of functions and names have one byte or two, and a scan meets a hundred thousand of them.
    const { window, position } = this;
    const at = position - this.windowStart;
    const first = window[at]!;
    if (first < 0x80) {
      this.position = position + 1;
      return first;
    }
    const second = window[at + 1]!;
    if (second < 0x80) {
      this.position = position + 2;
      return (first & 0x7f) | (second << 7);
    }
    return this.anyUleb();
  }

  private anyUleb(): number {
    const start = this.reach();
    const { window } = this;
    let result = 0;
    for (let at = start, scale = 1; at < start + longestLeb; at++, scale *= 128) {
      const byte = window[at];
      if (byte === undefined) this.load(this.windowStart + at); // refused, with the source's name
      result += (byte! & 0x7f) * scale;
      if (byte! < 0x80) {
        if (result > 0xffff_ffff) break;
        this.position += at - start + 1;
        return result;
      }
    }
    throw new FormatError("A LEB128 number is too long or larger than a u32", {
      section: this.source.name,
      offset: this.position,
    });
  }

  /**
   * Follows a chain of sizes and contents, as function bodies are, as long as sizes of one or two bytes lie in the
   * window. A lookup passes over tens of thousands of them, most before the loop is compiled: it calls nothing.
   *
   * @param starts takes where the contents start, from index `first` on, before index `end`
   * @param sizes takes their sizes in bytes
   * @param pc the content that ends after it is the last
   * @returns the index after the last that was found
   */
  followChain(starts: Uint32Array, sizes: Uint32Array, first: number, end: number, pc: number): number {
    const { window, windowStart } = this;
    const limit = this.source.size;
    let { position } = this;
    let index = first;
    while (index < end) {
      let at = position - windowStart;
      let size = window[at++]!;
      if (size >= 0x80) {
        const second = window[at++]!;
        if (!(second < 0x80)) break;
        size = (size & 0x7f) | (second << 7);
      }
      const start = windowStart + at;
      if (!(start + size <= limit)) break;
      starts[index] = start;
      sizes[index++] = size;
      position = start + size;
      if (position > pc) break;
    }
    this.position = position;
    return index;
  }

  /** Moves past `length` bytes without reading them. */
  skip(length: number): void {
    if (length > this.remaining) {
      throw new FormatError(
        `Need ${length} bytes, ${this.remaining} are left`,
        { section: this.source.name, offset: this.position },
        "The data is truncated or not what it claims to be.",
      );
    }
    this.position += length;
  }
}
