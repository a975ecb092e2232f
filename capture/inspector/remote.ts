/** V8's inspector of another process, or of a thread or worker of it: what it holds is asked for piece by piece. */
import type { MemoryContents } from "../../engine/coredump/writer";
import type { Connection, Message, Target } from "./connection";
import { type Debugger, Inspector, ProgramGone, type Runtime } from "./inspector";

/** Bytes of memory in one answer. */
const CHUNK = 1 << 20;

export class RemoteInspector extends Inspector {
  private scriptParsed: ((script: Debugger.ScriptParsedEventDataType) => void) | undefined;
  private paused: ((pause: Debugger.PausedEventDataType) => void) | undefined;
  private restart: (() => void) | undefined;
  /** Whether the program is gone, and the next one not yet there. */
  private isGone = false;
  /** A Map in the program, of objects to numbers; it lives as long as a pause. */
  private registry: Runtime.RemoteObject | undefined;

  /** @param target when it is not the one that was connected to */
  constructor(
    private readonly connection: Connection,
    private readonly target?: Target,
  ) {
    super();
  }

  /** Takes an event of this target. */
  handle({ method, params }: Message): void {
    switch (method) {
      case "Debugger.scriptParsed":
        this.scriptParsed?.(params as Debugger.ScriptParsedEventDataType);
        break;
      case "Debugger.paused":
        this.stop(params as Debugger.PausedEventDataType);
        break;
      case "Runtime.executionContextsCleared":
        this.isGone = true;
        break;
      case "Runtime.executionContextCreated":
        if (this.isGone) this.restart?.();
        this.isGone = false;
    }
  }

  private stop(pause: Debugger.PausedEventDataType): void {
    let isGone = false;
    try {
      this.paused?.(pause);
    } catch (error) {
      isGone = error instanceof ProgramGone;
      throw error;
    } finally {
      this.registry = undefined;
      if (!isGone) this.command("Debugger.resume");
    }
  }

  override command<Result>(method: string, parameters: object = {}): Result {
    return this.connection.command(method, parameters, this.target) as Result;
  }

  override onScriptParsed(listener: (script: Debugger.ScriptParsedEventDataType) => void): void {
    this.scriptParsed = listener;
  }

  override onRestart(listener: () => void): void {
    this.restart = listener;
  }

  override onPaused(listener: (pause: Debugger.PausedEventDataType) => void): void {
    this.paused = listener;
  }

  /** The number that the object has in this pause. */
  override identityOf(object: Runtime.RemoteObject): unknown {
    this.registry ??= this.callWith(object, "function () { return new Map(); }", [], false);
    const number =
      "function (it) { return this.has(it) ? this.get(it) : (this.set(it, this.size), this.size - 1); }";
    return this.callWith(this.registry, number, [{ objectId: object.objectId! }], true).value;
  }

  override memoryOf(object: Runtime.RemoteObject): MemoryContents | undefined {
    const size = this.callOn<number | null>(object, sizeOf);
    if (size === null) return undefined;
    const bytes = Buffer.alloc(size);
    for (let start = 0; start < size; start += CHUNK)
      bytes.write(
        this.callOn<string>(object, base64Of, start, Math.min(CHUNK, size - start)),
        start,
        "base64",
      );
    return { size, parts: [{ start: 0, bytes }] };
  }

  override close(): void {
    this.connection.close("it was let go");
  }
}

const sizeOf = "function () { return this instanceof WebAssembly.Memory ? this.buffer.byteLength : null; }";

/** Nothing for zeros. */
const base64Of = `function (start, length) {
  const bytes = new Uint8Array(this.buffer, start, length);
  if (!bytes.some(Boolean)) return "";
  let text = "";
  for (let at = 0; at < length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}`;
