/**
 * Files that are compressed with gzip, zstd or xz, opened as they are: dumps are kept so, since most of a memory is
 * zeros. The bytes stream through the decompressor, and no more of them are kept than a dump can have.
 */
import { settle } from "../engine/bytes/remote-source";
import { type ByteSource, MemorySource } from "../engine/bytes/source";
import { type Host, HostError } from "./host";

/** Unpacked bytes that are kept: a larger file is no dump that could be held, or was made to do harm. */
export const LARGEST_UNPACKED = 2 ** 31;

/** Bytes that are read at a time. */
const PIECE = 1 << 16;

/** Bytes of a format's longest signature. */
const SIGNATURE = 6;

interface Compression {
  readonly name: string;
  /** The file's first bytes. */
  readonly starts: readonly number[];
  /** Decompressors are loaded when a file needs them: most do not, and the start of the process would wait. */
  unpack(packed: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>>;
}

const compressions: readonly Compression[] = [
  {
    name: "gzip",
    starts: [0x1f, 0x8b],
    unpack: async (packed) =>
      packed.pipeThrough(
        new DecompressionStream("gzip") as unknown as TransformStream<Uint8Array, Uint8Array>,
      ),
  },
  {
    name: "zstd",
    starts: [0x28, 0xb5, 0x2f, 0xfd],
    unpack: async (packed) => packed.pipeThrough(await zstd()),
  },
  {
    name: "xz",
    starts: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    unpack: async (packed) => new (await import("xz-decompress")).XzReadableStream(packed),
  },
];

async function zstd(): Promise<TransformStream<Uint8Array, Uint8Array>> {
  const { Decompress } = await import("fzstd");
  let decoder: InstanceType<typeof Decompress>;
  return new TransformStream({
    start(controller) {
      let size = 0;
      decoder = new Decompress((bytes) => {
        // A piece of zstd can unpack to gigabytes before anything is taken from the stream.
        size += bytes.length;
        if (size > LARGEST_UNPACKED) throw new TooLarge();
        if (bytes.length > 0) controller.enqueue(bytes);
      });
    },
    transform: (piece) => void decoder.push(piece),
    flush: () => void decoder.push(new Uint8Array(0), true),
  });
}

/** More than a dump can have. */
class TooLarge extends Error {}

/**
 * A file's plain bytes: read in ranges, or whole when it is compressed.
 * @param largest unpacked bytes that are accepted
 * @throws HostError when it cannot be read, is damaged, or unpacks to more than `largest`
 */
export async function openPlain(path: string, host: Host, largest = LARGEST_UNPACKED): Promise<ByteSource> {
  const file = await host.open(path);
  const head = await settle(() => file.read(0, Math.min(SIGNATURE, file.size)));
  const compression = compressions.find(({ starts }) => starts.every((byte, index) => head[index] === byte));
  if (compression === undefined) return file;
  try {
    return new MemorySource(path, await collect(await compression.unpack(pieces(file)), largest));
  } catch (error) {
    throw new HostError(
      error instanceof TooLarge
        ? `${path} unpacks to more than ${largest} bytes: it is no core dump.`
        : `${path} is compressed with ${compression.name} and cannot be unpacked: ${(error as Error).message}`,
      path,
    );
  }
}

function pieces(file: ByteSource): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      const length = Math.min(PIECE, file.size - at);
      if (length === 0) return controller.close();
      const piece = await settle(() => file.read(at, length));
      at += length;
      controller.enqueue(piece.slice());
    },
  });
}

/** All bytes of a stream. @throws TooLarge when they are more than `largest` */
async function collect(stream: ReadableStream<Uint8Array>, largest: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > largest) {
      // What is left would be unpacked for nothing; whether the source takes notice does not matter.
      reader.cancel().catch(() => undefined);
      throw new TooLarge();
    }
    parts.push(next.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
