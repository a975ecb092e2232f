/**
 * Why WebAssembly itself stopped: told from the instruction at the youngest frame's offset, with its
 * operands where the dump recorded them (Wasm core specification, "Traps").
 */
import { attempt, FormatError } from "../../bytes/errors";
import { functionIndex } from "../../bytes/offsets";
import type { Register } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { FunctionCode } from "../../wasm/function-code";
import type { Immediate, Instruction } from "../../wasm/instructions";
import type { FunctionType } from "../../wasm/types";
import type { PhysicalFrame, TrapKind } from "../model";
import { integer } from "./registers";

export interface Trap {
  readonly kind: TrapKind;
  /** What happened, with operands: "integer divide by zero: 42 / 0". */
  readonly text: string;
  /** Further facts, one a line. */
  readonly details: readonly string[];
}

/** What the host's error text says about the kind, for instructions that trap in several ways. */
const ERROR_KINDS: readonly (readonly [RegExp, TrapKind])[] = [
  [/maximum call stack|stack overflow|call stack exhausted|too much recursion/i, "stack-overflow"],
  [/divide by zero|division by zero|remainder by zero/i, "integer-divide-by-zero"],
  [/divide result unrepresentable|integer overflow/i, "integer-overflow"],
  [/float unrepresentable|invalid conversion/i, "invalid-conversion"],
  [
    /table index is out of bounds|undefined element|table access out of bounds|out of bounds table/i,
    "table-out-of-bounds",
  ],
  [/memory access out of bounds|out of bounds memory/i, "memory-out-of-bounds"],
  [/null function or function signature mismatch/i, "unknown"],
  [/signature mismatch|indirect call (type )?mismatch|type mismatch/i, "indirect-call-type-mismatch"],
  [/uninitialized element|null function/i, "indirect-call-to-null"],
  [/unaligned/i, "unaligned-atomic"],
  [/dereferencing a null pointer|null reference/i, "null-reference"],
  [/illegal cast|cast failure/i, "cast-failure"],
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
  if (/^table\.(get|set|fill|copy|init|grow)$/.test(name))
    return plain("table-out-of-bounds", `${name}: table access out of bounds`);
  if (/^memory\.(copy|fill|init)$/.test(name)) return bulkMemory(name, frame);
  const memarg = instruction.immediates.find((immediate) => immediate.kind === "memarg");
  if (memarg?.kind === "memarg") return memoryAccess(instruction, memarg, frame, reported);
  return plain(reported ?? "unknown", error ?? `stopped at ${name}`);
}

const plain = (kind: TrapKind, text: string, details: readonly string[] = []): Trap => ({
  kind,
  text,
  details,
});

/** The operand `depth` places below the top of the operand stack. */
function operand(frame: PhysicalFrame, depth: number): Register | undefined {
  const index = frame.core.stack.length - 1 - depth;
  const register = index < 0 ? undefined : frame.machine.operand(index);
  return register instanceof Missing ? undefined : register;
}

function division(name: string, frame: PhysicalFrame, reported: TrapKind | undefined): Trap {
  const signed = name.endsWith("_s");
  const sign = name.includes("rem") ? "%" : "/";
  const divisor = integer(operand(frame, 0), signed);
  const dividend = integer(operand(frame, 1), signed);
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
  const register = operand(frame, 0);
  const text = `invalid conversion to integer (${name})`;
  if (register === undefined || (register.type !== "f32" && register.type !== "f64"))
    return plain("invalid-conversion", text);
  const view = new DataView(register.bytes.buffer, register.bytes.byteOffset);
  const value = register.type === "f32" ? view.getFloat32(0, true) : view.getFloat64(0, true);
  return plain("invalid-conversion", `${text}: ${value} is not representable`);
}

function hostCall(instruction: Instruction, frame: PhysicalFrame, error: string | undefined): Trap {
  const callee = instruction.immediates.find((immediate) => immediate.kind === "function");
  const { wasm } = frame.module;
  const index = callee?.kind === "function" ? callee.value : undefined;
  const name =
    index === undefined ? undefined : (wasm.functionName(functionIndex(index)) ?? `wasm-function[${index}]`);
  if (index !== undefined && index < wasm.importedFunctionCount) {
    return plain("host-call", error ?? `the host function ${name} did not return`, [
      `in a call of the host function ${name}`,
    ]);
  }
  return plain("unknown", error ?? `stopped in a call of ${name ?? "an unknown function"}`);
}

