/** `wasm-postmortem capture --attach ws://…`: watches programs that run already, until they end or Control-C. */
import { join, resolve } from "node:path";
import { type AttachOptions as AttachEvents, Attached } from "../../capture/inspector/attach";
import { writeDump } from "../../capture/inspector/dump-file";
import { InspectorError } from "../../capture/inspector/inspector";
import type { WrittenDump } from "../../capture/inspector/settings";
import { HostError } from "../../host/host";

export interface AttachOptions {
  /** Folder of the dumps. */
  readonly out: string;
  /** Dumps after which the programs are let go. */
  readonly limit: number;
  /** Takes a dump of where a program hangs. */
  readonly now?: boolean;
}

export const say = (text: string): unknown => process.stderr.write(`wasm-postmortem: ${text}\n`);
export const tell = ({ path, error }: WrittenDump): unknown =>
  say(`wrote ${path} (${error || "where it stood"})`);

/**
 * Watches the program behind an inspector's WebSocket, or all those that the inspector at a host and port lists.
 * @throws HostError when there is none
 */
export async function attachTo(inspector: string, { out, limit, now = false }: AttachOptions): Promise<void> {
  const urls = /^wss?:/.test(inspector) ? [inspector] : await listed(inspector);
  const watched: Attached[] = [];
  const letGo = (): void => {
    for (const attached of watched) attached.close();
  };
  let written = 0;
  const onDump = (bytes: Uint8Array): void => {
    if (written === limit) return;
    written++;
    try {
      tell(writeDump(resolve(out), bytes, `${process.pid}`, written));
    } catch (error) {
      say(`no core dump was written: ${(error as Error).message}`);
    }
    if (written === limit) setImmediate(letGo); // when the program has gone on
  };
  const reasons: string[] = [];
  let done = (): void => {};
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  const onClose = (reason: string): void => {
    if (reasons.push(reason) === urls.length) done();
  };
  process.once("SIGINT", letGo);
  try {
    for (const url of urls) watched.push(attach(url, { onDump, onClose, pauses: now }));
    say(`watching ${urls.join(", ")}`);
    await ended;
  } finally {
    process.removeListener("SIGINT", letGo);
    letGo();
  }
  if (written === 0) say(`no WebAssembly trap was seen: ${reasons[0]}`);
}

function attach(url: string, events: Omit<AttachEvents, "socketFile">): Attached {
  try {
    return new Attached(url, { ...events, socketFile: join(__dirname, "inspector-socket.js") });
  } catch (error) {
    if (!(error instanceof InspectorError)) throw error;
    throw new HostError(`There is no inspector at ${url}: ${error.message}`, url);
  }
}

/** The WebSockets of the programs that an inspector lists, as Node, Chromium and Miniflare do it. */
async function listed(inspector: string): Promise<string[]> {
  const base = /^https?:/.test(inspector) ? inspector : `http://${inspector}`;
  let targets: unknown;
  try {
    targets = await (await fetch(new URL("/json/list", base))).json();
  } catch (error) {
    const { cause, message } = error as Error;
    throw new HostError(
      `There is no inspector at ${base}: ${(cause as Error)?.message ?? message}`,
      inspector,
    );
  }
  const urls = (Array.isArray(targets) ? targets : []).flatMap(({ webSocketDebuggerUrl: url }) =>
    typeof url === "string" ? [url] : [],
  );
  if (urls.length === 0) throw new HostError(`The inspector at ${base} lists no program.`, inspector);
  return urls;
}
