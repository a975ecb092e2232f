/**
 * `evaluate`: an expression of the program's language in a frame, for watches, hovers, the console and
 * "copy value". Without a frame it is the crash frame's.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { childrenOf, memoryReferenceOf } from "../presentation/variable";
import { defined, type RequestHandler } from "../protocol/request";
import { valueContainer } from "../state/containers";

export const evaluate: RequestHandler<
  DebugProtocol.EvaluateArguments,
  DebugProtocol.EvaluateResponse["body"]
> = {
  command: "evaluate",
  capabilities: { supportsEvaluateForHovers: true, supportsClipboardContext: true },
  handle(session, args) {
    const opened = session.crash;
    const frame = args.frameId === undefined ? opened.crashFrame : opened.frame(args.frameId).frame;
    const value = evaluateInFrame(args.expression, frame, opened.crash.reason);
    const result = value.text({ hex: args.format?.hex === true });
    const children = valueContainer(value, args.expression);
    return defined<DebugProtocol.EvaluateResponse["body"]>({
      result,
      type: value.typeName,
      presentationHint: { attributes: ["readOnly"] },
      ...childrenOf(children, () => opened.containers.add(children!)),
      memoryReference: memoryReferenceOf(value),
    });
  },
};
