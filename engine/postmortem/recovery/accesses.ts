/** How loads and stores read and write memory, by their mnemonics. */
import { integerValue, type WasmValue } from "../../wasm/arithmetic";
import { littleEndian } from "../reason/registers";

/** The bytes of an access and the value that they stand for. */
export interface Access {
  /** The load's mnemonic; equal for a store and the load that gives back the whole of what it stored. */
  readonly name: string;
  readonly type: WasmValue["type"];
  readonly bytes: number;
  readonly signed: boolean;
}

const BYTES = { i32: 4, i64: 8, f32: 4, f64: 8, v128: 16 } as const;
const SHAPE = /^(i32|i64|f32|f64|v128)\.(load|store)(8|16|32)?(?:_(s|u))?$/;

/**
 * The access of a plain load or store.
 * @returns undefined for accesses that do more (atomics, lanes, splats); `whole` says whether a store writes all
 *   of its operand
 */
export function accessOf(mnemonic: string): { readonly access: Access; readonly whole: boolean } | undefined {
  const shape = SHAPE.exec(mnemonic);
  if (shape === null) return undefined;
  const type = shape[1] as WasmValue["type"];
  if (type === "v128" && shape[3] !== undefined) return undefined;
  const bytes = shape[3] === undefined ? BYTES[type] : Number(shape[3]) / 8;
  const name = mnemonic.replace("store", "load");
  return { access: { name, type, bytes, signed: shape[4] === "s" }, whole: bytes === BYTES[type] };
}

/** Bytes of a value. */
export const bytesOfType = (type: WasmValue["type"]): number => BYTES[type];

/** What a load makes of bytes. */
export function loaded({ type, signed }: Access, bytes: Uint8Array): WasmValue {
  const bits = littleEndian(bytes, signed && bytes.length < BYTES[type]);
  if (type === "i32") return integerValue(32, bits);
  if (type === "i64") return integerValue(64, bits);
  return { type, bits };
}
