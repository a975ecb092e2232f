/** `threads`: one for each call stack of the dump. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { RequestHandler } from "../protocol/request";

export const threads: RequestHandler<unknown, DebugProtocol.ThreadsResponse["body"]> = {
  command: "threads",
  handle: (session) => ({
    threads: session.crash.crash.threads.map(({ id, name }) => ({ id, name })),
  }),
};
