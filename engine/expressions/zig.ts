/** What only Zig has: optionals that are unwrapped, enumerators that take the type of what they meet, names with dots. */
import { Missing, missing } from "../dwarf/missing";
import type { Entry } from "../dwarf/model";
import { integerOf } from "../values/base";
import { enumeratorOf } from "../values/enumerations";
import type { TypedValue } from "../values/presentation";
import { strip, type Type } from "../values/types";
import { errorName, errorNumber, errorUnionOf } from "../values/zig/errors";
import { optionalPayload } from "../values/zig/optionals";
import { activeField } from "../values/zig/unions";
import { ExpressionError } from "./errors";
import { Unavailable } from "./session";
import type { Expression } from "./syntax";

/**
 * What an optional holds; "null" when that is nothing.
 * @throws ExpressionError for what is no optional
 */
export function unwrapped(optional: TypedValue, position: number): TypedValue | "null" {
  const held = optionalPayload(optional.type, optional.storage, optional.world);
  if (held === undefined) throw new ExpressionError(`${optional.typeName} is no optional`, position);
  if (held instanceof Missing) throw new Unavailable(held);
  return held === "null" ? held : optional.world.value(held.type, held.storage);
}

/** Whether a value is the enumerator `.name`, or a tagged union whose active field has that name. */
export function isEnumerator({ type, storage, world }: TypedValue, name: string, position: number): boolean {
  const inner = strip(type);
  const active = activeField(inner, storage, world);
  if (active instanceof Missing) throw new Unavailable(active);
  const tags = active?.tag ?? (inner.kind === "enumeration" ? inner : undefined);
  if (tags === undefined) throw new ExpressionError(`${inner.name} has no enumerators`, position);
  if (!hasChild(tags.entry, name)) throw new ExpressionError(`${tags.name} has no .${name}`, position);
  if (active !== undefined) return active.name === name;
  const own = enumeratorOf(tags, storage);
  if (own instanceof Missing) throw new Unavailable(own);
  const number = own === undefined ? integerOf(tags, storage) : undefined;
  // Zig 0.11 describes an enumerator of −7 as one of 7.
  if (typeof number === "bigint" && number < 0n)
    throw new Unavailable(missing("inconsistent", `${number} is no enumerator of ${tags.name}`));
  return own === name;
}

/**
 * What an error union holds; undefined when that is an error and `must` does not ask for more.
 * @throws ExpressionError for what is no error union, and for an error where `must` is set
 */
export function succeeded(outcome: TypedValue, must: boolean, position: number): TypedValue | undefined {
  const held = errorUnionOf(outcome.type, outcome.storage, outcome.world);
  if (held === undefined) throw new ExpressionError(`${outcome.typeName} is no error union`, position);
  if (held instanceof Missing) throw new Unavailable(held);
  if (held.number === 0) return outcome.world.value(held.part.type, held.part.storage);
  if (must) throw new ExpressionError(`it is ${outcome.text()}: try would return it`, position);
  return undefined;
}

/** The `T` of `?T` and `E!T`, whose names spell it out. */
export function payloadName({ name }: Type): string {
  if (name.startsWith("?")) return name.slice(1);
  return name.replace(/^(?:error\{[^}]*\}|[\w.]+)?!/, "");
}

/** Whether a value is the error of that name. */
export function isError(value: TypedValue, name: string, position: number): boolean {
  const number = errorNumber(value);
  if (number === undefined) throw new ExpressionError(`${value.typeName} is no error`, position);
  if (number instanceof Missing) throw new Unavailable(number);
  if (number === 0) return false;
  const own = errorName(number, value);
  if (own === undefined)
    throw new ExpressionError(`the names of errors are not known: it is error ${number}`, position);
  return own === name;
}

function hasChild(entry: Entry, name: string): boolean {
  for (const child of entry.children()) if (child.name === name) return true;
  return false;
}

/** `a.b.c` as the names that it is made of; undefined for what is no such path. */
export function dottedPath(expression: Expression): readonly string[] | undefined {
  if (expression.kind === "name") return expression.nth === 1 ? [expression.path] : undefined;
  const before = expression.kind === "member" ? dottedPath(expression.object) : undefined;
  return before && expression.kind === "member" ? [...before, expression.name] : undefined;
}
