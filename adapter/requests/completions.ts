/** `completions`: what can stand at the cursor of an expression in the console or in a watch. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type CompletionKind, completionsAt } from "../../engine/expressions/completions";
import type { RequestHandler } from "../protocol/request";

const TYPES: Readonly<Record<CompletionKind, DebugProtocol.CompletionItemType>> = {
  variable: "variable",
  member: "field",
  method: "method",
  type: "class",
  function: "function",
  enumerator: "enum",
  "pseudo-variable": "value",
};

export const completions: RequestHandler<
  DebugProtocol.CompletionsArguments,
  DebugProtocol.CompletionsResponse["body"]
> = {
  command: "completions",
  capabilities: { supportsCompletionsRequest: true, completionTriggerCharacters: [".", ">", ":", "$"] },
  handle({ crash: opened, client }, args) {
    const frame = args.frameId === undefined ? opened.crashFrame : opened.frame(args.frameId).frame;
    // Line and column count as the client does; an expression of several lines is completed within one.
    const line = args.text.split("\n")[client.lineIndex(args.line ?? client.line(1))] ?? "";
    const found = completionsAt(line, client.columnIndex(args.column), frame);
    return {
      targets: found.map(({ label, kind, start, length }) => ({
        label,
        type: TYPES[kind],
        start: client.column(start + 1),
        length,
      })),
    };
  },
};
