/** Entries of the expression stack: values, and what is not known, which poisons what depends on it and no more. */
import type { Provenance } from "./machine";
import { Missing, missing } from "./missing";
import { fromBytes, type OperandType, type StackValue, typed } from "./stack-value";

export type Entryish = StackValue | Missing;

/** What `use` makes of a known value. */
export function lift(value: Entryish, use: (value: StackValue) => Entryish): Entryish {
  return value instanceof Missing ? value : use(value);
}

/** What `use` makes of two known values. */
export function lift2(a: Entryish, b: Entryish, use: (a: StackValue, b: StackValue) => Entryish): Entryish {
  if (a instanceof Missing) return a;
  return b instanceof Missing ? b : use(a, b);
}

/** The value of a typed operation, which must give as many bytes as its type has (§2.5.1.1, §2.5.1.3). */
export function typedBytes(bytes: Uint8Array, type: OperandType, provenance: Provenance): Entryish {
  return bytes.length === type.size
    ? typed(fromBytes(bytes), type, provenance)
    : missing("malformed", `${bytes.length} bytes of a type of ${type.size}`);
}
