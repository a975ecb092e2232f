/**
 * Where the operands on the stack come from, as far as straight code tells: which local, with which of the values that
 * it has had, or which constant. So a check of an address that was checked before is left out.
 */
import type { WasmModule } from "../../wasm/module";
import { op } from "./code";
import type { CodeCursor } from "./cursor";
import { Effects } from "./effects";

/** An operand's origin; undefined where it is not known. Equal texts are equal values. */
export type Origin = string | undefined;

export class OperandOrigins {
  /** Operands that were pushed since the last label; below them are others. */
  private stack: Origin[] = [];
  /** How often each local was written. */
  private readonly versions = new Map<number, number>();

  private readonly effects: Effects;

  constructor(module: WasmModule) {
    this.effects = new Effects(module);
  }

  /** The operand that lies so many below the top. */
  at(below: number): Origin {
    return this.stack[this.stack.length - 1 - below];
  }

  /** Follows an instruction. */
  step(cursor: CodeCursor): void {
    const { stack, versions } = this;
    const { value } = cursor;
    const { code, structure } = cursor.opcode;
    const version = () => `local ${value} ${versions.get(value) ?? 0}`;
    if (structure !== "plain") {
      stack.length = 0;
      return;
    }
    switch (code) {
      case op.localGet:
        stack.push(version());
        return;
      case op.localSet:
      case op.localTee:
        stack.pop();
        versions.set(value, (versions.get(value) ?? 0) + 1);
        if (code === op.localTee) stack.push(version());
        return;
      case op.i32Const:
      case op.i64Const:
        stack.push(`constant ${BigInt.asUintN(code === op.i32Const ? 32 : 64, cursor.constant)}`);
        return;
    }
    const effect = this.effects.of(cursor);
    if (effect === undefined) {
      stack.length = 0;
      return;
    }
    stack.length = Math.max(0, stack.length - effect.pops);
    for (let left = effect.pushes; left > 0; left--) stack.push(undefined);
  }
}
