/**
 * V8's inspector seen from inside the program that it inspects: a listener is handed the very objects (memories,
 * instances) that the paused frames hold, since inspector and program share one heap.
 */
import { Session } from "node:inspector";
import type { MemoryContents } from "../../engine/coredump/writer";
import { type Debugger, Inspector, InspectorError, type Runtime } from "./inspector";

/** The symbol under which paused code finds the receiver of its objects. */
const handoff = Symbol.for("wasm-postmortem.capture");

export class OwnInspector extends Inspector {
  private readonly session = new Session();

  constructor() {
    super();
    this.session.connect();
  }

  override command<Result>(method: string, parameters: object = {}): Result {
    let outcome: { error: Error | null; result: unknown } | undefined;
    this.session.post(method, parameters, (error, result) => {
      outcome = { error, result };
    });
    if (outcome === undefined) throw new InspectorError(`${method} was not answered`);
    if (outcome.error) throw new InspectorError(`${method}: ${outcome.error.message}`);
    return outcome.result as Result;
  }

  override onScriptParsed(listener: (script: Debugger.ScriptParsedEventDataType) => void): void {
    this.session.on("Debugger.scriptParsed", (event) => listener(event.params));
  }

  override onPaused(listener: (pause: Debugger.PausedEventDataType) => void): void {
    this.session.on("Debugger.paused", (event) => listener(event.params));
  }

  /** The object itself: not a description of it. */
  override identityOf(object: Runtime.RemoteObject): unknown {
    const place = globalThis as { [handoff]?: (received: unknown) => void };
    let received: unknown;
    place[handoff] = (it) => {
      received = it;
    };
    try {
      this.callOn(object, "function (key) { globalThis[Symbol.for(key)](this); }", handoff.description);
    } finally {
      delete place[handoff];
    }
    return received;
  }

  /** Not a copy: the program's own bytes. */
  override memoryOf(object: Runtime.RemoteObject): MemoryContents | undefined {
    const memory = this.identityOf(object);
    if (!(memory instanceof WebAssembly.Memory)) return undefined;
    const bytes = new Uint8Array(memory.buffer);
    return { size: bytes.length, parts: [{ start: 0, bytes }] };
  }

  override close(): void {
    this.session.disconnect();
  }
}
