/** The process that serves local buckets, from its start until it is told to end. */
import { type ChildProcess, spawn } from "node:child_process";
import { BucketError } from "../errors";
import type { LocalServerReply, LocalServerSettings } from "./local-messages";
import { userNode } from "./wrangler";

export class LocalServer {
  private constructor(
    readonly url: string,
    readonly secret: string,
    private readonly child: ChildProcess,
    private readonly ended: Promise<void>,
  ) {}

  /** @throws BucketError NoLocalState; the signal's reason */
  static async start(
    script: string,
    settings: LocalServerSettings,
    signal: AbortSignal | undefined,
  ): Promise<LocalServer> {
    signal?.throwIfAborted();
    const child = spawn(userNode(), [script], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, NODE_OPTIONS: "", CLOUDFLARE_CF_FETCH_ENABLED: "false" },
    });
    const ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    const cancel = (): void => void child.kill();
    signal?.addEventListener("abort", cancel);
    try {
      const reply = await replyTo(child, settings);
      if ("error" in reply) throw notServed(reply.error);
      return new LocalServer(reply.url, settings.secret, child, ended);
    } catch (error) {
      child.kill();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  async close(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.ended;
  }
}

/** Longest that workerd may take to start, in ms: the first start on a slow machine takes a tenth of it. */
const PATIENCE = 60_000;

/** Its answer; when it ends without one, what it printed. */
function replyTo(child: ChildProcess, settings: LocalServerSettings): Promise<LocalServerReply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(notServed(`nothing for ${PATIENCE / 1000} s`)), PATIENCE);
    let said = "";
    child.stderr!.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-2000);
    });
    child.stderr!.once("close", () => reject(notServed(said.trim() || "it ended at once")));
    child.once("message", (reply) => {
      clearTimeout(timer);
      resolve(reply as LocalServerReply);
    });
    child.once("exit", () => clearTimeout(timer));
    child.once("error", (error) => reject(notServed(error.message)));
    // A process that does not take it ends, or never began: both are told above.
    child.send(settings, () => undefined);
  });
}

const notServed = (reason: string): BucketError =>
  new BucketError(
    "NoLocalState",
    `The local state cannot be read: wrangler's miniflare does not start. It says: ${reason}`,
  );
