/** Values that an expression can go on from, and values that are text alone. */
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { quoteUtf8 } from "../values/text";

export function isTyped(value: Value): value is TypedValue {
  return "storage" in value && "world" in value;
}

/** A line of text as a value. */
export function textValue(line: string, typeName?: string): Value {
  return {
    text: () => line,
    typeName,
    missing: undefined,
    address: undefined,
    size: undefined,
    target: undefined,
    provenance: "computed",
    children: undefined,
  };
}

/** A text of Rust that is in no memory by itself: a literal, or part of a text. */
export interface QuotedValue extends Value {
  readonly quoted: string;
  readonly bytes: Uint8Array;
}

export function quotedValue(bytes: Uint8Array, typeName: string): QuotedValue {
  const quoted = quoteUtf8(bytes, Number.POSITIVE_INFINITY);
  return { ...textValue(quoted, typeName), quoted, bytes };
}

export const isQuoted = (value: Value): value is QuotedValue => "quoted" in value;
