/**
 * The debug adapter, whatever carries its messages: a pipe (main.ts), or the editor itself where it runs
 * inline, as in a browser.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Host } from "../host/host";
import { openCrash } from "../host/open-crash";
import { Dispatcher } from "./protocol/dispatcher";
import { handlers } from "./requests";
import { type OpenCrash, Session } from "./state/session";

export interface Adapter {
  /** Takes a message of the client. Resolves when it has been answered; never rejects. */
  receive(message: DebugProtocol.ProtocolMessage): Promise<void>;
}

/**
 * An adapter for one debug session.
 * @param host where it runs
 * @param send takes each message for the client
 * @param open opens a crash; given by tests alone
 */
export function createAdapter(
  host: Host,
  send: (message: DebugProtocol.ProtocolMessage) => void,
  open: OpenCrash = openCrash,
): Adapter {
  return new Dispatcher(handlers, (connection) => new Session(connection, host, open), send);
}
