/**
 * Bytes that can only be awaited (a Blob in a browser, an object in R2), for an engine that reads
 * synchronously.
 *
 * A read of bytes that are not here yet throws `BytesNotResident`; `settle` catches it, awaits the pages,
 * and runs the question again. What the first run worked out is cached by its owners, so a question costs a
 * few runs, each longer than the last, and the engine's code knows nothing of promises.
 */
import { FormatError } from "./errors";
import type { ByteSource, ReadCounters } from "./source";

/** What `settle` awaits: bytes of a source, or any other thing that is not here yet. */
export interface Loadable {
  readonly name: string;
  load(offset: number, length: number): Promise<void>;
}

/** "Not here yet": carries what to fetch. Only `settle` may catch it. */
export class BytesNotResident extends Error {
  override readonly name = "BytesNotResident";
  constructor(
    readonly source: Loadable,
    readonly offset: number,
    readonly length: number,
  ) {
    super(`Bytes ${offset}..${offset + length} of ${source.name} are not resident: run this inside settle()`);
  }
}

/** Resolves to exactly `length` bytes from `offset`. */
export type RangedFetch = (offset: number, length: number) => Promise<Uint8Array>;

export class RemoteSource implements ByteSource, Loadable {
  readonly counters: ReadCounters = { bytesRead: 0, reads: 0 };
  private readonly pages = new Map<number, Uint8Array>();

  constructor(
    readonly name: string,
    readonly size: number,
    private readonly fetchRange: RangedFetch,
    private readonly pageSize = 64 * 1024,
  ) {}

  /** Bytes held in memory now. */
  get residentBytes(): number {
    let total = 0;
    for (const page of this.pages.values()) total += page.length;
    return total;
  }

  read(offset: number, length: number): Uint8Array {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw new FormatError(
        `Need ${length} bytes but ${this.name} ends at offset 0x${this.size.toString(16)}`,
        { section: this.name, offset },
        "The file may be truncated.",
      );
    }
    if (length === 0) return new Uint8Array(0);
    const first = Math.floor(offset / this.pageSize);
    const last = Math.floor((offset + length - 1) / this.pageSize);
    for (let index = first; index <= last; index++) {
      if (!this.pages.has(index)) throw new BytesNotResident(this, offset, length);
    }
    const skip = offset - first * this.pageSize;
    if (first === last) return this.pages.get(first)!.subarray(skip, skip + length);
    const joined = new Uint8Array(length);
    for (let index = first; index <= last; index++) {
      const page = this.pages.get(index)!;
      const from = index === first ? skip : 0;
      const at = index * this.pageSize + from - offset;
      joined.set(page.subarray(from, Math.min(page.length, from + length - at)), at);
    }
    return joined;
  }

  /** Fetches the missing pages of a range, in one request for each run of neighbours. */
  async load(offset: number, length: number): Promise<void> {
    const first = Math.floor(offset / this.pageSize);
    const last = Math.floor((offset + length - 1) / this.pageSize);
    for (let index = first; index <= last; index++) {
      if (this.pages.has(index)) continue;
      let end = index;
      while (end < last && !this.pages.has(end + 1)) end++;
      const start = index * this.pageSize;
      const size = Math.min((end + 1) * this.pageSize, this.size) - start;
      const bytes = await this.fetchRange(start, size);
      if (bytes.length !== size) {
        throw new FormatError(`${this.name} gave ${bytes.length} of ${size} bytes`, {
          section: this.name,
          offset: start,
        });
      }
      this.counters.reads++;
      this.counters.bytesRead += size;
      for (let page = index; page <= end; page++) {
        const at = page * this.pageSize - start;
        this.pages.set(page, bytes.slice(at, at + this.pageSize));
      }
      index = end;
    }
  }
}

/**
 * Runs `question` until every byte that it reads is resident, and gives its answer.
 * @param wait how to get what is not here yet; by itself, loads it
 */
export async function settle<T>(
  question: () => T,
  wait: (pending: BytesNotResident) => Promise<void> = ({ source, offset, length }) =>
    source.load(offset, length),
): Promise<T> {
  for (;;) {
    try {
      return question();
    } catch (error) {
      if (!(error instanceof BytesNotResident)) throw error;
      await wait(error);
    }
  }
}
