/** The process that serves local buckets, from its start until it is told to end. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { BucketError } from "../errors";
import { type LocalServerReply, type LocalServerSettings, settingsVariable } from "./local-server-settings";
import { userNode } from "./wrangler";

export class LocalServer {
  private constructor(
    readonly url: string,
    readonly secret: string,
    private readonly child: ChildProcess,
    private readonly ended: Promise<void>,
  ) {}

  static async start(
    script: string,
    settings: LocalServerSettings,
    signal: AbortSignal | undefined,
  ): Promise<LocalServer> {
    signal?.throwIfAborted();
    const child = spawn(userNode(), [script], {
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        NODE_OPTIONS: "",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        [settingsVariable]: JSON.stringify(settings),
      },
    });
    const ended = new Promise<void>((resolve) => {
      child.once("close", () => resolve());
      child.once("error", () => resolve());
    });
    const cancel = (): void => void child.kill();
    signal?.addEventListener("abort", cancel);
    try {
      const reply = await replyOf(child);
      signal?.throwIfAborted();
      if ("error" in reply) throw notServed(reply.error);
      return new LocalServer(reply.url, settings.secret, child, ended);
    } catch (error) {
      child.kill();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    await this.ended;
  }
}

/** The first line that says JSON; what else is printed is kept for the message when none comes. */
function replyOf(child: ChildProcess): Promise<LocalServerReply> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-2000);
    });
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line) as LocalServerReply);
    });
    child.once("error", (error) => reject(notServed(error.message)));
    child.once("close", () => reject(notServed(said.trim() || "it ended at once")));
  });
}

const notServed = (reason: string): BucketError =>
  new BucketError(
    "NoLocalState",
    `The local state cannot be read: wrangler's miniflare does not start. It says: ${reason}`,
  );
