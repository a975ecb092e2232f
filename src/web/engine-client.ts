/** The extension's end of the line: gives a task to an engine in a Worker, and reads the files that it asks for. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import { type ByteSource, MemorySource } from "../../engine/bytes/source";
import { type Host, HostError } from "../../host/host";
import type { Answer, FromEngine, Port, Problem, Question, RangedFile, Task, ToEngine } from "./messages";

/** A Worker, as far as it is used here. */
export interface EngineWorker extends Port {
  onerror: ((event: { readonly message: string }) => void) | null;
  terminate(): void;
}

export class EngineClient {
  /** Takes what the debug adapter sends. */
  onMessage: (message: DebugProtocol.ProtocolMessage) => void = () => {};
  /** What the task comes to. Rejects with a HostError about a file, with an Error when the engine failed. */
  readonly outcome: Promise<unknown>;
  /** Files that are read in ranges. */
  private readonly sources = new Map<string, ByteSource>();
  private resolve!: (outcome: unknown) => void;
  private reject!: (error: Error) => void;

  constructor(
    private readonly worker: EngineWorker,
    private readonly host: Host,
    task: Task,
  ) {
    this.outcome = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    worker.onmessage = ({ data }: { readonly data: FromEngine }) => this.receive(data);
    worker.onerror = ({ message }) => this.reject(new Error(message));
    this.send({ task });
  }

  /** A message for the debug adapter. */
  say(message: DebugProtocol.ProtocolMessage): void {
    this.send({ message });
  }

  /** Ends the Worker, whatever it is doing. */
  close(): void {
    this.worker.terminate();
    this.host.close();
  }

  private send(message: ToEngine, transfer: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  private receive(data: FromEngine): void {
    if ("message" in data) this.onMessage(data.message);
    else if ("question" in data) void this.answer(data.question);
    else if ("outcome" in data) this.resolve(data.outcome);
    else this.reject(errorOf(data.failure));
  }

  private async answer({ id, method, path, range }: Question): Promise<void> {
    try {
      const value =
        method === "open"
          ? await this.open(path)
          : method === "read"
            ? await this.read(path, range!)
            : await this.host[method](path);
      this.send({ answer: { id, value } satisfies Answer }, owned(value));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const problem: Problem = error instanceof HostError ? { message, path: error.path } : { message };
      this.send({ answer: { id, problem } });
    }
  }

  /** What is here already goes at once, and no other than what is asked for. */
  private async open(path: string): Promise<Uint8Array | RangedFile> {
    const source = await this.host.open(path);
    if (source instanceof MemorySource) return source.read(0, source.size);
    this.sources.set(path, source);
    return { size: source.size };
  }

  /** A copy, which is handed over: a source may keep what it has read. */
  private async read(path: string, { offset, length }: NonNullable<Question["range"]>): Promise<Uint8Array> {
    const source = this.sources.get(path);
    if (source === undefined) throw new HostError(`${path} is not open.`, path);
    return settle(() => source.read(offset, length).slice());
  }
}

/** Bytes that are handed over instead of copied: those of a whole buffer, which nobody else reads. */
const owned = (value: unknown): readonly ArrayBuffer[] =>
  value instanceof Uint8Array &&
  value.buffer instanceof ArrayBuffer &&
  value.length === value.buffer.byteLength
    ? [value.buffer]
    : [];

const errorOf = ({ message, path }: Problem): Error =>
  path === undefined ? new Error(message) : new HostError(message, path);
