/**
 * The debug console takes gdb's commands beside expressions: `bt`, `info locals`, `x/16xb p`. A name of the program
 * comes first: where a variable `x` is in scope, `x` is that variable.
 */

import { COMMANDS } from "../../engine/console/console";
import { ConsoleError } from "../../engine/console/errors";
import { parseCommand } from "../../engine/console/parse";
import type { Frame } from "../../engine/postmortem/model";
import type { KnownFrame, OpenedCrash } from "../state/opened-crash";

/** Commands whose answer is a value, which the console shows with its members. */
const VALUES = /^(print|output)$/;

/** How a value is to be printed, in front of its expression: `/x`, `-pretty --`. */
const FORMATTED = /^(\/|-[a-z][^"']*\s--(\s|$))/;

export type Typed =
  | { readonly kind: "expression"; readonly text: string }
  | { readonly kind: "command"; readonly line: string };

/** What a line of the console is. `p x` is the expression `x`: its value can be opened there. */
export function typed(line: string, frame: Frame): Typed {
  const found = parseCommand(line.trim(), COMMANDS);
  if (found === undefined || namesVariable(line, frame)) return { kind: "expression", text: line };
  const { command, args } = found;
  if (VALUES.test(command.names[0]!) && args !== "" && !FORMATTED.test(args))
    return { kind: "expression", text: args };
  return { kind: "command", line };
}

/** Whether the line is an expression of a variable that is called as a command is: `x`, `x.y`, `list[3]`. */
function namesVariable(line: string, frame: Frame): boolean {
  const name = /^\s*([\w$]+)\s*($|[.[+\-*/%&|^<>=!?,-])/.exec(line)?.[1];
  if (name === undefined || /^\s*\w+\/\d*[a-z]*\s/.test(line)) return false;
  return frame
    .scopes()
    .some(
      (scope) =>
        (scope.kind === "arguments" || scope.kind === "locals") &&
        scope.variables().some((variable) => variable.name === name),
    );
}

/**
 * A command's answer. It looks from the frame that is selected in the editor, which it cannot move.
 * @throws ConsoleError, ExpressionError
 */
export function answer(opened: OpenedCrash, line: string, known: KnownFrame | undefined): Promise<string> {
  const console = opened.console();
  if (known !== undefined) {
    console.thread = known.thread;
    console.frame = known.frame.index;
  }
  if (line.trim() === "") throw new ConsoleError("an expression or a command is expected: help lists them");
  return console.run(line);
}
