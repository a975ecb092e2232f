/**
 * V8's own view of the machine as a judge: a variable whose location is exactly one Wasm local must show what
 * the inspector recorded of that local.
 */
import type { RecordedValue } from "../../engine/coredump/model";
import type { Frame } from "../../engine/postmortem/model";
import type { Value } from "../../engine/values/model";

export interface Recorded {
  readonly text: string;
  /** Undefined for what is no number: records, enumerators, text. */
  isShownBy(value: Value): boolean | undefined;
  isNumber(number: number): boolean;
}

/** The local that a location names and nothing else, if V8 could record it. */
export function localClaimed(location: string | undefined, frame: Frame): Recorded | undefined {
  const named = /^DW_OP_WASM_location 0x0 0x([0-9a-f]+)(, DW_OP_stack_value)?$/.exec(location ?? "");
  if (named === null) return undefined;
  const index = Number.parseInt(named[1]!, 16);
  const local = frame.physical.core.locals[index];
  const bits = local && bitsOf(local);
  if (bits === undefined) return undefined;
  const isNumber = (number: number, size = bits.bytes): boolean => {
    if (bits.float !== undefined && Object.is(bits.float, number)) return true;
    const whole = Number.isInteger(number) ? BigInt(number) : undefined;
    return whole !== undefined && BigInt.asUintN(size * 8, whole) === BigInt.asUintN(size * 8, bits.whole);
  };
  return {
    text: `local ${index} = ${bits.float ?? bits.whole}`,
    isNumber,
    isShownBy: (value) => {
      // A local may be wider than its variable.
      const size = Math.min(bits.bytes, value.size ?? bits.bytes);
      if (value.target !== undefined) return isNumber(value.target, size);
      const text = value.text();
      if (text === "true" || text === "false") return isNumber(Number(text === "true"), 1);
      const integer = /^-?\d+(?= '|$)/.exec(text)?.[0];
      if (integer !== undefined && bits.float === undefined)
        return BigInt.asUintN(size * 8, BigInt(integer)) === BigInt.asUintN(size * 8, bits.whole);
      const number = Number(text);
      return Number.isNaN(number) ? undefined : isNumber(number, size);
    },
  };
}

interface Bits {
  readonly whole: bigint;
  readonly float: number | undefined;
  readonly bytes: number;
}

function bitsOf(value: RecordedValue): Bits | undefined {
  const view = new DataView(new ArrayBuffer(8));
  switch (value.type) {
    case "i32":
      return { whole: BigInt(value.value), float: undefined, bytes: 4 };
    case "i64":
      return { whole: value.value, float: undefined, bytes: 8 };
    case "f32":
      view.setUint32(0, value.bits);
      return { whole: BigInt(value.bits), float: view.getFloat32(0), bytes: 4 };
    case "f64":
      view.setBigUint64(0, value.bits);
      return { whole: value.bits, float: view.getFloat64(0), bytes: 8 };
    default:
      return undefined;
  }
}
