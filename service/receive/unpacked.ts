/**
 * A dump's bytes as they arrive: unpacked when they are packed with gzip, which their first two bytes tell whatever the
 * headers say, and counted, so that neither a large body nor a small one that unpacks to a large one gets further than
 * the limit.
 */
import { Refusal } from "../refusal";

/** @throws Refusal 413 beyond the limit, 400 when what is packed is damaged */
export async function* unpacked(
  chunks: AsyncIterator<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array, void> {
  const head = await headOf(chunks);
  const isPacked = head[0] === 0x1f && head[1] === 0x8b;
  let size = 0;
  for await (const chunk of isPacked ? gunzip(withHead(head, chunks)) : withHead(head, chunks)) {
    size += chunk.length;
    if (size > limit)
      throw new Refusal(
        413,
        `The core dump is larger than the ${Math.round(limit / 1024 / 1024)} MB that are allowed`,
      );
    yield chunk;
  }
}

/** The first chunks, until there are two bytes. */
async function headOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  while (head.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    const joined = new Uint8Array(head.length + value.length);
    joined.set(head);
    joined.set(value, head.length);
    head = joined;
  }
  return head;
}

async function* withHead(
  head: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  if (head.length > 0) yield head;
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return;
    yield value;
  }
}

async function* gunzip(packed: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  /** What ended the feeding before its time: a refusal is of the body, everything else of what is packed. */
  let failure: unknown;
  const feeding = (async () => {
    try {
      for await (const chunk of packed) await writer.write(chunk as Uint8Array<ArrayBuffer>);
      await writer.close();
    } catch (error) {
      failure = error;
      await writer.abort(error).catch(() => {});
    }
  })();
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await feeding;
  } catch (error) {
    if (failure instanceof Refusal) throw failure;
    throw new Refusal(400, `The core dump's gzip is damaged: ${(error as Error).message}`);
  } finally {
    await reader.cancel().catch(() => {});
  }
}
