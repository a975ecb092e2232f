/**
 * Instructions that access memory: how many bytes, and what lies on the operand stack above the address
 * (Wasm core specification, "Memory Instructions"; threads; SIMD).
 */

import { opcodes } from "../../wasm/opcodes";
import type { ValueType } from "../../wasm/types";
import { ByOpcode } from "./by-opcode";

export interface Access {
  /** Bytes. */
  readonly width: number;
  /** Operands above the address, bottom first. */
  readonly above: readonly ValueType[];
}

/** Every instruction with a memory argument, by its opcode. */
export const accesses: Pick<ByOpcode<Access>, "get" | "has"> = new ByOpcode(
  [...opcodes].flatMap(([code, { mnemonic, immediates }]) =>
    immediates[0] === "memarg" ? [[code, accessOf(mnemonic)] as const] : [],
  ),
);

function accessOf(mnemonic: string): Access {
  const [type, ...rest] = mnemonic.split(".") as [string, ...string[]];
  const name = rest.join(".");
  if (type === "memory") return waiting(name);
  const value = type as ValueType;
  const own = value === "v128" ? 16 : value.endsWith("64") ? 8 : 4;
  const [, digits, times] = /(?:load|store|rmw)(\d+)?(?:x(\d))?/.exec(name)!;
  const width = digits === undefined ? own : (Number(digits) / 8) * Number(times ?? 1);
  if (name.includes("cmpxchg")) return { width, above: [value, value] };
  const takesValue = /store|rmw|_lane/.test(name);
  return { width, above: takesValue ? [value] : [] };
}

/** memory.atomic.notify, wait32 and wait64: what is waited for, and the time. */
function waiting(name: string): Access {
  if (name.endsWith("notify")) return { width: 4, above: ["i32"] };
  return name.endsWith("wait32") ? { width: 4, above: ["i32", "i64"] } : { width: 8, above: ["i64", "i64"] };
}
