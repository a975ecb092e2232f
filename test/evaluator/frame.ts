/** A machine, and a unit, for evaluating hand-written expressions. */
import { type Address, codeOffset, sectionOffset } from "../../engine/bytes/offsets";
import { ByteWriter } from "../../engine/bytes/writer";
import { type ExpressionContext, evaluate } from "../../engine/dwarf/evaluator";
import type { Machine, Register } from "../../engine/dwarf/machine";
import { Missing, missing } from "../../engine/dwarf/missing";
import type { Unit } from "../../engine/dwarf/model";
import type { Place } from "../../engine/dwarf/place";
import { fromBytes } from "../../engine/dwarf/stack-value";

export const i32 = (value: number): Register => ({
  type: "i32",
  bytes: new ByteWriter().u32(value >>> 0).finish(),
  provenance: "recorded",
});
export const i64 = (value: bigint): Register => ({
  type: "i64",
  bytes: new ByteWriter().u64(value).finish(),
  provenance: "recorded",
});

export interface MachineSpec {
  readonly locals?: readonly (Register | undefined)[];
  readonly operands?: readonly Register[];
  readonly globals?: readonly Register[];
  /** Bytes from address 0x1000. */
  readonly memory?: readonly number[];
}

export function machineOf(spec: MachineSpec = {}): Machine {
  const bytes = Uint8Array.from(spec.memory ?? []);
  return {
    pc: codeOffset(0x10),
    addressSize: 4,
    youngest: true,
    local: (index) => spec.locals?.[index] ?? missing("local-not-recorded", `local ${index}`),
    operand: (index) => spec.operands?.[index] ?? missing("operand-not-recorded"),
    global: (index) => spec.globals?.[index] ?? missing("global-not-recorded"),
    memory(at: Address, length: number) {
      const start = at - 0x1000;
      if (start < 0 || start + length > bytes.length) return missing("out-of-bounds");
      return bytes.subarray(start, start + length);
    },
    caller: () => undefined,
  };
}

/** A unit that says how wide things are and knows nothing else. */
const unit = {
  offset: sectionOffset(0),
  version: 5,
  addressSize: 4,
  offsetSize: 4,
  producer: "clang version 22.1.8",
  addressAt: (index: number) => (index === 1 ? 0x2000 : undefined),
  debug: { entryAt: () => undefined },
} as unknown as Unit;

export const unitOfVersion = (version: number): Unit => ({ ...unit, version });

export function evaluateBytes(
  expression: readonly number[],
  spec: MachineSpec = {},
  more: Partial<ExpressionContext> = {},
): Place | Missing {
  return evaluate(Uint8Array.from(expression), {
    machine: machineOf(spec),
    unit,
    subprogram: undefined,
    pc: codeOffset(0x10),
    debug: undefined,
    ...more,
  });
}

/** The unsigned number that a value place holds in its low `bits` bits. */
export function numberOf(place: Place | Missing, bits = 32): bigint {
  if (place instanceof Missing) throw new Error(place.text);
  if (place.kind !== "value" && place.kind !== "register") throw new Error(`a ${place.kind}`);
  return BigInt.asUintN(bits, fromBytes(place.bytes));
}
