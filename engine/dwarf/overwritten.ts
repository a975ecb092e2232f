/**
 * Whether what a Wasm location names is still there. LLVM overlooks some assignments when it ends the locations of
 * values, and lets locations in operands go on after these have been popped: what lies there then is another value.
 */
import type { ExpressionContext } from "./expression-context";
import type { Register } from "./machine";
import { Missing, missing } from "./missing";
import { WASM_LOCATION } from "./operations";
import { canBeAddress, type NamedRegister, type Use, wasmRegister } from "./wasm-registers";

export class Overwritten {
  constructor(
    private readonly context: ExpressionContext,
    private readonly forFrameBase: boolean,
  ) {}

  /** What a Wasm location names, as long as it was the variable's. */
  register(kind: number, index: number, use: Use): NamedRegister | Missing {
    const { machine } = this.context;
    const found = wasmRegister(machine, kind, index, this.forFrameBase);
    if (kind === WASM_LOCATION.operand)
      return found instanceof Missing ? found : (this.operand(index) ?? found);
    if (kind !== WASM_LOCATION.local) return found;
    const isAddress = !(found instanceof Missing) && canBeAddress(found.register, machine.addressSize);
    const actual = use === "address" && !isAddress ? "value" : use;
    const gone = this.local(index, actual === "address" ? "any" : "overlooked");
    if (gone === undefined) return found;
    const former = this.former(index, actual);
    if (former !== undefined) return { name: `local ${index}`, register: former };
    return found instanceof Missing ? found : gone;
  }

  /**
   * Why a local does not hold what its location says; undefined where nothing speaks against it. LLVM overlooks all
   * assignments to the local of an address, or to one that it gives for the whole of a scope. The prologue assigns
   * the local of a frame base, first of all; what comes after is another value, which LLVM lets in before a call that
   * does not return.
   */
  private local(index: number, by: "any" | "overlooked"): Missing | undefined {
    const { holds, machine } = this.context;
    const explanation = `local ${index} has been reused since`;
    if (this.forFrameBase)
      return machine.frameBase === undefined && machine.localWrittenSince?.(index, "first", "any") === true
        ? missing("frame-base-unknown", explanation)
        : undefined;
    if (holds === undefined) return undefined;
    return machine.localWrittenSince?.(index, holds.from, holds.throughout ? "any" : by) === true
      ? missing("optimized-out", explanation)
      : undefined;
  }

  /** What a local that was overwritten held of the variable; undefined where that is not certain. */
  private former(index: number, use: Use): Register | undefined {
    const { holds, machine, changes } = this.context;
    if (holds === undefined || this.forFrameBase) return undefined;
    return machine.localOf?.(index, { since: holds, use, changes: changes?.() ?? "anything" });
  }

  /** Why another operand lies where the location says. */
  private operand(index: number): Missing | undefined {
    const { holds, machine } = this.context;
    return holds?.throughout === false && machine.operandPoppedSince?.(index, holds.from) === true
      ? missing("optimized-out", `operand ${index} has been popped since`)
      : undefined;
  }
}
