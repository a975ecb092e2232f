/**
 * A dump between the crash and its file: headers are kept, memory is looked up again for each chunk, since a
 * memory that grows gets another buffer. So no more than a chunk of it is ever copied.
 */
import type { CapturedDump } from "./model";

/** A stretch of a dump: bytes of its own, or of a memory. */
export type Piece = readonly number[] | MemoryPiece;

export interface MemoryPiece {
  readonly memory: WebAssembly.Memory;
  readonly start: number;
  readonly length: number;
}

/** Bytes of a chunk at most. */
const CHUNK = 1 << 16;

export const lengthOf = (pieces: readonly { readonly length: number }[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0);

export function dumpOf(pieces: readonly Piece[], frames: number): CapturedDump {
  const size = lengthOf(pieces);
  /** The dump in copies of at most `most` bytes. */
  function* copies(most: number): Generator<Uint8Array, undefined> {
    let left = size;
    let filled = 0;
    let chunk = new Uint8Array(Math.min(most, left));
    for (const piece of pieces) {
      for (let done = 0; done < piece.length; ) {
        const length = Math.min(piece.length - done, chunk.length - filled);
        const bytes =
          "memory" in piece
            ? new Uint8Array(piece.memory.buffer, piece.start + done, length)
            : piece.slice(done, done + length);
        chunk.set(bytes, filled);
        done += length;
        filled += length;
        if (filled < chunk.length) continue;
        yield chunk;
        left -= filled;
        filled = 0;
        chunk = new Uint8Array(Math.min(most, left));
      }
    }
  }
  return {
    size,
    frames,
    chunks: () => copies(CHUNK),
    bytes: () => copies(size).next().value!,
    stream({ gzip } = {}) {
      const chunks = copies(CHUNK);
      const plain = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const { value } = chunks.next();
            if (value) controller.enqueue(value);
            else controller.close();
          },
        },
        { highWaterMark: 0 }, // each chunk is made when it is asked for
      );
      return gzip ? (plain.pipeThrough(new CompressionStream("gzip") as never) as typeof plain) : plain;
    },
  };
}
