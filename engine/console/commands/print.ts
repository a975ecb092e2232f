/** `print`, `output`, `whatis`, `ptype`: values of expressions and their types. */
import { bare } from "../../expressions/display";
import { ExpressionError } from "../../expressions/errors";
import type { Format } from "../../expressions/syntax";
import type { Value } from "../../values/model";
import { type Type, typeFrom } from "../../values/types";
import { splitFormat } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { evaluate, typeNamed } from "../evaluate";
import { functionName } from "../info/meanings";
import { functionsNamed } from "../places";
import { changed } from "../settings";
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

/** `-pretty on -elements 3 -- `: settings of printing for one value alone. */
const OPTIONS = /^((?:-[a-z][a-z-]*(?:\s+[a-z\d]+)?\s+)+)--\s*/;

const print: Command = {
  names: ["print", "p", "inspect", "call"],
  usage: "print [-SETTING [VALUE]… --] [/FORMAT] EXPRESSION",
  summary:
    "The value of an expression, as the program would have computed it. Formats: x d u t o c f s, of records for every member; r for bare members. Settings are those of set print, for this value alone.",
  completes: "expression",
  run(context, args) {
    const options = OPTIONS.exec(args);
    if (options === null) return printed(context, args);
    const settings = options[1]!.trim().split(/\s+(?=-)/);
    const restore = changed(
      context.settings,
      settings.map((option) => `print ${option.slice(1)}`),
    );
    try {
      return printed(context, args.slice(options[0].length));
    } finally {
      restore();
    }
  },
};

function printed(context: Context, args: string): string {
  const value = asked(args, "print", context);
  if (value.missing !== undefined) return functionText(args, context) ?? value.text();
  const text = valueText(value, context.settings);
  context.history.push(bare(value));
  return `$${context.history.length} = ${text}`;
}

/** `{int (int)} code 0x8e <library>`: a function that no pointer can point at, since it is in no table. */
function functionText(text: string, context: Context): string | undefined {
  const place = functionsNamed(text.replace(/^[*&]\s*/, ""), context)[0];
  if (place?.entry === undefined || place.index === undefined) return undefined;
  const start = place.module.wasm.body(place.index)?.start;
  if (start === undefined) return undefined;
  const { name } = typeFrom(place.entry);
  return `{${name}} code 0x${start.toString(16)} <${functionName(place.module, place.index)}>`;
}

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
  run: (context, args) => `type = ${typeAsked(required(args, "whatis"), context).name}`,
};

const ptype: Command = {
  names: ["ptype"],
  usage: "ptype[/o] EXPRESSION|TYPE",
  summary: "The definition of a type: its members with offsets and sizes in bytes, or its enumerators.",
  completes: "expression",
  // gdb's /o asks for the offsets that are always told here.
  run: (context, args) =>
    `type = ${typeDefinition(typeAsked(required(splitFormat(args).rest, "ptype"), context))}`,
};

/** The type of an expression or of a function, whether or not a pointer can point at that. @throws ExpressionError */
function typeAsked(text: string, context: Context): Type {
  try {
    return typeNamed(text, context);
  } catch (error) {
    const entry = error instanceof ExpressionError ? functionsNamed(text, context)[0]?.entry : undefined;
    if (entry === undefined) throw error;
    return typeFrom(entry);
  }
}

function required(args: string, command: string): string {
  if (args === "") throw new ConsoleError(`${command} needs an expression or a type`);
  return args;
}

export const printCommands: readonly Command[] = [print, output, whatis, ptype];
