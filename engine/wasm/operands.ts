/**
 * How many operands each instruction takes from the operand stack and how many it leaves there
 * (Wasm core specification, "Validation: Instructions").
 *
 * Numbers only, no types: enough to say where on the stack an instruction's operands are. What cannot be
 * told, for want of a type or of a rule, is `undefined`.
 */
import { functionIndex } from "../bytes/offsets";
import type { Immediate, Instruction } from "./instructions";
import type { WasmModule } from "./module";
import type { BlockType, FunctionType } from "./types";

/** What an instruction does to the operand stack when execution goes on behind it. */
export interface StackEffect {
  readonly pops: number;
  readonly pushes: number;
}

/**
 * The operands that an instruction takes and the results that it leaves. Blocks take and leave nothing but
 * the condition of `if`: their parameters stay where they are. Operands that a branch carries to its label
 * count as left alone, since they lie there still when it is not taken.
 * @returns undefined when a type is missing, or for continuations, whose types are not kept
 */
export function stackEffect(module: WasmModule, instruction: Instruction): StackEffect | undefined {
  const { mnemonic } = instruction;
  const byType = typed[mnemonic];
  if (byType !== undefined) return byType(module, instruction);
  return fixedEffect(mnemonic);
}

/** Whether code behind the instruction is reached by branches only. */
export function endsStraightCode(mnemonic: string): boolean {
  return /^(unreachable|br|br_table|return|return_call.*|throw|throw_ref|rethrow)$/.test(mnemonic);
}

/** A block's parameters and results, counted; undefined when its type is not in the module. */
export function blockArity(
  module: WasmModule,
  type: BlockType,
): { readonly parameters: number; readonly results: number } | undefined {
  if (type.kind === "empty") return { parameters: 0, results: 0 };
  if (type.kind === "result") return { parameters: 0, results: 1 };
  const found = module.typeAt(type.index);
  return found && { parameters: found.parameters.length, results: found.results.length };
}

/** The value of an instruction's index immediate of one kind, e.g. the `type` of call_indirect. */
export function indexImmediate(instruction: Instruction, kind: Immediate["kind"]): number | undefined {
  const found = instruction.immediates.find((immediate) => immediate.kind === kind);
  return found !== undefined && "value" in found && typeof found.value === "number" ? found.value : undefined;
}

/** The local that an instruction assigns (`local.set`, `local.tee`); undefined for all others. */
export function assignedLocal(instruction: Instruction): number | undefined {
  const { mnemonic } = instruction;
  return mnemonic === "local.set" || mnemonic === "local.tee"
    ? indexImmediate(instruction, "local")
    : undefined;
}

type Typed = (module: WasmModule, instruction: Instruction) => StackEffect | undefined;

/** As a function type says, after `extra` operands (the index or reference of an indirect call). */
function asType(type: FunctionType | undefined, extra: number): StackEffect | undefined {
  return type && { pops: type.parameters.length + extra, pushes: type.results.length };
}

const byFunction: Typed = (module, instruction) => {
  const index = indexImmediate(instruction, "function");
  return index === undefined ? undefined : asType(module.functionType(functionIndex(index)), 0);
};

const bySignature: Typed = (module, instruction) => {
  const index = indexImmediate(instruction, "type");
  return index === undefined ? undefined : asType(module.typeAt(index), 1);
};

const byTag: Typed = (module, instruction) => {
  const index = indexImmediate(instruction, "tag");
  return index === undefined ? undefined : asType(module.tagType(index), 0);
};

/** Instructions whose operands depend on a type of the module or on an immediate. */
const typed: Readonly<Record<string, Typed>> = {
  call: byFunction,
  return_call: byFunction,
  call_indirect: bySignature,
  return_call_indirect: bySignature,
  call_ref: bySignature,
  return_call_ref: bySignature,
  throw: byTag,
  suspend: byTag,
  "struct.new": (module, instruction) => {
    const fields = module.fieldCount(indexImmediate(instruction, "type") ?? -1);
    return fields === undefined ? undefined : { pops: fields, pushes: 1 };
  },
  "array.new_fixed": (_, instruction) => {
    const pops = indexImmediate(instruction, "count");
    return pops === undefined ? undefined : { pops, pushes: 1 };
  },
};

