/**
 * An object in R2 as the engine reads it: in pages, which are fetched when they are asked for and lie in a pool with a
 * limit, so that a debug file of 100 MB costs the isolate no more memory than one of 5 MB. The least recently used pages
 * leave first; what is asked for again is fetched again.
 */
import { FormatError } from "../engine/bytes/errors";
import { BytesNotResident, type Loadable } from "../engine/bytes/remote-source";
import type { ByteSource } from "../engine/bytes/source";
import { bodyOf, type R2Bucket, type R2Object } from "./platform";

/** Bytes a page: fewer, larger requests cost less processor time, since each one runs the engine's question again. */
const PAGE = 256 * 1024;
/** Pages fetched at once when reading goes on where it was. */
const AHEAD = 4;
/** A Worker's invocation has 1000 requests, and a damaged file must not have the engine ask for ever more. */
const MOST_REQUESTS = 400;

/**
 * The pages that an isolate holds. They stay from one crash to the next: in a storm of crashes of one build, its debug
 * file is read once.
 */
export class PagePool {
  private readonly pages = new Map<string, Uint8Array>();
  private bytes = 0;
  private peak = 0;

  /** @param limit bytes held at most */
  constructor(readonly limit: number) {}

  /** Bytes held now. */
  get held(): number {
    return this.bytes;
  }

  /** The most bytes that were held at once. */
  get mostHeld(): number {
    return this.peak;
  }

  /** The page, which is the most recently used one then. */
  get(key: string): Uint8Array | undefined {
    const page = this.pages.get(key);
    if (page === undefined) return undefined;
    this.pages.delete(key);
    this.pages.set(key, page);
    return page;
  }

  add(key: string, page: Uint8Array): void {
    this.bytes += page.length - (this.pages.get(key)?.length ?? 0);
    this.pages.delete(key);
    this.pages.set(key, page);
    for (const [oldest, { length }] of this.pages) {
      if (this.bytes <= this.limit) break;
      this.pages.delete(oldest);
      this.bytes -= length;
    }
    this.peak = Math.max(this.peak, this.bytes);
  }
}

/** Bytes of debug files and dumps that an isolate holds; what the engine makes of them comes on top. */
export const pages = new PagePool(24 * 1024 * 1024);

export class R2Source implements ByteSource, Loadable {
  private lastLoaded = -1;
  private made = 0;

  /** @param object at the version that it has now: were it replaced meanwhile, its parts would not fit together */
  constructor(
    private readonly bucket: R2Bucket,
    private readonly object: R2Object,
    private readonly pool: PagePool,
  ) {}

  get name(): string {
    return this.object.key;
  }

  get size(): number {
    return this.object.size;
  }

  read(offset: number, length: number): Uint8Array {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw new FormatError(
        `Need ${length} bytes but ${this.name} ends at offset 0x${this.size.toString(16)}`,
        { section: this.name, offset },
        "The file may be truncated.",
      );
    }
    if (length > this.pool.limit / 2) {
      throw new FormatError(
        `${length} bytes at once are more than the service may hold`,
        { section: this.name, offset },
        "Open the dump with wasm-postmortem.",
      );
    }
    if (length === 0) return new Uint8Array(0);
    const [first, last] = pagesOf(offset, length);
    const pages: Uint8Array[] = [];
    for (let index = first; index <= last; index++) {
      const page = this.pool.get(this.keyOf(index));
      if (page === undefined) throw new BytesNotResident(this, offset, length);
      pages.push(page);
    }
    const start = offset - first * PAGE;
    if (first === last) return pages[0]!.subarray(start, start + length);
    const joined = new Uint8Array(length);
    for (let index = first; index <= last; index++) {
      const page = pages[index - first]!;
      const from = index === first ? start : 0;
      const at = index * PAGE + from - offset;
      joined.set(page.subarray(from, Math.min(page.length, from + length - at)), at);
    }
    return joined;
  }

  /**
   * Fetches what is missing of a range in one request.
   * @throws FormatError when the object is not what it was, or takes too many requests
   */
  async load(offset: number, length: number): Promise<void> {
    let [first, last] = pagesOf(offset, length);
    while (first < last && this.pool.get(this.keyOf(first)) !== undefined) first++;
    while (first < last && this.pool.get(this.keyOf(last)) !== undefined) last--;
    if (first === this.lastLoaded + 1) last = Math.max(last, first + AHEAD - 1);
    this.lastLoaded = last;
    const start = first * PAGE;
    const size = Math.min((last + 1) * PAGE, this.size) - start;
    if (++this.made > MOST_REQUESTS) {
      throw new FormatError(
        `Reading ${this.name} takes more than ${MOST_REQUESTS} requests to R2`,
        { section: this.name, offset },
        "It may be damaged; open the dump with wasm-postmortem.",
      );
    }
    const part = bodyOf(
      await this.bucket.get(this.object.key, {
        range: { offset: start, length: size },
        onlyIf: { etagMatches: this.object.etag },
      }),
    );
    const bytes = part === undefined ? undefined : new Uint8Array(await part.arrayBuffer());
    if (bytes?.length !== size) {
      throw new FormatError(`${this.name} has changed while it was read`, {
        section: this.name,
        offset: start,
      });
    }
    for (let index = first; index <= last && index * PAGE < this.size; index++) {
      const at = index * PAGE - start;
      // A page of its own, so that one that leaves is free.
      this.pool.add(this.keyOf(index), first === last ? bytes : bytes.slice(at, at + PAGE));
    }
  }

  private keyOf(page: number): string {
    return `${page} ${this.object.etag} ${this.name}`;
  }
}

const pagesOf = (offset: number, length: number): [number, number] => [
  Math.floor(offset / PAGE),
  Math.floor((offset + length - 1) / PAGE),
];
