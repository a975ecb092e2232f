/**
 * What a request handler is: one object in one file of requests/, that says which command it answers, which
 * capabilities it gives the adapter, and how it answers. `initialize` sends the sum of what the handlers
 * declare, so that the adapter never promises what no handler keeps.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Session } from "../state/session";

export interface RequestHandler<Arguments = unknown, Body = unknown> {
  readonly command: string;
  readonly capabilities?: DebugProtocol.Capabilities;
  /** Answered as it arrives, ahead of the requests that wait their turn. */
  readonly immediate?: boolean;
  /**
   * Gives the response's body.
   *
   * A synchronous handler runs inside `settle`: it reads the engine freely, and may be run again when bytes
   * were not resident, so it must not send anything before its last read (nor may `after`). A handler that
   * awaits other things as well wraps its questions to the engine in `settle` itself.
   * @throws AdapterError, or any error of the engine, which becomes the response's message
   */
  handle(session: Session, args: Arguments): Body | Promise<Body>;
  /** Runs once the response is on its way: for events that must not overtake it. */
  after?(session: Session, args: Arguments): void | Promise<void>;
}

/** An object of the protocol from values that may be undefined; what is undefined is left out. */
export function defined<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  const result: Partial<T> = {};
  for (const key of Object.keys(members) as (keyof T)[]) {
    const member = members[key];
    if (member !== undefined) result[key] = member;
  }
  return result as T;
}
