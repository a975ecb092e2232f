/**
 * Constant expressions: the initial values of globals, the offsets of segments, the entries of tables
 * (Wasm spec, "Constant Expressions").
 */
import { type FunctionIndex, functionIndex } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import { type Immediate, type Instruction, readInstructions } from "./instructions";

/** What a constant expression gives, where that is known without running the module. */
export type Constant =
  | { readonly type: "i32"; readonly value: number }
  | { readonly type: "i64"; readonly value: bigint }
  | { readonly type: "f32"; readonly value: number; readonly bits: number }
  | { readonly type: "f64"; readonly value: number; readonly bits: bigint }
  | { readonly type: "v128"; readonly bytes: Uint8Array }
  | { readonly type: "function"; readonly index: FunctionIndex }
  | { readonly type: "null" };

/**
 * Reads one expression up to and with its `end`, and works it out.
 * @param globalValue initial value of a global that the expression may name
 * @returns undefined when the value depends on imports or on instructions other than constants, sums,
 *   differences and products
 */
export function readConstant(
  reader: ByteReader,
  globalValue: (index: number) => Constant | undefined,
): Constant | undefined {
  const stack: (Constant | undefined)[] = [];
  for (const instruction of readInstructions(reader)) {
    if (instruction.mnemonic === "end") return stack.length === 1 ? stack[0] : undefined;
    const arithmetic = /^(i32|i64)\.(add|sub|mul)$/.exec(instruction.mnemonic);
    if (arithmetic !== null) {
      const right = stack.pop();
      const left = stack.pop();
      stack.push(calculate(arithmetic[2]!, left, right));
    } else {
      stack.push(simple(instruction, globalValue));
    }
  }
  return reader.fail("A constant expression has no end");
}

function simple(
  { mnemonic, immediates }: Instruction,
  globalValue: (index: number) => Constant | undefined,
): Constant | undefined {
  const immediate: Immediate | undefined = immediates[0];
  switch (immediate?.kind) {
    case "i32":
      return { type: "i32", value: immediate.value };
    case "i64":
      return { type: "i64", value: immediate.value };
    case "f32":
      return { type: "f32", value: immediate.value, bits: immediate.bits };
    case "f64":
      return { type: "f64", value: immediate.value, bits: immediate.bits };
    case "v128":
      return { type: "v128", bytes: immediate.bytes };
    case "global":
      return mnemonic === "global.get" ? globalValue(immediate.value) : undefined;
    case "function":
      return mnemonic === "ref.func"
        ? { type: "function", index: functionIndex(immediate.value) }
        : undefined;
    case "bare heap":
      return { type: "null" };
    default:
      return undefined;
  }
}

/** Extended constant expressions: wrapping integer arithmetic. */
function calculate(
  operation: string,
  left: Constant | undefined,
  right: Constant | undefined,
): Constant | undefined {
  if (left === undefined || right === undefined || left.type !== right.type) return undefined;
  if (left.type !== "i32" && left.type !== "i64") return undefined;
  const a = BigInt(left.value);
  const b = BigInt((right as typeof left).value);
  const result = operation === "add" ? a + b : operation === "sub" ? a - b : a * b;
  return left.type === "i32"
    ? { type: "i32", value: Number(BigInt.asIntN(32, result)) }
    : { type: "i64", value: BigInt.asIntN(64, result) };
}

/** A constant used as an address or table slot: unsigned, in bytes or elements. */
export function constantOffset(constant: Constant | undefined): number | undefined {
  if (constant?.type === "i32") return constant.value >>> 0;
  if (constant?.type !== "i64") return undefined;
  const offset = Number(BigInt.asUintN(64, constant.value));
  return Number.isSafeInteger(offset) ? offset : undefined;
}
