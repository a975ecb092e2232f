/**
 * Variables whose debug information gives a value of before the statement that a frame stands in, as the code that
 * assigns them anew comes later than the source has it.
 *
 * LLVM says that a variable has its new value from where that is worked out, and its old one until then. Where the
 * optimiser has moved the work behind the frame's instruction (delayed-values.ts), the old value is past: lines tell
 * the order of the statements. What the lines leave open stays: turns of an unrolled loop, and the part of a loop's
 * head that runs behind its body, come later in the code and earlier in the source by right.
 */
import { once } from "../bytes/errors";
import { bodyOffset, type CodeOffset, codeOffset } from "../bytes/offsets";
import { DW_AT } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { isSpelledOut } from "../dwarf/spelled-out";
import { FunctionCode } from "../wasm/function-code";
import type { Instruction } from "../wasm/instructions";
import { indexImmediate } from "../wasm/operands";
import { delayedValues } from "./delayed-values";
import { activationsAt } from "./inlining";
import { soleLocal } from "./local-numbers";
import type { PhysicalFrame, SourceLocation } from "./model";

export class DelayedAssignments {
  /**
   * @param activation the frame's function, as called or inlined
   * @param location where the frame stands in it
   */
  constructor(
    private readonly physical: PhysicalFrame,
    private readonly pc: CodeOffset,
    private readonly subprogram: Entry,
    private readonly activation: Entry,
    private readonly location: SourceLocation | undefined,
    /** Whether other code stands for the frame's place in the source as well. */
    private readonly isCopied: () => boolean,
  ) {}

  /** Whether a variable of the frame has another value by now than its location names. */
  isLate(variable: Entry): boolean {
    if (this.late().length === 0) return false;
    const location = variable.location(DW_AT.location, this.pc);
    if (!(location instanceof Uint8Array)) return false;
    const span = variable.locationSpan(DW_AT.location, this.pc);
    if (span === undefined || span.throughout) return false;
    const local = soleLocal(location);
    if (local === undefined && !isSpelledOut(location, variable.unit)) return false;
    const before = local === undefined ? 0 : this.lineOfAssignment(local, span.from);
    const declared = variable.unsigned(DW_AT.decl_line);
    if (before === undefined || declared === undefined) return false;
    return this.late().some(
      ({ behind, line }) =>
        before <= line &&
        declared < line &&
        variable.locationSpan(DW_AT.location, behind)?.from === behind &&
        variable.location(DW_AT.location, behind) instanceof Uint8Array,
    );
  }

  /** Delayed values of statements in front of the frame's, by where they can be described. */
  private readonly late = once((): readonly { readonly behind: CodeOffset; readonly line: number }[] => {
    const { location } = this;
    const code = this.code();
    if (code === undefined || location === undefined) return [];
    const { start } = code.body;
    const delayed = delayedValues(this.physical.module.wasm, code, bodyOffset(this.pc - start));
    const late = delayed.flatMap(({ at, behind }) => {
      const line = this.lineAt(codeOffset(start + at));
      if (line === undefined || line === 0 || line >= location.line) return [];
      return [{ behind: codeOffset(start + behind), line }];
    });
    if (late.length === 0 || this.isCopied()) return [];
    const heads = this.linesOfLoop();
    return late.filter(({ line }) =>
      heads.every((head) => head !== 0 && (head < line || head > location.line)),
    );
  });

  private readonly code = once(() => FunctionCode.of(this.physical.module.wasm, this.physical.functionIndex));

  private readonly instructions = once((): readonly Instruction[] => [
    ...(this.code()?.instructions() ?? []),
  ]);

  /** The line of the instruction that assigned a local directly in front of `from`; undefined where none did. */
  private lineOfAssignment(local: number, from: CodeOffset): number | undefined {
    const start = this.code()?.body.start ?? 0;
    const last = this.instructions().find(({ offset, length }) => start + offset + length === from);
    const assigns = last !== undefined && /^local\.(set|tee)$/.test(last.mnemonic);
    if (!assigns || indexImmediate(last, "local") !== local) return undefined;
    return this.lineAt(codeOffset(start + last.offset));
  }

  /** Of the frame's function, in the file that it stands in: of the call, where the code was inlined into it. */
  private lineAt(at: CodeOffset): number | undefined {
    const activations = activationsAt(this.subprogram, at);
    const index = activations.findIndex(({ entry }) => entry.offset === this.activation.offset);
    if (index < 0) return undefined;
    const inlined = activations[index + 1]?.entry;
    const file = this.location?.file.path;
    if (inlined === undefined) {
      const row = this.subprogram.unit.lines?.rowAt(at);
      return row?.file?.path === file ? row?.line : undefined;
    }
    const number = inlined.unsigned(DW_AT.call_file);
    const called = number === undefined ? undefined : inlined.unit.lines?.file(number);
    return called?.path === file ? inlined.unsigned(DW_AT.call_line) : undefined;
  }

  /** The lines of the branches that start another turn of the innermost loop around the frame, 0 where unknown. */
  private linesOfLoop(): readonly number[] {
    const here = this.pc - (this.code()?.body.start ?? 0);
    const loops: number[] = [];
    const lines: number[] = [];
    for (const instruction of this.instructions()) {
      const { mnemonic, depth, offset } = instruction;
      if (mnemonic === "end" && loops.at(-1) === depth) {
        if (offset > here) return lines;
        loops.pop();
      }
      if (mnemonic === "loop" && offset < here) loops.push(depth);
      const label = offset > here && /^br/.test(mnemonic) ? indexImmediate(instruction, "label") : undefined;
      if (label !== undefined && depth - 1 - label === loops.at(-1))
        lines.push(this.lineAt(codeOffset(this.pc - here + offset)) ?? 0);
    }
    return [];
  }
}
