/** `exceptionInfo`: why the program crashed, for the widget at the crash line. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import { exceptionId, stackText } from "../presentation/stop";
import { errors } from "../protocol/errors";
import type { RequestHandler } from "../protocol/request";

export const exceptionInfo: RequestHandler<
  DebugProtocol.ExceptionInfoArguments,
  DebugProtocol.ExceptionInfoResponse["body"]
> = {
  command: "exceptionInfo",
  capabilities: { supportsExceptionInfoRequest: true },
  async handle(session, args) {
    const opened = session.crash;
    const { thread, reason } = await settle(() => {
      const thread = opened.thread(args.threadId);
      if (thread !== opened.crashedThread) throw errors.didNotCrash(thread.id);
      return { thread, reason: opened.crash.reason };
    });
    return {
      exceptionId: exceptionId(reason),
      description: [reason.title, ...reason.details].join("\n"),
      breakMode: "always",
      details: {
        message: reason.title,
        typeName: exceptionId(reason),
        stackTrace: await stackText(opened, thread),
      },
    };
  },
};
