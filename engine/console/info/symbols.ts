/** `info symbol`, `address`, `scope`: what a number or a name is. */
import { settle } from "../../bytes/remote-source";
import { DW_AT, DW_TAG } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/model";
import { qualifiedName } from "../../dwarf/qualified-names";
import { ExpressionError } from "../../expressions/errors";
import { declarationOf } from "../../postmortem/declarations";
import type { Value } from "../../values/model";
import { typeOf } from "../../values/types";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { addressOf, evaluate } from "../evaluate";
import {
  codeOfLine,
  type FunctionPlace,
  functionNamed,
  functionsNamed,
  placeNamed,
  type SourcePlace,
} from "../places";
import { functionText, meaningsOf, memoryMeanings } from "./meanings";

/** Variables that one scope lists, and blocks inside of blocks. */
const MOST = 1000;
const MAX_NESTING = 64;

const symbol: Command = {
  names: ["symbol"],
  usage: "info symbol NUMBER|EXPRESSION|FUNCTION",
  summary:
    "What a number is: a static at an address, a function by its index, by its table slot, or by its code.",
  completes: "expression",
  run(context, args) {
    if (args === "") throw new ConsoleError("info symbol needs an address or a function's index");
    const functions = isName(args) ? functionsNamed(args, context) : [];
    if (functions.length > 0) return functions.map((place) => functionLine(place)).join("\n");
    const number = addressOf(args, context);
    // An expression of the program is of its memory: its numbers are no offsets of code.
    const found = isNumber(args)
      ? meaningsOf(number, context.selected())
      : memoryMeanings(number, context.selected());
    return found.length === 0 ? `Nothing is known by ${args}.` : found.join("\n");
  },
};

const isNumber = (text: string): boolean => /^(0x[0-9a-f]+|\d+|\$pc)$/i.test(text);
const isName = (text: string): boolean => /^[\p{L}_:]/u.test(text);

function functionLine({ module, index, entry }: FunctionPlace): string {
  if (index !== undefined) return `function ${index} is ${functionText(module, index)}`;
  return `${entry === undefined ? "it" : qualifiedName(entry)} has no code of its own: every call was inlined`;
}

const address: Command = {
  names: ["address"],
  usage: "info address NAME",
  summary: "Where a variable is, or a function's code.",
  completes: "expression",
  run(context, args) {
    if (args === "") throw new ConsoleError("info address needs the name of a variable or a function");
    const value = variable(args, context);
    if (value !== undefined) return `${args} is ${placeText(value)}`;
    const { module, index } = functionNamed(args, context);
    if (index === undefined) return `${args} has no code of its own: every call was inlined`;
    const body = module.wasm.body(index);
    if (body === undefined) return `${args} is function ${index}, which the host gives`;
    const file = module.wasm.codeOffsetToFile(body.start);
    return `${args} is function ${index}, whose code begins at 0x${body.start.toString(16)} in the code section, 0x${file.toString(16)} in the file`;
  },
};

/** The variable or other object of that expression; undefined for what only a function may be called. */
function variable(text: string, context: Context): Value | undefined {
  try {
    const value = evaluate(text, context);
    const isFunction =
      value.address === undefined && isName(text) && functionsNamed(text, context).length > 0;
    return isFunction ? undefined : value;
  } catch (error) {
    if (error instanceof ExpressionError && isName(text) && functionsNamed(text, context).length > 0)
      return undefined;
    throw error;
  }
}

function placeText({ address, size, missing, provenance }: Value): string {
  const bytes = size === undefined ? "" : `, ${size} byte${size === 1 ? "" : "s"}`;
  if (address !== undefined) return `at address 0x${address.toString(16)}${bytes}`;
  if (missing !== undefined) return `unavailable: ${missing.text}`;
  return `not in memory: its value is ${provenance}${bytes}`;
}

const scope: Command = {
  names: ["scope"],
  usage: "info scope [FUNCTION | N | FILE:N | *ADDRESS]",
  summary: "The arguments and variables that a function declares, by its name or a line of it.",
  completes: "place",
  async run(context, args) {
    if (args === "") return settle(() => scopeText(context.selected().entry));
    const place = await placeNamed(args, context);
    return settle(() => scopeText(place.function?.entry ?? functionAtLine(place, context)));
  },
};

/** What describes the function that a line was compiled into. */
function functionAtLine(place: SourcePlace, context: Context): Entry | undefined {
  const [code] = codeOfLine(place, context, 1);
  if (code === undefined) throw new ConsoleError(`line ${place.line} of ${place.file.path} has no code`);
  return code.unit.subprogramAt(code.low);
}

function scopeText(entry: Entry | undefined): string {
  if (entry === undefined) throw new ConsoleError("nothing is described of this function");
  const lines = [...declared(entry, 0)].slice(0, MOST);
  const name = qualifiedName(entry) ?? "the function";
  return lines.length === 0 ? `${name} declares no variables.` : [`${name} declares:`, ...lines].join("\n");
}

/** A line a variable, those of inner blocks further in. */
function* declared(entry: Entry, depth: number): Iterable<string> {
  if (depth > MAX_NESTING) return;
  for (const child of entry.children()) {
    if (child.tag === DW_TAG.lexical_block) yield* declared(child, depth + 1);
    const what = child.tag === DW_TAG.formal_parameter ? "an argument" : "a variable";
    if (child.tag !== DW_TAG.formal_parameter && child.tag !== DW_TAG.variable) continue;
    if (child.flag(DW_AT.artificial) && child.name === undefined) continue;
    const { name: type, size } = typeOf(child);
    const line = declarationOf(child)?.line;
    const facts = [
      `${child.name ?? "?"} is ${what} of type ${type}`,
      ...(size === undefined ? [] : [`${size} byte${size === 1 ? "" : "s"}`]),
      ...(line === undefined ? [] : [`line ${line}`]),
    ];
    yield `${"  ".repeat(depth + 1)}${facts.join(", ")}`;
  }
}

export const symbolInfos: readonly Command[] = [symbol, address, scope];
