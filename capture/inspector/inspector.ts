/**
 * V8's inspector seen from inside the program that it inspects: commands answer at once, and the program
 * stands still while a `paused` listener runs.
 *
 * That is how an unmodified module's whole state can be taken at a trap: the listener walks frames, asks for
 * values, and is handed the very objects (memories, instances) that the paused frames hold.
 */
import { type Debugger, type Runtime, Session } from "node:inspector";

export type { Debugger, Runtime };

/** The symbol under which paused code finds the receiver of its objects. */
const handoff = Symbol.for("wasm-postmortem.capture");

/** A command that V8 refused; `message` names the command and V8's reason. */
export class InspectorError extends Error {
  override readonly name = "InspectorError";
}

export class Inspector {
  private readonly session = new Session();

  constructor() {
    this.session.connect();
  }

  /** Sends a command of the Chrome DevTools Protocol and gives its result. @throws InspectorError */
  command<Result>(method: string, parameters: object = {}): Result {
    let outcome: { error: Error | null; result: unknown } | undefined;
    this.session.post(method, parameters, (error, result) => {
      outcome = { error, result };
    });
    if (outcome === undefined) throw new InspectorError(`${method} was not answered`);
    if (outcome.error) throw new InspectorError(`${method}: ${outcome.error.message}`);
    return outcome.result as Result;
  }

  onScriptParsed(listener: (script: Debugger.ScriptParsedEventDataType) => void): void {
    this.session.on("Debugger.scriptParsed", (event) => listener(event.params));
  }

  /** The program goes on when `listener` returns. */
  onPaused(listener: (pause: Debugger.PausedEventDataType) => void): void {
    this.session.on("Debugger.paused", (event) => listener(event.params));
  }

  /** An object's own properties, in V8's order. */
  properties(object: Runtime.RemoteObject): readonly Runtime.PropertyDescriptor[] {
    if (object.objectId === undefined) return [];
    const { result } = this.command<Runtime.GetPropertiesReturnType>("Runtime.getProperties", {
      objectId: object.objectId,
      ownProperties: true,
    });
    return result;
  }

  /**
   * Calls `declaration` (a JavaScript function's text) with `object` as its `this`, and gives its result by
   * value. Exceptions inside do not pause the program again.
   */
  callOn<Result>(object: Runtime.RemoteObject, declaration: string, ...values: unknown[]): Result {
    const answer = this.command<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
      objectId: object.objectId,
      functionDeclaration: declaration,
      arguments: values.map((value) => ({ value })),
      returnByValue: true,
      silent: true,
    });
    if (answer.exceptionDetails) throw new InspectorError(answer.exceptionDetails.text);
    return answer.result.value as Result;
  }

  /** The object itself: not a description of it, since inspector and program share one heap. */
  objectOf(object: Runtime.RemoteObject): unknown {
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

  close(): void {
    this.session.disconnect();
  }
}
