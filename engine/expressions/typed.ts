/** Values that an expression can go on from, and values that are text alone. */
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";

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
