/** `print`, `output`, `whatis`, `ptype`: values of expressions and their types. */
import { bare } from "../../expressions/display";
import type { Format } from "../../expressions/syntax";
import type { Value } from "../../values/model";
import { splitFormat } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { evaluate, typeNamed } from "../evaluate";
import { typeDefinition } from "../type-text";
import { valueText } from "../value-text";

/** gdb's format letters, and the display suffixes of expressions that stand for them. */
const FORMATS: Readonly<Record<string, Format>> = {
  x: "x",
  z: "x",
  a: "x",
  d: "d",
  u: "u",
  t: "b",
  o: "o",
  c: "c",
  f: "f",
  s: "s",
};

/** The value that `/FORMAT EXPRESSION` asks for; without an expression the one printed last. */
function asked(args: string, command: string, context: Context): Value {
  const { format, rest } = splitFormat(args);
  if (rest === "" && context.history.length === 0)
    throw new ConsoleError(`${command} needs an expression: ${command} EXPRESSION`);
  const letters = format.replace("r", "");
  const suffix = letters === "" ? "" : `,${formatOf(letters)}`;
  const value = evaluate((rest === "" ? "$" : rest) + suffix, context);
  return format.includes("r") ? rawOf(value) : value;
}

function formatOf(format: string): Format {
  const suffix = FORMATS[format];
  if (suffix === undefined)
    throw new ConsoleError(`"${format}" is no format of print. Known: ${Object.keys(FORMATS).join(" ")} r`);
  return suffix;
}

/** The bare members of what is shown as its language thinks of it. */
function rawOf(value: Value): Value {
  const named = value.children?.named() ?? [];
  return named.find(({ name, hint }) => hint === "virtual" && name === "[raw]")?.value ?? value;
}

const print: Command = {
  names: ["print", "p", "inspect"],
  usage: "print[/FORMAT] EXPRESSION",
  summary:
    "The value of an expression, as the program would have computed it. Formats: x d u t o c f s, of records for every member; r for bare members.",
  completes: "expression",
  run(context, args) {
    const value = asked(args, "print", context);
    if (value.missing !== undefined) return value.text();
    const text = valueText(value, context.settings);
    context.history.push(bare(value));
    return `$${context.history.length} = ${text}`;
  },
};

const output: Command = {
  names: ["output"],
  usage: "output[/FORMAT] EXPRESSION",
  summary: "Like print, without a number and without keeping the value.",
  completes: "expression",
  run: (context, args) => valueText(asked(args, "output", context), context.settings),
};

const whatis: Command = {
  names: ["whatis"],
  usage: "whatis EXPRESSION|TYPE",
  summary: "The type of an expression.",
  completes: "expression",
  run: (context, args) => `type = ${typeNamed(required(args, "whatis"), context).name}`,
};

const ptype: Command = {
  names: ["ptype"],
  usage: "ptype EXPRESSION|TYPE",
  summary: "The definition of a type: its members with offsets and sizes in bytes, or its enumerators.",
  completes: "expression",
  run: (context, args) => `type = ${typeDefinition(typeNamed(required(args, "ptype"), context))}`,
};

function required(args: string, command: string): string {
  if (args === "") throw new ConsoleError(`${command} needs an expression or a type`);
  return args;
}

export const printCommands: readonly Command[] = [print, output, whatis, ptype];
