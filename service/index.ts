/**
 * The Worker: takes core dumps from the programs that are bound to it, says in the log where they crashed, and keeps them
 * in R2 (docs/SERVICE.md).
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { admit } from "./access";
import type { ArrivedCrash, QueuedCrash } from "./crash";
import { handle } from "./handle";
import type { MessageBatch } from "./platform";
import { consume, enqueue } from "./queue";
import { bodyOfRequest } from "./receive/body";
import { receive, type Sent } from "./receive/receive";
import { answer, Refusal } from "./refusal";
import { type Env, settingsOf } from "./settings";

/** What a program is told. */
export interface Answer {
  /** Where the dump lies, or waits to be looked at; null where equal crashes before it are enough. */
  readonly key: string | null;
  readonly fingerprint?: string;
}

/** A small crash over RPC: 32 MiB is what an argument may have. */
export interface CrashByCall {
  readonly dump: Uint8Array | ArrayBuffer;
  /** Lower-case hex. */
  readonly buildId?: string;
  /** The module's file, where it carries its own debug information and is not in the bucket. */
  readonly module?: Uint8Array;
  readonly request?: {
    readonly method: string;
    readonly url: string;
    readonly headers: Record<string, string>;
  };
}

export default class CoreDumpService extends WorkerEntrypoint<Env> {
  /** `POST` with a form, or with the dump as the body. */
  async fetch(request: Request): Promise<Response> {
    try {
      if (request.method !== "POST") throw new Refusal(405, "Core dumps are sent with POST");
      await admit(request, this.env.BEARER_SECRET);
      const { limits } = settingsOf(this.env);
      const given = await this.take({
        contentType: request.headers.get("content-type") ?? "",
        body: bodyOfRequest(request, limits),
        ...factsOf(request.headers),
      });
      return answer(this.env.CRASHES === undefined ? 200 : 202, given);
    } catch (error) {
      return refused(error);
    }
  }

  /** The dump of a small crash. @throws Error with the reason why it was not taken */
  async record({ dump, buildId, module, request }: CrashByCall): Promise<Answer> {
    const bytes = dump instanceof Uint8Array ? dump : new Uint8Array(dump);
    const body = (async function* () {
      yield bytes;
    })();
    return this.take({ contentType: "application/wasm", body, buildId, module, request });
  }

  async queue(batch: MessageBatch<QueuedCrash>): Promise<void> {
    const { STORAGE } = this.env;
    if (STORAGE === undefined) throw new Error("A queue needs a bucket (STORAGE)");
    await consume(batch, { ...this.env, STORAGE }, settingsOf(this.env), this.ctx);
  }

  /** Goes on where the program does not wait for the answer any more. */
  private take(sent: Sent): Promise<Answer> {
    const taken = receive(sent, settingsOf(this.env), this.env.STORAGE, (crash) => this.use(crash));
    this.ctx.waitUntil(taken.catch(() => {}));
    return taken;
  }

  private async use(crash: ArrivedCrash): Promise<Answer> {
    const { CRASHES, STORAGE } = this.env;
    if (CRASHES !== undefined && STORAGE !== undefined)
      return { key: await enqueue(crash, CRASHES, STORAGE) };
    try {
      const { stored, fingerprint } = await handle(crash, this.env, settingsOf(this.env), this.ctx);
      if (stored === undefined)
        throw new Refusal(503, "The core dump could not be stored: see the service's log");
      return { key: stored.dump?.key ?? null, fingerprint };
    } finally {
      await crash.dump.discard();
    }
  }
}

/** What recordCoredump says in headers (docs/CAPTURE.md), the dump being the body. */
function factsOf(headers: Headers): Pick<Sent, "buildId" | "request"> {
  const text = headers.get("x-wasm-request");
  try {
    return {
      buildId: headers.get("x-wasm-build-id") ?? undefined,
      request: text === null ? undefined : JSON.parse(decodeURIComponent(text)),
    };
  } catch {
    throw new Refusal(400, "The header x-wasm-request is no JSON in encodeURIComponent");
  }
}

function refused(error: unknown): Response {
  if (error instanceof Refusal) {
    console.warn(`Refused with ${error.status}: ${error.message}`);
    return answer(error.status, { error: error.message });
  }
  console.error(`The core dump could not be taken: ${(error as Error).stack ?? error}`);
  return answer(500, { error: "The core dump could not be taken: see the service's log" });
}
