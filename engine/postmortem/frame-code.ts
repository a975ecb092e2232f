/**
 * The code of a frame's function beside the lines of the source: in which order both have what happens around the
 * instruction where the frame stands.
 */
import { once } from "../bytes/errors";
import { type BodyOffset, bodyOffset, type CodeOffset, codeOffset } from "../bytes/offsets";
import { DW_AT } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { FunctionCode } from "../wasm/function-code";
import type { Instruction } from "../wasm/instructions";
import { assignedLocal, indexImmediate } from "../wasm/operands";
import { activationsAt } from "./inlining";
import type { PhysicalFrame, SourceLocation } from "./model";

export class FrameCode {
  /**
   * @param activation the frame's function, as called or inlined into `subprogram`
   * @param location where the frame stands in it
   */
  constructor(
    readonly physical: PhysicalFrame,
    readonly pc: CodeOffset,
    private readonly subprogram: Entry,
    private readonly activation: Entry,
    readonly location: SourceLocation | undefined,
  ) {}

  /** Undefined where it is not in the file. */
  readonly code = once(() => FunctionCode.of(this.physical.module.wasm, this.physical.functionIndex));

  private readonly instructions = once((): readonly Instruction[] => [
    ...(this.code()?.instructions() ?? []),
  ]);

  get offset(): BodyOffset {
    return bodyOffset(this.pc - this.start);
  }

  at(offset: BodyOffset): CodeOffset {
    return codeOffset(this.start + offset);
  }

  private get start(): number {
    return this.code()?.body.start ?? 0;
  }

  /**
   * The line in the frame's function and file that an instruction is of: that of the call, where it was inlined into
   * it. 0 where none is known; undefined where it is of another function or file.
   */
  lineAt(at: CodeOffset): number | undefined {
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

  /**
   * The line of the instruction that gave a local the value that it was assigned directly in front of `from`; undefined
   * where it was not.
   */
  lineOfAssignment(local: number, from: CodeOffset): number | undefined {
    const all = this.instructions();
    const index = all.findIndex(({ offset, length }) => this.start + offset + length === from);
    const last = all[index];
    if (last === undefined || assignedLocal(last) !== local) return undefined;
    const giving = index > 0 ? this.lineAt(this.at(all[index - 1]!.offset)) : 0;
    return giving === 0 ? this.lineAt(this.at(last.offset)) : giving;
  }

  /** Whether the code from an instruction up to the frame's is run through without a branch or a join. */
  isStraightFrom(from: CodeOffset): boolean {
    return (
      from <= this.pc &&
      this.instructions().every(({ offset, opcode, mnemonic }) => {
        const at = this.at(offset);
        return at < from || at >= this.pc || (opcode.structure === "plain" && !leaves(mnemonic));
      })
    );
  }

  /**
   * Other code for the frame's place in the source, by an instruction like the one where the frame stands: a loop was
   * unrolled, or a function inlined twice.
   */
  readonly copies = once((): readonly CodeOffset[] => {
    const { lines } = this.subprogram.unit;
    const here = lines?.rowAt(this.pc);
    const mnemonic = this.instructions().find(({ offset }) => offset === this.offset)?.mnemonic;
    return this.instructions().flatMap((other) => {
      if (other.mnemonic !== mnemonic || other.offset === this.offset) return [];
      const at = this.at(other.offset);
      const row = lines?.rowAt(at);
      const isSame = row?.file === here?.file && row?.line === here?.line && row?.column === here?.column;
      return isSame ? [at] : [];
    });
  });

  get isCopied(): boolean {
    return this.copies().length > 0;
  }

  /** The lines of the branches that start another turn of the innermost loop around the frame, 0 where unknown. */
  readonly linesOfLoop = once((): readonly number[] => {
    const loops: number[] = [];
    const lines: number[] = [];
    for (const instruction of this.instructions()) {
      const { mnemonic, depth, offset } = instruction;
      const isBehind = offset > this.offset;
      if (mnemonic === "end" && loops.at(-1) === depth) {
        if (isBehind) return lines;
        loops.pop();
      }
      if (mnemonic === "loop" && !isBehind) loops.push(depth);
      const label = isBehind && /^br/.test(mnemonic) ? indexImmediate(instruction, "label") : undefined;
      if (label !== undefined && depth - 1 - label === loops.at(-1))
        lines.push(this.lineAt(this.at(offset)) ?? 0);
    }
    return [];
  });
}

/** Whether an instruction goes elsewhere than to the next. */
export const leaves = (mnemonic: string): boolean => /^(unreachable|br|return|throw|rethrow)/.test(mnemonic);