/** Mnemonics, operands taken, results left: the first row that fits counts. */
const fixed: readonly (readonly [RegExp, pops: number, pushes: number])[] = [
  // Control
  [/^(nop|unreachable|block|loop|try|try_table|else|catch|catch_all|delegate|end)$/, 0, 0],
  [/^(br|return|rethrow)$/, 0, 0],
  [/^(if|br_if|br_table|br_on_non_null|throw_ref|drop)$/, 1, 0],
  [/^(br_on_null|br_on_cast|br_on_cast_fail)$/, 1, 1],
  [/^select$/, 3, 1],
  // Variables and constants
  [/^(local\.get|global\.get|ref\.null|ref\.func|memory\.size|table\.size)$/, 0, 1],
  [/^(i32|i64|f32|f64|v128)\.const$/, 0, 1],
  [/^(local|global)\.set$/, 1, 0],
  [/^local\.tee$/, 1, 1],
  // Tables and memory
  [/^(table\.get|memory\.grow)$/, 1, 1],
  [/^table\.set$/, 2, 0],
  [/^table\.grow$/, 2, 1],
  [/^(table\.(fill|copy|init)|memory\.(fill|copy|init))$/, 3, 0],
  [/^(data\.drop|elem\.drop|atomic\.fence)$/, 0, 0],
  [/^memory\.atomic\.notify$/, 2, 1],
  [/^memory\.atomic\.wait(32|64)$/, 3, 1],
  [/\.atomic\.rmw.*\.cmpxchg(_u)?$/, 3, 1],
  [/\.atomic\.rmw/, 2, 1],
  [/^v128\.load\d+_lane$/, 2, 1],
  [/\.load[^.]*$/, 1, 1],
  [/\.store[^.]*$/, 2, 0],
  // References
  [/^ref\.eq$/, 2, 1],
  [/^(ref\.(is_null|as_non_null|test|cast|i31)|i31\.get_[su])$/, 1, 1],
  [/^(any\.convert_extern|extern\.convert_any)$/, 1, 1],
  [/^struct\.new_default$/, 0, 1],
  [/^struct\.get(_[su])?$/, 1, 1],
  [/^struct\.set$/, 2, 0],
  [/^array\.(new_default|len)$/, 1, 1],
  [/^array\.(new|new_data|new_elem|get|get_s|get_u)$/, 2, 1],
  [/^array\.set$/, 3, 0],
  [/^array\.(fill|init_data|init_elem)$/, 4, 0],
  [/^array\.copy$/, 5, 0],
  [/^cont\.new$/, 1, 1],
  // Wide arithmetic
  [/^i64\.(add|sub)128$/, 4, 2],
  [/^i64\.mul_wide_[su]$/, 2, 2],
  // Numbers: one operand
  [/^i(32|64)\.(eqz|clz|ctz|popcnt|wrap_i64|extend(8|16|32|_i32)_[su]|reinterpret_f(32|64))$/, 1, 1],
  [/^i(32|64)\.trunc_/, 1, 1],
  [/^f(32|64)\.(abs|neg|ceil|floor|trunc|nearest|sqrt)$/, 1, 1],
  [/^f(32|64)\.(convert_|demote_|promote_|reinterpret_)/, 1, 1],
  // Numbers: two
  [/^i(32|64)\.(add|sub|mul|div_[su]|rem_[su]|and|or|xor|shl|shr_[su]|rotl|rotr)$/, 2, 1],
  [/^i(32|64)\.(eq|ne|[lg][te]_[su])$/, 2, 1],
  [/^f(32|64)\.(add|sub|mul|div|min|max|copysign|eq|ne|[lg][te])$/, 2, 1],
  // Vectors: one
  [/^v128\.(not|any_true)$/, 1, 1],
  [/x\d+\.(splat|extract_lane(_[su])?)$/, 1, 1],
  [/x\d+\.(abs|neg|popcnt|all_true|bitmask|ceil|floor|trunc|nearest|sqrt)$/, 1, 1],
  [/x\d+\.(extadd_pairwise_|extend_|trunc_sat_|convert_|demote_|promote_|relaxed_trunc_)/, 1, 1],
  // Vectors: three
  [/^v128\.bitselect$/, 3, 1],
  [/x\d+\.relaxed_(n?madd|laneselect|dot_i8x16_i7x16_add_s)$/, 3, 1],
  // Vectors: two
  [/^v128\.(and|andnot|or|xor)$/, 2, 1],
  [/x\d+\.(shuffle|swizzle|relaxed_swizzle|replace_lane|narrow_.*|extmul_.*)$/, 2, 1],
  [/x\d+\.(eq|ne|[lg][te](_[su])?)$/, 2, 1],
  [/x\d+\.(shl|shr_[su]|(add|sub)(_sat_[su])?|mul|div|avgr_u|p?(min|max)(_[su])?)$/, 2, 1],
  [/x\d+\.(q15mulr_sat_s|dot_i16x8_s)$/, 2, 1],
  [/x\d+\.relaxed_(min|max|q15mulr_s|dot_i8x16_i7x16_s)$/, 2, 1],
];

/** Effects of the mnemonics that were asked for: there are hundreds, and a crash has a dozen around it. */
const fixedEffects = new Map<string, StackEffect | undefined>();

function fixedEffect(mnemonic: string): StackEffect | undefined {
  if (!fixedEffects.has(mnemonic)) {
    const row = fixed.find(([pattern]) => pattern.test(mnemonic));
    fixedEffects.set(mnemonic, row && { pops: row[1], pushes: row[2] });
  }
  return fixedEffects.get(mnemonic);
}
