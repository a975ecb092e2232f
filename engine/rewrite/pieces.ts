/**
 * A file that is another one with parts left out and parts put in: ranges of the old file, copied as they are, and new
 * bytes between them. So a module of any size is rewritten with one buffer, and what is not meant to change cannot.
 */
import { type ByteSource, fill } from "../bytes/source";

/** Bytes of the old file, from `start` up to `end`; or new ones. */
export type Piece = { readonly start: number; readonly end: number } | Uint8Array;

/** Bytes that are copied at a time. */
const CHUNK = 1 << 20;

/** Bytes of the whole. */
export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((size, piece) => size + (isNew(piece) ? piece.length : piece.end - piece.start), 0);
}

/**
 * The bytes in chunks, to be taken one after another: each is overwritten when the next one is asked for.
 * @throws FormatError when a piece is not wholly inside the source
 */
export function* chunksOf(source: ByteSource, pieces: readonly Piece[]): Iterable<Uint8Array> {
  const buffer = new Uint8Array(Math.min(CHUNK, source.size));
  for (const piece of pieces) {
    if (isNew(piece)) {
      yield piece;
      continue;
    }
    for (let at = piece.start; at < piece.end; at += buffer.length) {
      const chunk = buffer.subarray(0, Math.min(buffer.length, piece.end - at));
      fill(source, at, chunk);
      yield chunk;
    }
  }
}

/** Puts pieces together; ranges that follow each other become one. */
export class Pieces {
  private readonly list: Piece[] = [];

  copy(start: number, end: number): this {
    const last = this.list.at(-1);
    if (last !== undefined && !isNew(last) && last.end === start) {
      this.list[this.list.length - 1] = { start: last.start, end };
    } else {
      this.list.push({ start, end });
    }
    return this;
  }

  add(bytes: Uint8Array): this {
    this.list.push(bytes);
    return this;
  }

  finish(): readonly Piece[] {
    return this.list;
  }
}

const isNew = (piece: Piece): piece is Uint8Array => piece instanceof Uint8Array;
