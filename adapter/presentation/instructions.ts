/**
 * A module's code as one run of instructions, function after function, so that a disassembly can be scrolled
 * from any instruction in both directions. Only the functions that are passed are disassembled.
 */
import { type CodeOffset, type FunctionIndex, functionIndex } from "../../engine/bytes/offsets";
import type { LineRow } from "../../engine/dwarf/model";
import type { CrashModule } from "../../engine/postmortem/model";
import { type DisassembledLine, disassembleFunction } from "../../engine/wasm/disassembly";

export interface PlacedInstruction {
  readonly line: DisassembledLine;
  readonly functionIndex: FunctionIndex;
  /** The row of the line table; undefined without debug information. */
  readonly row: LineRow | undefined;
}

/**
 * Exactly `count` places, the first one being `skip` instructions after (before, when negative) the
 * instruction that contains `pc`. Undefined stands for places before the first and after the last
 * instruction of the module; all of them are undefined when `pc` is in no function.
 */
export function instructionsAround(
  module: CrashModule,
  pc: CodeOffset,
  skip: number,
  count: number,
): (PlacedInstruction | undefined)[] {
  const places: (PlacedInstruction | undefined)[] = new Array(count).fill(undefined);
  const start = module.wasm.functionAt(pc);
  if (start === undefined) return places;
  // Where the current function's first instruction is, counted from the first place that was asked for.
  let current: number = start;
  let lines = disassembleFunction(module.wasm, start);
  let position =
    -skip -
    Math.max(
      0,
      lines.findLastIndex((line) => line.pc <= pc),
    );
  while (position > 0 && current > module.wasm.importedFunctionCount) {
    lines = disassembleFunction(module.wasm, functionIndex(--current));
    position -= lines.length;
  }
  while (position < count && current < module.wasm.functionCount) {
    const last = position + lines.length;
    if (last > 0 && lines.length > 0) place(module, functionIndex(current), lines, position, places);
    position = last;
    lines = disassembleFunction(module.wasm, functionIndex(++current));
  }
  return places;
}

/** Puts the lines of a function from `position` on, as far as they fall into `places`. */
function place(
  module: CrashModule,
  index: FunctionIndex,
  lines: readonly DisassembledLine[],
  position: number,
  places: (PlacedInstruction | undefined)[],
): void {
  const table = module.debug?.unitAt(lines[0]!.pc)?.lines;
  const end = Math.min(lines.length, places.length - position);
  for (let i = Math.max(0, -position); i < end; i++) {
    const line = lines[i]!;
    places[position + i] = { line, functionIndex: index, row: table?.rowAt(line.pc) };
  }
}
