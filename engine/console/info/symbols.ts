/** `info functions`, `types`, `symbol`, `line`: what the module and its debug information name. */
import { codeOffset, functionIndex } from "../../bytes/offsets";
import { symbolsOf } from "../../expressions/symbol-index";
import { functionInTable } from "../../postmortem/frames";
import type { CrashModule, Frame } from "../../postmortem/model";
import { demangle } from "../../wasm/demangle";
import { namePattern } from "../arguments";
import type { Command, Context } from "../command";
import { addressOf } from "../commands/examine";
import { ConsoleError } from "../errors";

/** Names that one listing prints. */
const MOST = 2000;

const functions: Command = {
  names: ["functions"],
  usage: "info functions [REGEXP]",
  summary: "The functions of the selected frame's module, with their indices.",
  run(context, args) {
    const { module } = context.selected().physical;
    return listing(functionNames(module), args, "functions");
  },
};

function* functionNames({ wasm }: CrashModule): Iterable<string> {
  for (let index = 0; index < wasm.functionCount; index++) {
    const name = wasm.functionName(functionIndex(index));
    yield `${String(index).padStart(6)}  ${name === undefined ? "(without a name)" : demangle(name)}`;
  }
}

const types: Command = {
  names: ["types"],
  usage: "info types [REGEXP]",
  summary: "The types that the debug information of the selected frame's module describes.",
  run(context, args) {
    const { debug } = context.selected().physical.module;
    if (debug === undefined) throw new ConsoleError("the module has no debug information");
    const index = symbolsOf(debug);
    const names = new Set<string>();
    for (const unit of debug.units()) for (const name of index.namesOf(unit, ["type"])) names.add(name);
    return listing([...names].sort(), args, "types");
  },
};

function listing(names: Iterable<string>, args: string, what: string): string {
  const pattern = args === "" ? undefined : namePattern(args);
  const lines: string[] = [];
  let more = 0;
  for (const name of names) {
    if (pattern !== undefined && !pattern.test(name)) continue;
    if (lines.length < MOST) lines.push(name);
    else more++;
  }
  if (more > 0) lines.push(`… ${more} more: narrow it with info ${what} REGEXP`);
  return lines.length === 0 ? `No ${what}.` : lines.join("\n");
}

const symbol: Command = {
  names: ["symbol"],
  usage: "info symbol NUMBER|EXPRESSION",
  summary:
    "What a number is: a static at an address, a function by its index, by its table slot, or by its code.",
  run(context, args) {
    if (args === "") throw new ConsoleError("info symbol needs an address or a function's index");
    const number = addressOf(args, context);
    const found = meanings(number, context.selected());
    return found.length === 0 ? `Nothing is known by ${args}.` : found.join("\n");
  },
};

function meanings(number: number, frame: Frame): readonly string[] {
  const { module } = frame.physical;
  const { wasm } = module;
  const lines: string[] = [];
  const named = (index: number): string =>
    demangle(wasm.functionName(functionIndex(index)) ?? `wasm-function[${index}]`);
  if (number >= 0 && number < wasm.functionCount) lines.push(`function ${number} is ${named(number)}`);
  const slot = number > 0 ? functionInTable(module, number) : undefined;
  if (slot !== undefined) lines.push(`table slot ${number} holds ${slot}`);
  const holder = staticAt(number, frame);
  if (holder !== undefined) lines.push(holder);
  const inCode = number >= 0 ? wasm.functionAt(codeOffset(number)) : undefined;
  if (inCode !== undefined) {
    const start = wasm.body(inCode)!.start;
    lines.push(
      `code offset 0x${number.toString(16)} is ${named(inCode)} + 0x${(number - start).toString(16)}`,
    );
  }
  return lines;
}

/** The static of the frame's unit that lies at an address. */
function staticAt(at: number, frame: Frame): string | undefined {
  for (const scope of frame.scopes()) {
    if (scope.kind !== "statics") continue;
    for (const { name, value } of scope.variables()) {
      const { address, size } = value;
      if (address === undefined || size === undefined || at < address || at >= address + size) continue;
      return `address 0x${at.toString(16)} is ${name}${at === address ? "" : ` + ${at - address}`}`;
    }
  }
  return undefined;
}

const line: Command = {
  names: ["line", "source"],
  usage: "info line",
  summary: "The source line of the selected frame and the code that it was compiled to.",
  run(context: Context) {
    const { location, physical, unit } = context.selected();
    if (location === undefined || location.line === 0) return "The frame has no source line.";
    const place = `Line ${location.line} of ${location.file.path}`;
    const body = physical.module.wasm.body(physical.functionIndex);
    if (body === undefined || unit?.lines === undefined) return place;
    const low = codeOffset(body.start);
    const rows = unit.lines.rowsIn({ low, high: codeOffset(body.start + body.size) });
    const own = rows.filter(({ file, line }) => line === location.line && file?.path === location.file.path);
    const first = own[0];
    if (first === undefined) return place;
    const next = rows.find(({ address }) => address > own.at(-1)!.address);
    const end = next?.address ?? body.start + body.size;
    return `${place} is compiled to code offsets 0x${first.address.toString(16)} to 0x${end.toString(16)}`;
  },
};

export const symbolInfos: readonly Command[] = [functions, types, symbol, line];
