/** A dump that has arrived: it is taken to where there is room for it, and read from there. */
import { settle } from "../../engine/bytes/remote-source";
import type { MemorySource } from "../../engine/bytes/source";
import { isCoreDump } from "../../engine/coredump/reader";
import { INCOMING } from "../../r2/layout";
import type { ArrivedDump } from "../crash";
import { bodyOf, type R2Bucket } from "../platform";
import { pages, R2Source } from "../r2-source";
import { Refusal } from "../refusal";
import { randomText } from "./identity";
import { Spool } from "./spool";
import { unpacked } from "./unpacked";

/** What every dump begins with, images of memory too: WebAssembly's magic number. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/**
 * Reads the dump, unpacks it, and checks that it is one.
 * @param limit bytes, unpacked
 * @throws Refusal when it is no dump, or too large; nothing is left of it then
 */
export async function takeDump(
  chunks: AsyncIterator<Uint8Array>,
  limit: number,
  bucket: R2Bucket | undefined,
): Promise<ArrivedDump> {
  const key = newIncomingKey();
  const spool = new Spool(bucket, key, { check: checkBeginning });
  let dump: ArrivedDump | undefined;
  try {
    for await (const chunk of unpacked(chunks, limit)) await spool.write(chunk);
    const inMemory = await spool.end();
    dump = inMemory === undefined ? dumpInBucket(key, spool.size, bucket!) : dumpInMemory(inMemory);
    const source = await dump.open();
    if (!(await settle(() => isCoreDump(source))))
      throw noDump("it has neither a core nor a corestack section");
    return dump;
  } catch (error) {
    await spool.abort();
    await dump?.discard();
    if (error instanceof Refusal) throw error;
    throw new Refusal(503, `The core dump could not be put into R2: ${(error as Error).message}`);
  }
}

/** A key for a dump that waits. */
export const newIncomingKey = (): string =>
  `${INCOMING}${new Date().toISOString().replace(/[-:.]/g, "")}-${randomText()}`;

const noDump = (why: string): Refusal => new Refusal(422, `This is no WebAssembly core dump: ${why}`);

/** Before anything is stored. */
function checkBeginning(bytes: Uint8Array): void {
  if (MAGIC.some((byte, index) => bytes[index] !== byte))
    throw noDump("it does not begin as WebAssembly does");
}

const dumpInMemory = (source: MemorySource): ArrivedDump => ({
  size: source.size,
  incoming: undefined,
  open: async () => source,
  async *chunks() {
    yield source.read(0, source.size);
  },
  discard: async () => {},
});

/** @param size bytes */
export const dumpInBucket = (key: string, size: number, bucket: R2Bucket): ArrivedDump => ({
  size,
  incoming: key,
  async open() {
    const object = await bucket.head(key);
    if (object === null) throw new Error(`${key} is not in the bucket`);
    return new R2Source(bucket, object, pages);
  },
  async *chunks() {
    const body = bodyOf(await bucket.get(key))?.body;
    if (body === undefined) throw new Error(`${key} is not in the bucket`);
    yield* body as AsyncIterable<Uint8Array>;
  },
  discard: () => bucket.delete(key).catch(() => {}),
});
