/**
 * A client of the adapter, as an editor is one: sends requests, collects events. It talks to an adapter in
 * this process, or to one behind pipes.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { createAdapter } from "../../adapter/session";
import type { OpenCrash } from "../../adapter/state/session";
import type { Host } from "../../host/host";
import { NodeHost } from "../../host/node";
import { encodeMessage, MessageDecoder } from "../support/dap-framing";

/** What a client says of itself when a test does not care. */
export const VS_CODE: DebugProtocol.InitializeRequestArguments = {
  adapterID: "wasm-coredump",
  clientID: "vscode",
  linesStartAt1: true,
  columnsStartAt1: true,
  supportsVariablePaging: true,
  supportsVariableType: true,
  supportsMemoryReferences: true,
};

export class Client {
  readonly events: DebugProtocol.Event[] = [];
  /** Every message in the order of its arrival: "response launch", "event stopped". */
  readonly order: string[] = [];
  private sequence = 0;
  private readonly waiting = new Map<number, (response: DebugProtocol.Response) => void>();
  private readonly watchers = new Set<() => void>();
  private deliver: (message: DebugProtocol.ProtocolMessage) => void = () => {};
  private process: ChildProcess | undefined;

  /** An adapter in this process. */
  static inProcess(host: Host = new NodeHost(), open?: OpenCrash): Client {
    const client = new Client();
    const adapter = createAdapter(host, (message) => client.take(message), open);
    client.deliver = (message) => void adapter.receive(message);
    return client;
  }

  /** The adapter as other editors start it: a process that speaks on its pipes. */
  static overPipes(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Client {
    const client = new Client();
    const child = spawn(process.execPath, command, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    const decoder = new MessageDecoder((message) => client.take(message as DebugProtocol.ProtocolMessage));
    child.stdout.on("data", (bytes: Buffer) => decoder.push(bytes));
    client.deliver = (message) => void child.stdin.write(encodeMessage(message));
    client.process = child;
    return client;
  }

  get lastSeq(): number {
    return this.sequence;
  }

  /** The response, whether it tells of success or not. */
  ask(command: string, args?: object): Promise<DebugProtocol.Response> {
    const seq = this.send(command, args);
    return new Promise((resolve) => this.waiting.set(seq, resolve));
  }

  /** Sends without waiting, and gives the request's `seq`. */
  send(command: string, args?: object): number {
    const seq = ++this.sequence;
    this.deliver({ seq, type: "request", command, arguments: args } as DebugProtocol.Request);
    return seq;
  }

  /** The body of a successful response. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every kind
  async get(command: string, args?: object): Promise<any> {
    const response = await this.ask(command, args);
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body;
  }

  /** The message of a response that tells of failure. */
  async refusal(command: string, args?: object): Promise<string> {
    const response = await this.ask(command, args);
    if (response.success) throw new Error(`${command} succeeded`);
    return response.message ?? "";
  }

  /** The first event of this name, now or later. */
  event(name: string, nth = 1): Promise<DebugProtocol.Event> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.events.filter(({ event }) => event === name)[nth - 1];
        if (found === undefined) return;
        this.watchers.delete(look);
        resolve(found);
      };
      this.watchers.add(look);
      look();
    });
  }

  /** Goes from nothing to standing at the crash. */
  async stopAtCrash(launch: object, traits = VS_CODE): Promise<DebugProtocol.StoppedEvent["body"]> {
    await this.get("initialize", traits);
    await this.get("launch", launch);
    await this.event("initialized");
    await this.get("configurationDone");
    return (await this.event("stopped")).body;
  }

  /** Ends the input of an adapter behind pipes, and gives its exit code. */
  async end(): Promise<number | null | undefined> {
    const child = this.process;
    if (child === undefined) return undefined;
    child.stdin?.end();
    if (child.exitCode === null) await once(child, "exit");
    return child.exitCode;
  }

  private take(message: DebugProtocol.ProtocolMessage): void {
    const copy = JSON.parse(JSON.stringify(message));
    if (copy.type === "event") {
      this.order.push(`event ${copy.event}`);
      this.events.push(copy);
      for (const look of [...this.watchers]) look();
    } else {
      this.order.push(`response ${copy.command}`);
      this.waiting.get(copy.request_seq)?.(copy);
      this.waiting.delete(copy.request_seq);
    }
  }
}
