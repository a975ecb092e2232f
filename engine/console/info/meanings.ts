/** What a number may stand for: a static at an address, a function by its index, its table slot, or its code. */
import { codeOffset, functionIndex } from "../../bytes/offsets";
import { qualifiedName } from "../../dwarf/qualified-names";
import { declarationOfFunction } from "../../postmortem/declarations";
import { functionInTable } from "../../postmortem/frames";
import type { CrashModule, Frame } from "../../postmortem/model";
import { symbolsOf } from "../../values/symbol-index";
import { variableValue } from "../../values/variables";
import { demangle } from "../../wasm/demangle";

/** A line for each thing that the number is. */
export function meaningsOf(number: number, frame: Frame): readonly string[] {
  const { module } = frame.physical;
  const { wasm } = module;
  const lines: string[] = [];
  if (number >= 0 && number < wasm.functionCount)
    lines.push(`function ${number} is ${functionText(module, number)}`);
  lines.push(...slotMeanings(number, frame));
  // A number that is a function already is hardly an address: it is not looked for in the whole program.
  const holder = staticAt(number, frame) ?? (lines.length > 0 ? undefined : staticOfProgram(number, frame));
  if (holder !== undefined) lines.push(`address 0x${number.toString(16)} is ${holder}`);
  const inCode = number >= 0 ? wasm.functionAt(codeOffset(number)) : undefined;
  if (inCode !== undefined) {
    const start = wasm.body(inCode)!.start;
    const name = functionName(module, inCode);
    lines.push(`code offset 0x${number.toString(16)} is ${name} + 0x${(number - start).toString(16)}`);
  }
  return lines;
}

/** As `meaningsOf`, for what is known to be an address or a function pointer. */
export function memoryMeanings(number: number, frame: Frame): readonly string[] {
  const holder = staticAt(number, frame) ?? staticOfProgram(number, frame);
  return holder === undefined
    ? slotMeanings(number, frame)
    : [`address 0x${number.toString(16)} is ${holder}`];
}

function slotMeanings(number: number, { physical }: Frame): readonly string[] {
  const slot = number > 0 ? functionInTable(physical, number) : undefined;
  return slot === undefined ? [] : [`table slot ${number} holds ${slot}`];
}

/** The name and where it is declared. */
export function functionText(module: CrashModule, index: number): string {
  const declared = declarationOfFunction(module, functionIndex(index));
  const name = functionName(module, index);
  return declared === undefined ? name : `${name} at ${declared.file.path}:${declared.line}`;
}

export const functionName = ({ wasm }: CrashModule, index: number): string =>
  demangle(wasm.functionName(functionIndex(index)) ?? `wasm-function[${index}]`);

/** The static of the frame's unit that lies at an address: `table`, `table + 8`. */
export const staticAt = (at: number, frame: Frame): string | undefined => staticsOf(frame)(at);

/** As `staticAt`, for many addresses: the statics are looked for once. */
export function staticsOf(frame: Frame): (at: number) => string | undefined {
  const all = frame
    .scopes()
    .filter(({ kind }) => kind === "statics")
    .flatMap((scope) => scope.variables())
    .map(({ name, value }) => ({ name, address: value.address, size: value.size }));
  return (at) => {
    for (const { name, address, size } of all) {
      const found = held(at, name, address, size);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** An address as `x` and `find` write it: `0x40e8`, `0x40ec <table+4>`. */
export function labelled(at: number, holderOf: (at: number) => string | undefined): string {
  const holder = holderOf(at);
  return `0x${at.toString(16)}${holder === undefined ? "" : ` <${holder.replace(" + ", "+")}>`}`;
}

/** The static of any unit that lies at an address. */
function staticOfProgram(at: number, frame: Frame): string | undefined {
  const { machine, module, pc } = frame.physical;
  const { debug } = module;
  if (debug === undefined) return undefined;
  const context = { machine, subprogram: undefined, pc, debug };
  for (const { entry } of symbolsOf(debug).everything(["variable"])) {
    const { address, size } = variableValue(entry, context);
    const found = held(at, qualifiedName(entry) ?? "?", address, size);
    if (found !== undefined) return found;
  }
  return undefined;
}

function held(
  at: number,
  name: string,
  start: number | undefined,
  size: number | undefined,
): string | undefined {
  if (start === undefined || size === undefined || at < start || at >= start + size) return undefined;
  return at === start ? name : `${name} + ${at - start}`;
}
