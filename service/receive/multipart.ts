/**
 * A form as it arrives (multipart/form-data, RFC 7578; the syntax is RFC 2046's): part by part, chunk by chunk, so that a
 * dump of 100 MB passes through without being held. `Request.formData()` would hold all of it.
 */
import { Refusal } from "../refusal";

export interface Part {
  /** The form field's name. */
  readonly name: string;
  /** To be read to its end before the next part is asked for; what is left of it is passed over. */
  readonly chunks: AsyncGenerator<Uint8Array, void>;
}

/** Parts that a form has at most, and bytes of a part's header. */
const MOST_PARTS = 64;
const LONGEST_HEADER = 4096;

/** The boundary that a content type names. @throws Refusal 400 */
export function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw malformed("its content type names no boundary");
  return boundary;
}

/** @throws Refusal 400 when the body is no such form, or ends before the form does */
export async function* partsOf(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<Part, void> {
  // The first boundary has no line end before it; one is put there, so that all are alike.
  const scanner = new Scanner(withLineEnd(body), new TextEncoder().encode(`\r\n--${boundary}`));
  for await (const _ of scanner.untilBoundary()); // a preamble says nothing
  for (let count = 0; !(await scanner.isEnd()); count++) {
    if (count === MOST_PARTS) throw malformed(`it has more than ${MOST_PARTS} parts`);
    const name = nameOf(await scanner.header());
    const chunks = scanner.untilBoundary();
    yield { name, chunks };
    for await (const _ of chunks); // what the reader left
  }
}

export const malformed = (why: string): Refusal => new Refusal(400, `The form is malformed: ${why}`);

async function* withLineEnd(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield Uint8Array.of(13, 10);
  yield* body;
}

function nameOf(header: string): string {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(header)?.[1];
  const name = disposition && /(?:^|;)\s*name=(?:"([^"\r\n]*)"|([^\s;"]+))/i.exec(disposition);
  if (!name) throw malformed("a part has no name");
  return name[1] ?? name[2] ?? "";
}

/** Reads a stream up to each boundary in turn. */
class Scanner {
  private readonly source: AsyncIterator<Uint8Array>;
  /** Bytes that have arrived and were not given out. */
  private rest: Uint8Array = new Uint8Array(0);

  /** @param boundary with the line end that comes before it */
  constructor(
    body: AsyncIterable<Uint8Array>,
    private readonly boundary: Uint8Array,
  ) {
    this.source = body[Symbol.asyncIterator]();
  }

  /** The bytes before the next boundary, which is passed over. */
  async *untilBoundary(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const { at, whole } = find(this.rest, this.boundary);
      const before = this.rest.subarray(0, at);
      this.rest = this.rest.subarray(whole ? at + this.boundary.length : at);
      if (before.length > 0) yield before;
      if (whole) return;
      await this.more();
    }
  }

  /** Whether the boundary that was passed was the form's last. */
  async isEnd(): Promise<boolean> {
    while (this.rest.length < 2) await this.more();
    return this.rest[0] === 0x2d && this.rest[1] === 0x2d; // two hyphens
  }

  /** A part's header, up to its empty line, which is passed over. */
  async header(): Promise<string> {
    for (;;) {
      const { at, whole } = find(this.rest, EMPTY_LINE);
      if (at > LONGEST_HEADER) throw malformed("a part's header is too long");
      if (whole) {
        const text = new TextDecoder().decode(this.rest.subarray(0, at));
        this.rest = this.rest.subarray(at + EMPTY_LINE.length);
        return text;
      }
      await this.more();
    }
  }

  private async more(): Promise<void> {
    const { done, value } = await this.source.next();
    if (done) throw malformed("it ends before its last boundary");
    if (this.rest.length === 0) {
      this.rest = value;
      return;
    }
    const joined = new Uint8Array(this.rest.length + value.length);
    joined.set(this.rest);
    joined.set(value, this.rest.length);
    this.rest = joined;
  }
}

const EMPTY_LINE = Uint8Array.of(13, 10, 13, 10);

/** Where `wanted` begins in `bytes`; where it is not there as a whole, from where on it may still begin. */
function find(bytes: Uint8Array, wanted: Uint8Array): { readonly at: number; readonly whole: boolean } {
  for (let at = 0; ; at++) {
    at = bytes.indexOf(wanted[0]!, at);
    if (at < 0) return { at: bytes.length, whole: false };
    const there = Math.min(wanted.length, bytes.length - at);
    let same = 1;
    while (same < there && bytes[at + same] === wanted[same]) same++;
    if (same === there) return { at, whole: there === wanted.length };
  }
}
