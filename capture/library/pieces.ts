/**
 * A dump between the crash and its file: headers are kept, memory is looked up again for each chunk, since a
 * memory that grows gets another buffer. So no more than a chunk of it is ever copied.
 */
import type { CapturedDump } from "./model";

/** A stretch of a dump: bytes of its own, or of a memory. */
export type Piece = (Iterable<number> & { readonly length: number }) | MemoryPiece;

export interface MemoryPiece {
  readonly memory: WebAssembly.Memory;
  readonly start: number;
  readonly length: number;
}

/** Bytes of a chunk at most. */
const CHUNK = 1 << 16;

export function dumpOf(pieces: readonly Piece[], frames: number): CapturedDump {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  /** The dump in copies of at most `most` bytes. */
  function* copies(most: number): Generator<Uint8Array, undefined> {
    let left = size;
    let filled = 0;
    let chunk = new Uint8Array(Math.min(most, left));
    for (const piece of pieces) {
      const view = viewOf(piece);
      for (let done = 0; done < piece.length; ) {
        const length = Math.min(piece.length - done, chunk.length - filled);
        chunk.set(view(done, length), filled);
        done += length;
        filled += length;
        left -= length;
        if (filled < chunk.length) continue;
        yield chunk;
        chunk = new Uint8Array(Math.min(most, left));
        filled = 0;
      }
    }
  }
  return {
    size,
    frames,
    chunks: () => copies(CHUNK),
    bytes: () => copies(size).next().value!,
    stream({ gzip = false } = {}) {
      const plain = streamOf(copies(CHUNK));
      return gzip ? (plain.pipeThrough(new CompressionStream("gzip") as never) as typeof plain) : plain;
    },
  };
}

function viewOf(piece: Piece): (from: number, length: number) => Uint8Array {
  if ("memory" in piece)
    return (from, length) => new Uint8Array(piece.memory.buffer, piece.start + from, length);
  const bytes = Uint8Array.from(piece);
  return (from, length) => bytes.subarray(from, from + length);
}

/** Chunks as a stream, each made when it is asked for. */
export function streamOf(chunks: Iterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}
