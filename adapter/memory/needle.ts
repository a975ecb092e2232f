/** What a user looks for in memory, as bytes: a text, bytes in hexadecimal, a number of a type. */
import { t } from "@vscode/l10n";
import { numberBytes } from "../../engine/postmortem/memory-search";
import { errors } from "../protocol/errors";

export const NUMBER_TYPES = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

export type Wanted =
  | { readonly kind: "text"; readonly text: string }
  /** `de ad be ef`, with or without blanks. */
  | { readonly kind: "bytes"; readonly text: string }
  | { readonly kind: "number"; readonly text: string; readonly type: NumberType };

/** @throws AdapterError when the text is none of what it is said to be, or empty */
export function needleOf(wanted: Wanted): Uint8Array {
  const { kind, text } = wanted;
  if (text === "") throw errors.badSearch(t("There is nothing to look for."));
  switch (kind) {
    case "text":
      return new TextEncoder().encode(text);
    case "bytes":
      return hexBytes(text);
    case "number":
      return typedBytes(text.trim(), wanted.type);
    default:
      throw errors.badArgument("kind", "must be text, bytes or number");
  }
}

function hexBytes(text: string): Uint8Array {
  const digits = text.replace(/0x|[\s,]/gi, "");
  if (!/^([0-9a-f]{2})+$/i.test(digits))
    throw errors.badSearch(t("“{0}” is not bytes. Write two hexadecimal digits each: de ad be ef.", text));
  return Uint8Array.from(digits.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

function typedBytes(text: string, type: NumberType): Uint8Array {
  if (!NUMBER_TYPES.includes(type))
    throw errors.badArgument("type", `must be one of ${NUMBER_TYPES.join(", ")}`);
  const bits = Number(type.slice(1));
  if (type.startsWith("f")) return floatBytes(text, bits);
  if (!/^-?(0x[0-9a-f]+|\d+)$/i.test(text)) throw errors.badSearch(t("“{0}” is no whole number.", text));
  const number = BigInt(text.replace("-", "")) * (text.startsWith("-") ? -1n : 1n);
  const fits = type.startsWith("i") ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number);
  if (fits !== number) throw errors.badSearch(t("{0} does not fit into {1}.", text, type));
  return numberBytes(number, bits / 8);
}

function floatBytes(text: string, bits: number): Uint8Array {
  const number = text === "" ? Number.NaN : Number(text);
  if (Number.isNaN(number)) throw errors.badSearch(t("“{0}” is no number.", text));
  const view = new DataView(new ArrayBuffer(bits / 8));
  if (bits === 32) view.setFloat32(0, number, true);
  else view.setFloat64(0, number, true);
  return new Uint8Array(view.buffer);
}
