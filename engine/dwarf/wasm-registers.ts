/** What the type of a Wasm value tells DWARF's typed operations. */
import { DW_ATE } from "./constants";
import type { Register } from "./machine";
import type { OperandType } from "./stack-value";

/** The base type of an f32 or f64; integers and vectors are generic, since Wasm gives them no sign. */
export function floatType(register: Register): OperandType | undefined {
  if (register.type !== "f32" && register.type !== "f64") return undefined;
  return { kind: "base", encoding: DW_ATE.float, size: register.bytes.length };
}
