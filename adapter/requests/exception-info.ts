/** `exceptionInfo`: why the program crashed, for the widget at the crash line. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import type { TrapReason } from "../../engine/postmortem/model";
import { exceptionId, stackText, trapName } from "../presentation/stop";
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
      details: detailsOf(reason, await stackText(opened, thread)),
    };
  },
};

/** What a language's runtime explains has the trap inside that it ended in. */
function detailsOf(reason: TrapReason, stackTrace: string): DebugProtocol.ExceptionDetails {
  const trap = { message: reason.trap, typeName: trapName(reason) };
  return {
    message: reason.title,
    typeName: exceptionId(reason),
    evaluateName: "$exception",
    stackTrace,
    ...(reason.language === undefined ? {} : { innerException: [trap] }),
  };
}
