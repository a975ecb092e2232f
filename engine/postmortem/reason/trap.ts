/**
 * Why WebAssembly itself stopped: told from the instruction at the youngest frame's offset, with its
 * operands where they are known (Wasm core specification, "Traps").
 */
import { attempt, FormatError } from "../../bytes/errors";
import type { Register } from "../../dwarf/machine";
import { FunctionCode } from "../../wasm/function-code";
import type { Instruction } from "../../wasm/instructions";
import type { PhysicalFrame, TrapKind } from "../model";
import { operandsAt } from "../operands";
import { hostCall } from "./host-call";
import { bulkMemory, memoryAccess } from "./memory-trap";
import { integer } from "./registers";
import { plain, type Trap } from "./statement";
import { indirectCall, tableAccess } from "./table-trap";

/**
 * What the host's error text says about the kind, for instructions that trap in several ways and frames whose
 * instruction is not known: in the words of V8, SpiderMonkey, JavaScriptCore, Wasmtime and the specification's tests.
 */
const ERROR_KINDS: readonly (readonly [RegExp, TrapKind])[] = [
  [/maximum call stack|stack overflow|call stack exhausted|too much recursion/i, "stack-overflow"],
  [/divide by zero|division by zero|remainder by zero/i, "integer-divide-by-zero"],
  [/divide result unrepresentable|integer overflow/i, "integer-overflow"],
  [/float unrepresentable|invalid conversion|out of bounds trunc/i, "invalid-conversion"],
  [
    /table index is out of bounds|undefined element|table access out of bounds|out of bounds (table|call_indirect)/i,
    "table-out-of-bounds",
  ],
  [/memory access out of bounds|out of bounds memory/i, "memory-out-of-bounds"],
  [/null function or function signature mismatch/i, "unknown"],
  [
    /signature (mismatch|that does not match)|indirect call (type )?mismatch|type mismatch/i,
    "indirect-call-type-mismatch",
  ],
  [/uninitialized element|null function|indirect call to null|null table entry/i, "indirect-call-to-null"],
  [/unaligned/i, "unaligned-atomic"],
  [/dereferencing (a )?null pointer|null reference/i, "null-reference"],
  [/illegal cast|bad cast|cast failure|failed to cast/i, "cast-failure"],
  [/unreachable/i, "unreachable"],
];

/** @param error the host's error text, when the dump has it */
export function explainTrap(frame: PhysicalFrame, error: string | undefined): Trap {
  const reported = ERROR_KINDS.find(([pattern]) => error !== undefined && pattern.test(error))?.[1];
  if (reported === "stack-overflow")
    return plain("stack-overflow", "call stack exhausted: the recursion is too deep");
  const instruction = instructionOf(frame);
  if (instruction === undefined)
    return plain(reported ?? "unknown", error ?? "the trapping instruction is not known");
  return explainInstruction(instruction, frame, reported, error);
}

/** The instruction where a frame stands; undefined when its offset is not an instruction's. */
export function instructionOf(frame: PhysicalFrame): Instruction | undefined {
  const found = attempt(() =>
    FunctionCode.of(frame.module.wasm, frame.functionIndex)?.instructionAt(frame.core.offset),
  );
  return found instanceof FormatError ? undefined : found;
}

function explainInstruction(
  instruction: Instruction,
  frame: PhysicalFrame,
  reported: TrapKind | undefined,
  error: string | undefined,
): Trap {
  const name = instruction.mnemonic;
  if (name === "unreachable") return plain("unreachable", "unreachable executed");
  if (/^i(32|64)\.(div|rem)_[su]$/.test(name)) return division(name, frame, reported);
  if (/^i(32|64)\.trunc_f(32|64)_[su]$/.test(name)) return conversion(name, frame);
  if (name === "call_indirect" || name === "return_call_indirect")
    return indirectCall(instruction, frame, reported);
  if (/^(return_)?call_ref$/.test(name))
    return plain("null-reference", `${name} on a null function reference`);
  if (/^(return_)?call$/.test(name)) return hostCall(instruction, frame, error);
  if (/^throw(_ref)?$|^rethrow$/.test(name))
    return plain("uncaught-exception", "an exception was thrown and not caught");
  if (/^ref\.cast/.test(name))
    return plain("cast-failure", "ref.cast: the reference is not of the wanted type");
  if (/^(struct|array)\.|^ref\.as_non_null|^i31\.get/.test(name) && reported !== undefined)
    return plain(reported, error ?? name);
  if (/^table\.(get|set|fill|copy|init|grow)$/.test(name)) return tableAccess(instruction, frame);
  if (/^memory\.(copy|fill|init)$/.test(name)) return bulkMemory(instruction, frame);
  const memarg = instruction.immediates.find((immediate) => immediate.kind === "memarg");
  if (memarg?.kind === "memarg") return memoryAccess(instruction, memarg, frame, reported);
  return plain(reported ?? "unknown", error ?? `stopped at ${name}`);
}

function division(name: string, frame: PhysicalFrame, reported: TrapKind | undefined): Trap {
  const signed = name.endsWith("_s");
  const sign = name.includes("rem") ? "%" : "/";
  const [dividend, divisor] = operandsAt(frame).map((operand) => integer(operand, signed));
  const known = divisor !== undefined && dividend !== undefined ? `: ${dividend} ${sign} ${divisor}` : "";
  const minimum = name.startsWith("i32") ? -(1n << 31n) : -(1n << 63n);
  if (divisor === 0n) return plain("integer-divide-by-zero", `integer divide by zero${known}`);
  if (divisor === -1n && dividend === minimum) return plain("integer-overflow", `integer overflow${known}`);
  if (reported === "integer-overflow") return plain(reported, "integer overflow in a division");
  if (reported === "integer-divide-by-zero" || !signed || name.includes("rem"))
    return plain("integer-divide-by-zero", "integer divide by zero");
  return plain("unknown", `${name} trapped: integer divide by zero or integer overflow`);
}

function conversion(name: string, frame: PhysicalFrame): Trap {
  const [register] = operandsAt(frame);
  const text = `invalid conversion to integer (${name})`;
  if (register === undefined || (register.type !== "f32" && register.type !== "f64"))
    return plain("invalid-conversion", text);
  const value = floatOf(register);
  return plain("invalid-conversion", `${text}: ${value} is not representable`);
}

function floatOf({ type, bytes }: Register): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return type === "f32" ? view.getFloat32(0, true) : view.getFloat64(0, true);
}
