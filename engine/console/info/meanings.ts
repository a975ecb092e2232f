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
  const slot = number > 0 ? functionInTable(module, number) : undefined;
  if (slot !== undefined) lines.push(`table slot ${number} holds ${slot}`);
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

/** The name and where it is declared. */
export function functionText(module: CrashModule, index: number): string {
  const declared = declarationOfFunction(module, functionIndex(index));
  const name = functionName(module, index);
  return declared === undefined ? name : `${name} at ${declared.file.path}:${declared.line}`;
}

export const functionName = ({ wasm }: CrashModule, index: number): string =>
  demangle(wasm.functionName(functionIndex(index)) ?? `wasm-function[${index}]`);

/** The static of the frame's unit that lies at an address: `table`, `table + 8`. */
export function staticAt(at: number, frame: Frame): string | undefined {
  for (const scope of frame.scopes()) {
    if (scope.kind !== "statics") continue;
    for (const { name, value } of scope.variables()) {
      const found = held(at, name, value.address, value.size);
      if (found !== undefined) return found;
    }
  }
  return undefined;
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
