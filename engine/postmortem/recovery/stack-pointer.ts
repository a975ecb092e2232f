/**
 * The shadow stack of a module: compilers that follow LLVM keep what needs an address below the global
 * `__stack_pointer`, which every function lowers at its entry and gives back as it was.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { functionIndex } from "../../bytes/offsets";
import { constantOffset } from "../../wasm/constant";
import { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import { indexImmediate } from "../../wasm/operands";
import { evaluateTo } from "./evaluation";
import type { ShadowStack } from "./shadow-stack";
import { Budget, recovering, Unrecoverable } from "./unrecoverable";

/** Bytes of the longest body that may move the stack pointer for its caller (`stackRestore`, `stackAlloc`). */
const LONGEST_HELPER = 128;
/** Operations that looking at such a helper may cost. */
const HELPER_BUDGET = 10_000;
const NAME = "__stack_pointer";
/** Bytes of which the stack pointer is a multiple. */
const ALIGNMENT = 16;

export class StackPointer implements ShadowStack {
  /** Index of the global; undefined where the module has none that can be told. */
  readonly global: number | undefined;
  /** The module's tools for saving and restoring are exported: its host may move the stack pointer. */
  private hostMoves: boolean | undefined;
  private readonly preserving = new Map<number, boolean>();

  constructor(readonly module: WasmModule) {
    this.global = findGlobal(module);
  }

  /** Its value before the program runs, unsigned; undefined where that is not known, or the host may change it. */
  get initial(): bigint | undefined {
    if (this.global === undefined || this.isMovedByHost) return undefined;
    const initial = this.module.globals[this.global]?.initial;
    if (initial?.type !== "i32" && initial?.type !== "i64") return undefined;
    return BigInt.asUintN(initial.type === "i32" ? 32 : 64, BigInt(initial.value));
  }

  /** Whether code outside of the module can move it: what a caller had need not be what its host's callee starts with. */
  get isMovedByHost(): boolean {
    return (this.hostMoves ??= this.module.exports.some(
      ({ kind, index }) =>
        (kind === "global" && index === this.global) || (kind === "function" && !this.isPreservedBy(index)),
    ));
  }

  /** Whether a function gives the stack pointer back as it was. Long ones do: they have a prologue and an epilogue. */
  isPreservedBy(callee: number): boolean {
    const known = this.preserving.get(callee);
    if (known !== undefined) return known;
    this.preserving.set(callee, true); // for calls in a circle
    const preserved = this.preserves(callee);
    this.preserving.set(callee, preserved);
    return preserved;
  }

  private preserves(callee: number): boolean {
    const { module } = this;
    const body = module.body(functionIndex(callee));
    if (body === undefined || body.size > LONGEST_HELPER) return true;
    const found = attempt(() => {
      const code = FunctionCode.of(module, functionIndex(callee))!;
      if (!setsGlobal(code, this.global)) return true;
      const end = recovering(() =>
        evaluateTo(module, code, "return", this, "stack pointer", new Budget(HELPER_BUDGET)),
      );
      return !(end instanceof Unrecoverable) && end.stackPointer === end.terms.entry;
    });
    return !(found instanceof FormatError) && found;
  }
}

function setsGlobal(code: FunctionCode, global: number | undefined): boolean {
  for (const instruction of code.instructions())
    if (instruction.mnemonic === "global.set" && indexImmediate(instruction, "global") === global)
      return true;
  return false;
}

/** The global of that name; where names were stripped the first, if it looks like what LLVM's linker puts there. */
function findGlobal(module: WasmModule): number | undefined {
  const fits = (index: number): boolean => {
    const declared = module.globals[index];
    return declared?.mutable === true && declared.type === (module.memories[0]?.addressType ?? "i32");
  };
  const named = module.globals.findIndex((_, index) => module.globalName(index)?.endsWith(NAME));
  if (named >= 0) return fits(named) ? named : undefined;
  const unnamed = module.globals.every((_, index) => module.globalName(index) === undefined);
  const initial = constantOffset(module.globals[0]?.initial) ?? 0;
  return unnamed && fits(0) && initial > 0 && initial % ALIGNMENT === 0 ? 0 : undefined;
}
