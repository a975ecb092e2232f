/** `initialize`: learns how the client counts, and tells it what the handlers can do. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { RequestHandler } from "../protocol/request";
import { Client } from "../state/client";

/** @param declared capabilities of every handler */
export const initialize = (
  declared: () => DebugProtocol.Capabilities,
): RequestHandler<DebugProtocol.InitializeRequestArguments, DebugProtocol.Capabilities> => ({
  command: "initialize",
  handle(session, args) {
    session.client = new Client(args);
    return declared();
  },
});
