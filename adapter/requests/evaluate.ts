/**
 * `evaluate`: an expression of the program's language in a frame, for watches, hovers, the console and
 * "copy value". Without a frame it is the crash frame's.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { painted } from "../../engine/console/painted";
import { bare } from "../../engine/expressions/display";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { childrenOf, functionReferenceOf, memoryReferenceOf, typeOf } from "../presentation/variable";
import { defined, type RequestHandler } from "../protocol/request";
import { valueContainer } from "../state/containers";
import { answer, typed } from "./console";

/** Characters that are copied of a value, in place of the line that a panel has room for. */
const COPIED = 100_000;

export const evaluate: RequestHandler<
  DebugProtocol.EvaluateArguments,
  DebugProtocol.EvaluateResponse["body"]
> = {
  command: "evaluate",
  capabilities: {
    supportsEvaluateForHovers: true,
    supportsClipboardContext: true,
    supportsANSIStyling: true,
  },
  handle(session, args) {
    const opened = session.crash;
    const known = args.frameId === undefined ? undefined : opened.frame(args.frameId);
    const frame = known?.frame ?? opened.crashFrame;
    const line = args.context === "repl" ? typed(args.expression, frame) : undefined;
    if (line?.kind === "command")
      return answer(opened, line.line, known).then((text) => ({
        result: painted(text, session.client.palette),
        variablesReference: 0,
      }));
    const expression = line?.text ?? args.expression;
    // What the console gives can be gone on from: `$`, `$$`, `$3`.
    const console = opened.console();
    const value = evaluateInFrame(expression, frame, opened.crash.reason, console);
    if (args.context === "repl" && value.missing === undefined) console.history.push(bare(value));
    const hex = args.format?.hex ?? session.view.hexadecimal;
    const result = value.text(args.context === "clipboard" ? { hex, budget: COPIED } : { hex });
    const owner = opened.ownerOf(frame);
    const children = valueContainer(value, expression, owner);
    return defined<DebugProtocol.EvaluateResponse["body"]>({
      result,
      type: typeOf(value),
      presentationHint: { attributes: ["readOnly"] },
      ...childrenOf(children, () => opened.containers.add(children!)),
      memoryReference: memoryReferenceOf(value, owner),
      valueLocationReference: functionReferenceOf(opened, value, owner),
    });
  },
};
