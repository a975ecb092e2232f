/** `print`, `output`, `whatis`, `ptype`: values of expressions and their types. */
import { shown } from "../../expressions/display";
import { evaluateInFrame, typeInFrame } from "../../expressions/evaluate";
import type { Format } from "../../expressions/syntax";
import type { Value } from "../../values/model";
import { splitFormat } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { typeDefinition } from "../type-text";
import { valueText } from "../value-text";

/** gdb's format letters, and the display suffixes of expressions that stand for them. */
const FORMATS: Readonly<Record<string, Format>> = {
  x: "x",
  z: "x",
  a: "x",
  d: "d",
  u: "d",
  t: "b",
  o: "o",
  c: "c",
  s: "s",
};

function evaluate(args: string, context: Context): Value {
  const { format, rest } = splitFormat(args);
  const letter = format === "" ? undefined : formatOf(format);
  if (rest === "" && context.history.length === 0)
    throw new ConsoleError("print needs an expression: print EXPRESSION");
  const earlier = historic(rest === "" ? "$" : rest, context);
  if (earlier !== undefined) return shown(earlier, { format: letter, suffix: "", loose: false });
  const suffix = letter === undefined ? "" : `,${letter}`;
  return evaluateInFrame(rest + suffix, context.selected(), context.crash.reason);
}

function formatOf(format: string): Format {
  const suffix = FORMATS[format];
  if (suffix === undefined)
    throw new ConsoleError(`"${format}" is no format of print. Known: ${Object.keys(FORMATS).join(" ")}`);
  return suffix;
}

/** A value that was printed before: `$3`, `$` for the last one, `$$` for the one before it. */
function historic(text: string, { history }: Context): Value | undefined {
  const found = /^\$(\$|\d+|)$/.exec(text);
  if (found === null) return undefined;
  const index = found[1] === "" ? history.length : found[1] === "$" ? history.length - 1 : Number(found[1]);
  const value = history[index - 1];
  if (value === undefined)
    throw new ConsoleError(`there is no value ${text}: ${history.length} were printed`);
  return value;
}

const print: Command = {
  names: ["print", "p", "inspect"],
  usage: "print[/FORMAT] EXPRESSION",
  summary: "The value of an expression, as the program would have computed it. Formats: x d u t o c s.",
  completes: "expression",
  run(context, args) {
    const value = evaluate(args, context);
    if (value.missing !== undefined) return value.text();
    context.history.push(value);
    return `$${context.history.length} = ${valueText(value, context.settings)}`;
  },
};

const output: Command = {
  names: ["output"],
  usage: "output[/FORMAT] EXPRESSION",
  summary: "Like print, without a number and without keeping the value.",
  completes: "expression",
  run: (context, args) => valueText(evaluate(args, context), context.settings),
};

const whatis: Command = {
  names: ["whatis"],
  usage: "whatis EXPRESSION|TYPE",
  summary: "The type of an expression.",
  completes: "expression",
  run: (context, args) => `type = ${typeInFrame(required(args, "whatis"), context.selected()).name}`,
};

const ptype: Command = {
  names: ["ptype"],
  usage: "ptype EXPRESSION|TYPE",
  summary: "The definition of a type: its members with offsets and sizes in bytes, or its enumerators.",
  completes: "expression",
  run: (context, args) =>
    `type = ${typeDefinition(typeInFrame(required(args, "ptype"), context.selected()))}`,
};

function required(args: string, command: string): string {
  if (args === "") throw new ConsoleError(`${command} needs an expression or a type`);
  return args;
}

export const printCommands: readonly Command[] = [print, output, whatis, ptype];
