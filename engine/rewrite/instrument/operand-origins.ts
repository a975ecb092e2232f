/**
 * Where the operands on the stack come from, as far as straight code tells: which local, with which of the values that
 * it has had, or which constant. So a check of an address that was checked before is left out.
 */
import { op } from "./code";
import type { CodeCursor } from "./cursor";
import type { Effects } from "./effects";

/**
 * An operand's origin; undefined where it is not known. Of a constant it is less than 0 (`constantOf`), else it stands
 * for a value that a local has had. Equal numbers are equal values.
 */
export type Origin = number | undefined;

const ofConstant = (value: number): Origin => -1 - value;

/** The constant, as an unsigned number, that an origin stands for. */
export const constantOf = (origin: number): number | undefined => (origin < 0 ? -1 - origin : undefined);

export class OperandOrigins {
  /** Operands that were pushed since the last label; below them are others. */
  private readonly stack: Origin[] = [];
  private height = 0;
  /** For each local the value that it has: each that is written is another one. */
  private readonly values: Float64Array;
  private nextValue: number;

  constructor(
    private readonly effects: Effects,
    locals: number,
  ) {
    this.values = Float64Array.from({ length: locals }, (_, local) => local);
    this.nextValue = locals;
  }

  /** The operand that lies so many below the top. */
  at(below: number): Origin {
    return this.stack[this.height - 1 - below];
  }

  /** Follows an instruction. */
  step(cursor: CodeCursor): void {
    const { values } = this;
    const { value } = cursor;
    const { code, structure } = cursor.opcode;
    if (structure !== "plain") {
      this.height = 0;
      return;
    }
    switch (code) {
      case op.localGet:
        this.push(values[value]);
        return;
      case op.localSet:
      case op.localTee:
        this.pop(1);
        values[value] = this.nextValue++;
        if (code === op.localTee) this.push(values[value]);
        return;
      case op.i32Const:
        this.push(ofConstant(cursor.constant >>> 0));
        return;
      case op.i64Const:
        this.push(ofConstant(cursor.constant < 0 ? cursor.constant + 2 ** 64 : cursor.constant));
        return;
    }
    const effect = this.effects.of(cursor);
    if (effect === undefined) {
      this.height = 0;
      return;
    }
    this.pop(effect.pops);
    for (let left = effect.pushes; left > 0; left--) this.push(undefined);
  }

  private push(origin: Origin): void {
    this.stack[this.height++] = origin;
  }

  private pop(count: number): void {
    this.height = Math.max(0, this.height - count);
  }
}
