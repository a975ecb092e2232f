/**
 * V8's inspector as a dump is taken with it: commands answer at once, and the program stands still while a `paused`
 * listener runs. Whether the program is this one (own.ts) or another process (remote.ts), the listener walks frames and
 * asks for values, and nothing moves meanwhile.
 */
import type { Debugger, Runtime } from "node:inspector";
import type { MemoryContents } from "../../engine/coredump/writer";

export type { Debugger, Runtime };

/** A command that V8 refused, or that nobody answered; `message` names the command and the reason. */
export class InspectorError extends Error {
  override readonly name = "InspectorError";
}

/** The program that was asked has ended, or another has taken its place. */
export class ProgramGone extends InspectorError {}

export abstract class Inspector {
  /** Sends a command of the Chrome DevTools Protocol and gives its result. @throws InspectorError */
  abstract command<Result>(method: string, parameters?: object): Result;

  abstract onScriptParsed(listener: (script: Debugger.ScriptParsedEventDataType) => void): void;

  /** The program goes on when `listener` returns. */
  abstract onPaused(listener: (pause: Debugger.PausedEventDataType) => void): void;

  /**
   * Another program has taken the place of the one that was inspected, which knows nothing of what that was told: a page
   * that was loaded anew, a Worker whose source was saved under `wrangler dev`. Within a program there is none.
   */
  onRestart(_listener: () => void): void {}

  /** Something that is the same (`===`) for each description of one object of the program. */
  abstract identityOf(object: Runtime.RemoteObject): unknown;

  /** The contents of a WebAssembly.Memory of the program, valid while it stands still; undefined for anything else. */
  abstract memoryOf(object: Runtime.RemoteObject): MemoryContents | undefined;

  abstract close(): void;

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
    return this.callOnWith(object, declaration, values, []);
  }

  /** As `callOn`, with objects of the program as arguments behind the values. */
  callOnWith<Result>(
    object: Runtime.RemoteObject,
    declaration: string,
    values: readonly unknown[],
    objects: readonly Runtime.RemoteObject[],
  ): Result {
    const given = [
      ...values.map((value) => ({ value })),
      ...objects.map(({ objectId }) => ({ objectId: objectId! })),
    ];
    return this.callWith(object, declaration, given, true).value as Result;
  }

  /** As `callOn`, with arguments as the protocol has them, and a result that is an object of the program if it is one. */
  protected callWith(
    { objectId }: Runtime.RemoteObject,
    functionDeclaration: string,
    given: readonly Runtime.CallArgument[],
    returnByValue: boolean,
  ): Runtime.RemoteObject {
    const answer = this.command<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration,
      arguments: given,
      returnByValue,
      silent: true,
    });
    if (answer.exceptionDetails) throw new InspectorError(answer.exceptionDetails.text);
    return answer.result;
  }
}
