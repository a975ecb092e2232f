/**
 * `stackTrace`: the frames of a thread by page, inlined calls as frames of their own. Frames of libraries and
 * of the language's runtime are there, but marked so that the client passes over them.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import { describeFrame, FRAME_CAPABILITIES } from "../presentation/frame";
import type { RequestHandler } from "../protocol/request";

export const stackTrace: RequestHandler<
  DebugProtocol.StackTraceArguments,
  DebugProtocol.StackTraceResponse["body"]
> = {
  command: "stackTrace",
  capabilities: FRAME_CAPABILITIES,
  async handle(session, args) {
    const { crash: opened } = session;
    const { thread, frames, total } = await settle(() => {
      const thread = opened.thread(args.threadId);
      const first = session.view.startAtCrashFrame ? thread.crashFrame : 0;
      const start = first + Math.max(0, args.startFrame ?? 0);
      const levels = args.levels === undefined || args.levels <= 0 ? thread.frameCount : args.levels;
      return { thread, frames: thread.frames(start, levels), total: thread.frameCount - first };
    });
    const stackFrames: DebugProtocol.StackFrame[] = [];
    for (const frame of frames) {
      stackFrames.push(await describeFrame(session, thread, frame, args.format));
    }
    return { stackFrames, totalFrames: total };
  },
};
