/**
 * `cancel`: a request that still waits for its turn, or that looks through the whole program, is answered as
 * cancelled; any other runs out. A progress has the number of its request (protocol/progress.ts).
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { RequestHandler } from "../protocol/request";

export const cancel: RequestHandler<DebugProtocol.CancelArguments, void> = {
  command: "cancel",
  capabilities: { supportsCancelRequest: true },
  immediate: true,
  handle(session, args) {
    if (args.requestId !== undefined) session.connection.cancel(args.requestId);
    if (args.progressId !== undefined) session.connection.cancel(Number(args.progressId));
  },
};
