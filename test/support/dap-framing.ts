/**
 * The base protocol of DAP, written once more for the tests, so that the adapter's own framing is held to an
 * independent reading: each message is JSON behind a `Content-Length` header.
 */

const HEADER_END = [13, 10, 13, 10];
/** A header is one short line; more than this without an end means that the peer does not speak DAP. */
const MAX_HEADER = 8 * 1024;

/** The peer does not speak the base protocol; the connection cannot go on. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

/** Collects bytes as they arrive and hands out each message once it is whole. */
export class MessageDecoder {
  private pending: Uint8Array = new Uint8Array(0);
  /** Bytes of the body that is being waited for; undefined while in a header. */
  private bodyLength: number | undefined;

  constructor(private readonly onMessage: (message: unknown) => void) {}

  /** @throws FramingError on a header without a length, or a body that is not JSON */
  push(bytes: Uint8Array): void {
    this.pending = this.pending.length === 0 ? bytes : concatenate(this.pending, bytes);
    while (this.bodyLength === undefined ? this.takeHeader() : this.takeBody(this.bodyLength));
  }

  private takeHeader(): boolean {
    const end = indexOfHeaderEnd(this.pending);
    if (end < 0) {
      if (this.pending.length > MAX_HEADER) throw new FramingError("A message header has no end");
      return false;
    }
    const header = new TextDecoder().decode(this.pending.subarray(0, end));
    const length = /^content-length: *(\d+) *$/im.exec(header)?.[1];
    if (length === undefined) throw new FramingError(`A message header has no Content-Length: ${header}`);
    this.bodyLength = Number(length);
    this.pending = this.pending.subarray(end + HEADER_END.length);
    return true;
  }

  private takeBody(length: number): boolean {
    if (this.pending.length < length) return false;
    const text = new TextDecoder().decode(this.pending.subarray(0, length));
    this.pending = this.pending.subarray(length);
    this.bodyLength = undefined;
    this.onMessage(parse(text));
    return true;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FramingError(`A message is not JSON: ${(error as Error).message}`);
  }
}

function indexOfHeaderEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (HEADER_END.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** A message with its header, ready to be written. */
export function encodeMessage(message: object): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(message));
  return concatenate(new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`), body);
}
