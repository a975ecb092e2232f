/**
 * The engine for the extension in a browser, in a Worker of its own for each task: the extension host is one Worker for
 * all extensions, which long work must not stop. Takes the place of ../engine-side in the browser's bundle.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import type { Host } from "../../host/host";
import type * as desktop from "../engine-side";
import { EngineClient, type EngineWorker } from "./engine-client";
import type { Task } from "./messages";

export { isAboutFile } from "../about-file";

export const crashPage: typeof desktop.crashPage = (args, host, actions) =>
  outcomeOf(host, { kind: "crash page", args, actions });

export const examine: typeof desktop.examine = (args, host) => outcomeOf(host, { kind: "examine", args });

export async function inlineAdapter(host: Host): Promise<vscode.DebugAdapterDescriptor> {
  const engine = await start(host, { kind: "adapter", texts: vscode.l10n.bundle ?? {} });
  return new vscode.DebugAdapterInlineImplementation(new WorkerAdapter(engine));
}

class WorkerAdapter implements vscode.DebugAdapter {
  private readonly sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.sent.event;

  constructor(private readonly engine: EngineClient) {
    engine.onMessage = (message) => this.sent.fire(message);
    engine.outcome.catch((error: Error) => this.fail(error));
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    this.engine.say(message as DebugProtocol.ProtocolMessage);
  }

  dispose(): void {
    this.engine.close();
    this.sent.dispose();
  }

  private fail({ message }: Error): void {
    void vscode.window.showErrorMessage(message);
    this.sent.fire({ type: "event", event: "terminated", seq: 0 } as vscode.DebugProtocolMessage);
  }
}

async function outcomeOf<Outcome>(host: Host, task: Task): Promise<Outcome> {
  const engine = await start(host, task);
  try {
    return (await engine.outcome) as Outcome;
  } finally {
    engine.close();
  }
}

/** The script, read once: a Worker takes no script of another origin, as extensions are from the page. */
let script: Promise<Blob> | undefined;

async function start(host: Host, task: Task): Promise<EngineClient> {
  script ??= readScript();
  const url = URL.createObjectURL(await script);
  const worker = new (globalThis as unknown as { Worker: new (url: string) => EngineWorker }).Worker(url);
  const { terminate } = worker;
  // The editor's Worker reads the script when it has begun.
  worker.terminate = () => {
    URL.revokeObjectURL(url);
    terminate.call(worker);
  };
  return new EngineClient(worker, host, task);
}

async function readScript(): Promise<Blob> {
  const { extensionUri } = vscode.extensions.getExtension("wasm-postmortem.wasm-postmortem")!;
  const uri = vscode.Uri.joinPath(extensionUri, "dist", "web", "engine.js");
  return new Blob([await vscode.workspace.fs.readFile(uri)], { type: "text/javascript" });
}
