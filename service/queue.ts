/**
 * The way through a queue: a dump is put into the bucket as it comes, and looked at later, by the queue's consumer. The
 * program that crashed waits for neither debug information nor Sentry, and however many crash at once, each is looked at.
 */
import type { ArrivedCrash, QueuedCrash } from "./crash";
import { handle } from "./handle";
import { bodyOf, type ExecutionContext, type MessageBatch, type Queue, type R2Bucket } from "./platform";
import { dumpInBucket, newIncomingKey } from "./receive/arrived-dump";
import type { Env, Settings } from "./settings";

/** Puts a crash into the queue, and its dump into the bucket. @returns the key of the dump as long as it waits */
export async function enqueue(
  { identity, dump, buildId, request, module, problems }: ArrivedCrash,
  queue: Queue<QueuedCrash>,
  bucket: R2Bucket,
): Promise<string> {
  let { incoming } = dump;
  if (incoming === undefined) {
    incoming = newIncomingKey();
    const source = await dump.open();
    await bucket.put(incoming, source.read(0, source.size));
  }
  const moduleKey = module === undefined ? null : `${incoming}.wasm`;
  if (moduleKey !== null) await bucket.put(moduleKey, module!);
  const { time, ray } = identity;
  await queue.send({
    time: time.toISOString(),
    ray,
    incoming,
    module: moduleKey,
    size: dump.size,
    buildId: buildId ?? null,
    request: request ?? null,
    problems,
  });
  return incoming;
}

/** Looks at crashes of the queue. Those that the bucket does not take come again; a second try is the same crash. */
export async function consume(
  batch: MessageBatch<QueuedCrash>,
  env: Env & { readonly STORAGE: R2Bucket },
  settings: Settings,
  ctx: ExecutionContext,
): Promise<void> {
  const { STORAGE: bucket } = env;
  // In the order of time, by which sampling goes.
  const messages = batch.messages.toSorted((a, b) => (a.body.time < b.body.time ? -1 : 1));
  for (const message of messages) {
    const { incoming } = message.body;
    try {
      if ((await bucket.head(incoming)) === null) {
        console.error(`No core dump ${incoming} is in the bucket: it was looked at before, or deleted`);
        message.ack();
        continue;
      }
      const crash = await arrivedAgain(message, bucket);
      const { stored } = await handle(crash, env, settings, ctx);
      if (stored === undefined) {
        message.retry();
        continue;
      }
      await crash.dump.discard();
      if (message.body.module !== null) await bucket.delete(message.body.module).catch(() => {});
      message.ack();
    } catch (error) {
      console.error(`The core dump ${incoming} could not be looked at: ${(error as Error).message}`);
      message.retry();
    }
  }
}

async function arrivedAgain(
  { body, attempts }: { readonly body: QueuedCrash; readonly attempts: number },
  bucket: R2Bucket,
): Promise<ArrivedCrash> {
  const { time, ray, incoming, module, size, buildId, request, problems } = body;
  const sent = module === null ? undefined : bodyOf(await bucket.get(module));
  return {
    identity: { time: new Date(time), ray },
    dump: dumpInBucket(incoming, size, bucket),
    buildId: buildId ?? undefined,
    request: request ?? undefined,
    module: sent && new Uint8Array(await sent.arrayBuffer()),
    again: attempts > 1,
    problems,
  };
}
