/** `cancel`: a request that still waits for its turn is answered as cancelled; one under way runs out. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { RequestHandler } from "../protocol/request";

export const cancel: RequestHandler<DebugProtocol.CancelArguments, void> = {
  command: "cancel",
  capabilities: { supportsCancelRequest: true },
  immediate: true,
  handle(session, args) {
    if (args.requestId !== undefined) session.connection.cancel(args.requestId);
  },
};
