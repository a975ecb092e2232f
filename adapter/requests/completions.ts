/** `completions`: what can stand at the cursor of an expression in the console or in a watch. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type CompletionKind, completionsAt } from "../../engine/expressions/completions";
import type { RequestHandler } from "../protocol/request";
import type { Session } from "../state/session";

const TYPES: Readonly<Record<CompletionKind, DebugProtocol.CompletionItemType>> = {
  variable: "variable",
  member: "field",
  method: "method",
  type: "class",
  function: "function",
  enumerator: "enum",
  macro: "value",
  "pseudo-variable": "value",
};

export const completions: RequestHandler<
  DebugProtocol.CompletionsArguments,
  DebugProtocol.CompletionsResponse["body"]
> = {
  command: "completions",
  capabilities: { supportsCompletionsRequest: true, completionTriggerCharacters: [".", ">", ":", "$"] },
  handle(session, args) {
    const { crash: opened, client } = session;
    const frame = args.frameId === undefined ? opened.crashFrame : opened.frame(args.frameId).frame;
    // Line and column count as the client does; an expression of several lines is completed within one.
    const line = args.text.split("\n")[client.lineIndex(args.line ?? client.line(1))] ?? "";
    const column = client.columnIndex(args.column);
    const expressions = completionsAt(line, column, frame).map(
      ({ label, kind, start, length }): DebugProtocol.CompletionItem => ({
        label,
        type: TYPES[kind],
        start: client.column(start + 1),
        length,
      }),
    );
    // Behind a command stands what it takes; a first word may be of the program or a command's.
    const ofCommand = commands(session, args, line, column);
    const isCommand = ofCommand.length > 0 && /^\s*\S+\s/.test(line.slice(0, column));
    return { targets: isCommand ? ofCommand : [...expressions, ...ofCommand] };
  },
};

/** Commands, their subcommands, and what they take. */
function commands(
  { crash: opened, client }: Session,
  { frameId }: DebugProtocol.CompletionsArguments,
  line: string,
  column: number,
): DebugProtocol.CompletionItem[] {
  const console = opened.console();
  if (frameId !== undefined) {
    const { thread, frame } = opened.frame(frameId);
    console.thread = thread;
    console.frame = frame.index;
  }
  return console.complete(line, column).map(({ text, start, length }) => ({
    label: text,
    type: "keyword",
    sortText: `~${text}`,
    start: client.column(start + 1),
    length,
  }));
}
