/**
 * Where bytes come from: a thing with a size that can be read in ranges, so that opening a 500 MB module
 * touches only the parts that a question needs.
 *
 * The engine reads synchronously and does no I/O of its own. A host wraps what it has: bytes in memory
 * (`MemorySource`), a positional read such as a file descriptor's (`PagedSource`), or something that can only
 * be awaited, such as a Blob or an object store (`RemoteSource` in remote-source.ts).
 */
import { FormatError } from "./errors";

export interface ByteSource {
  /** A name for messages: the file's or the section's. */
  readonly name: string;
  /** Total size in bytes. */
  readonly size: number;
  /**
   * `length` bytes from `offset`. The result may be a view of shared storage: callers never write to it.
   * @throws FormatError when the range is not wholly inside the source.
   */
  read(offset: number, length: number): Uint8Array;
  /** Where a source can do it: `fill`, without storage of its own. */
  fill?(offset: number, into: Uint8Array): void;
}

/**
 * Fills `into` with the bytes from `offset`. For scans that pass over megabytes and keep nothing: one buffer
 * serves them all, where `read` would leave the garbage collector a new one each time.
 * @throws FormatError when the range is not wholly inside the source
 */
export function fill(source: ByteSource, offset: number, into: Uint8Array): void {
  if (source.fill !== undefined) source.fill(offset, into);
  else into.set(source.read(offset, into.length));
}

/** What reading has cost so far; tests assert on it, `info` prints it. */
export interface ReadCounters {
  /** Bytes fetched from the host. */
  bytesRead: number;
  /** Calls to the host. */
  reads: number;
}

function checkRange(source: ByteSource, offset: number, length: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= source.size)) {
    throw new FormatError(
      `Need ${length} bytes but ${source.name} ends at offset 0x${source.size.toString(16)}`,
      { section: source.name, offset },
      "The file may be truncated.",
    );
  }
}

/** Bytes already in memory. */
export class MemorySource implements ByteSource {
  constructor(
    readonly name: string,
    private readonly bytes: Uint8Array,
  ) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    return this.bytes.subarray(offset, offset + length);
  }
}

/** A part of another source under a name of its own, e.g. a section of a module. */
export class SlicedSource implements ByteSource {
  /**
   * @param start offset in `parent`, in bytes
   * @param size size in bytes; a part that reaches past its parent's end is cut there
   */
  constructor(
    readonly name: string,
    private readonly parent: ByteSource,
    readonly start: number,
    readonly size: number,
  ) {
    this.size = Math.max(0, Math.min(size, parent.size - start));
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    return this.parent.read(this.start + offset, length);
  }

  fill(offset: number, into: Uint8Array): void {
    checkRange(this, offset, into.length);
    fill(this.parent, this.start + offset, into);
  }
}

/** Fills `into` from `offset` of the file and returns how many bytes it got, like `fs.readSync` does. */
export type PositionalRead = (offset: number, into: Uint8Array) => number;

/**
 * A source over a positional read. Small reads go through a cache of pages, large ones go straight to the
 * host, so memory stays bounded whatever the file's size.
 */
export class PagedSource implements ByteSource {
  readonly counters: ReadCounters = { bytesRead: 0, reads: 0 };
  private readonly pages = new Map<number, Uint8Array>();

  /**
   * @param pageSize bytes a page; reads longer than one page bypass the cache
   * @param maxPages pages kept, the least recently used one leaves first
   */
  constructor(
    readonly name: string,
    readonly size: number,
    private readonly readAt: PositionalRead,
    private readonly pageSize = 16 * 1024,
    private readonly maxPages = 256,
  ) {}

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    if (length > this.pageSize) return this.fetch(offset, length);
    const first = Math.floor(offset / this.pageSize);
    const last = Math.floor((offset + Math.max(length, 1) - 1) / this.pageSize);
    const inFirst = offset - first * this.pageSize;
    if (first === last) return this.page(first).subarray(inFirst, inFirst + length);
    const head = this.page(first).subarray(inFirst);
    const joined = new Uint8Array(length);
    joined.set(head);
    joined.set(this.page(last).subarray(0, length - head.length), head.length);
    return joined;
  }

  /** Asks the host, past the cache. */
  fill(offset: number, into: Uint8Array): void {
    checkRange(this, offset, into.length);
    const got = into.length === 0 ? 0 : this.readAt(offset, into);
    this.counters.reads++;
    this.counters.bytesRead += got;
    if (got < into.length) {
      throw new FormatError(
        `${this.name} gave ${got} of ${into.length} bytes`,
        { section: this.name, offset },
        "The file changed while it was read: open it again.",
      );
    }
  }

  private page(index: number): Uint8Array {
    const known = this.pages.get(index);
    if (known !== undefined) {
      if (this.pages.size >= this.maxPages) {
        this.pages.delete(index);
        this.pages.set(index, known);
      }
      return known;
    }
    const start = index * this.pageSize;
    const page = this.fetch(start, Math.min(this.pageSize, this.size - start));
    if (this.pages.size >= this.maxPages) {
      for (const oldest of this.pages.keys()) {
        this.pages.delete(oldest);
        break;
      }
    }
    this.pages.set(index, page);
    return page;
  }

  private fetch(offset: number, length: number): Uint8Array {
    const into = new Uint8Array(length);
    this.fill(offset, into);
    return into;
  }
}