function indirectCall(instruction: Instruction, frame: PhysicalFrame, reported: TrapKind | undefined): Trap {
  const { wasm } = frame.module;
  const immediate = (kind: Immediate["kind"]): number | undefined => {
    const found = instruction.immediates.find((candidate) => candidate.kind === kind);
    return found !== undefined && "value" in found && typeof found.value === "number"
      ? found.value
      : undefined;
  };
  const table = immediate("table") ?? 0;
  const type = immediate("type");
  const expected = type === undefined ? undefined : wasm.typeAt(type);
  const wanted = expected === undefined ? [] : [`expected signature: ${signature(expected)}`];
  const slotValue = integer(operand(frame, 0), false);
  if (slotValue === undefined) {
    return plain(
      reported ?? "unknown",
      "indirect call failed: null entry, wrong signature or index out of bounds",
      wanted,
    );
  }
  const slot = Number(slotValue);
  const minimum = wasm.tables[table]?.minimum ?? 0;
  const entry = wasm.tableEntry(table, slot);
  const where = `table slot ${slot}`;
  if (entry === "null")
    return plain("indirect-call-to-null", `indirect call to null: ${where} is empty`, wanted);
  if (entry !== undefined) {
    const actual = wasm.functionType(entry);
    const name = wasm.functionName(entry) ?? `wasm-function[${entry}]`;
    if (actual !== undefined && expected !== undefined && signature(actual) !== signature(expected)) {
      return plain(
        "indirect-call-type-mismatch",
        `indirect call to a function of another type: ${where} holds ${name}`,
        [...wanted, `actual signature: ${signature(actual)}`],
      );
    }
    return plain(
      reported ?? "unknown",
      `indirect call failed: ${where} held ${name} when the program started`,
      wanted,
    );
  }
  if (slot >= minimum && reported !== "indirect-call-to-null" && reported !== "indirect-call-type-mismatch") {
    return plain(
      "table-out-of-bounds",
      `indirect call out of bounds: index ${slot}, the table has ${minimum} entries`,
      wanted,
    );
  }
  return plain(
    reported ?? "indirect-call-to-null",
    `indirect call to ${where}, which holds no function`,
    wanted,
  );
}

function signature(type: FunctionType): string {
  return `(${type.parameters.join(", ")}) -> (${type.results.join(", ")})`;
}

/** Bytes that an access touches, from the width in its mnemonic. */
function accessWidth(name: string): number {
  if (name.startsWith("v128.")) {
    const narrow = /(?:load|store)(\d+)(?:_splat|_zero|_lane)|load(\d+)x(\d+)/.exec(name);
    if (narrow === null) return 16;
    return narrow[1] === undefined ? (Number(narrow[2]) * Number(narrow[3])) / 8 : Number(narrow[1]) / 8;
  }
  const narrow = /(?:load|store|rmw|notify|wait)(8|16|32|64)/.exec(name);
  if (narrow !== null) return Number(narrow[1]) / 8;
  return /^[if]64/.test(name) ? 8 : 4;
}

function memoryAccess(
  instruction: Instruction,
  memarg: Extract<Immediate, { kind: "memarg" }>,
  frame: PhysicalFrame,
  reported: TrapKind | undefined,
): Trap {
  const name = instruction.mnemonic;
  const width = accessWidth(name);
  const doing = /store/.test(name)
    ? "writing"
    : /rmw|cmpxchg|wait|notify/.test(name)
      ? "atomic access of"
      : "reading";
  // Below the address on the stack: nothing for a load, the value for a store, more for atomics.
  const above = /cmpxchg|atomic\.wait/.test(name) ? 2 : /store|rmw|notify|_lane/.test(name) ? 1 : 0;
  const base = integer(operand(frame, above), false);
  const size = frame.memorySize(memarg.memory);
  const text = `memory access out of bounds: ${doing} ${width} byte${width === 1 ? "" : "s"}`;
  if (base === undefined) return plain(reported ?? "memory-out-of-bounds", text, sizeDetail(size));
  const start = base + memarg.offset;
  const place = `at 0x${start.toString(16)}`;
  if (size !== undefined && start + BigInt(width) <= BigInt(size)) {
    const unaligned = name.includes("atomic") && start % BigInt(width) !== 0n;
    if (unaligned) return plain("unaligned-atomic", `unaligned atomic access ${place}`);
    return plain(reported ?? "unknown", `${name} ${place} trapped`, sizeDetail(size));
  }
  const details = memarg.offset === 0n ? [] : [`base 0x${base.toString(16)} + offset ${memarg.offset}`];
  return plain("memory-out-of-bounds", `${text} ${place}`, [...details, ...sizeDetail(size)]);
}

function bulkMemory(name: string, frame: PhysicalFrame): Trap {
  const length = integer(operand(frame, 0), false);
  const source = integer(operand(frame, 1), false);
  const destination = integer(operand(frame, 2), false);
  const size = sizeDetail(frame.memorySize(0));
  if (length === undefined || source === undefined || destination === undefined) {
    return plain("memory-out-of-bounds", `${name}: memory access out of bounds`, size);
  }
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  const from = name === "memory.fill" ? "" : ` from ${hex(source)}`;
  return plain(
    "memory-out-of-bounds",
    `${name}: ${length} bytes at ${hex(destination)}${from} are out of bounds`,
    size,
  );
}

function sizeDetail(size: number | undefined): readonly string[] {
  return size === undefined ? [] : [`the memory has 0x${size.toString(16)} bytes (${size / 65536} pages)`];
}
