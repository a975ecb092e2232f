/** Functions of Zig's library that only read: `std.mem.eql(u8, a, b)`, `std.math.maxInt(u8)`. */
import { element, member, throughReferences } from "../values/access";
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { scalarOfValue } from "./equality";
import { ExpressionError } from "./errors";
import { binary, isTrue } from "./operators";
import { integer, type Scalar, scalarOf } from "./scalars";
import { type Session, Unavailable } from "./session";
import type { Expression } from "./syntax";
import { isTyped } from "./typed";
import { dottedPath } from "./zig";

/** Elements that are compared. */
const MOST_ELEMENTS = 2 ** 16;

const truth = (value: boolean): Scalar => ({ kind: "boolean", value });

/** The path of a call into the library, `std.mem.eql`; undefined for every other call. */
export function libraryPath({ object, name }: Expression & { kind: "method" }): string | undefined {
  const path = dottedPath(object);
  return path?.[0] === "std" ? [...path, name].join(".") : undefined;
}

/** What such a call gives; undefined for a function that is not known. */
export function zigFunction(
  path: string,
  operands: readonly Expression[],
  part: (expression: Expression) => Value,
  session: Session,
  position: number,
): Scalar | undefined {
  const [type, first, second] = operands;
  if (operands.length === 1 && (path === "std.math.maxInt" || path === "std.math.minInt"))
    return limitOf(type!, path === "std.math.maxInt", session);
  if (operands.length !== 3 || !path.startsWith("std.mem.")) return undefined;
  const name = path.slice("std.mem.".length);
  if (!/^(eql|startsWith|endsWith)$/.test(name)) return undefined;
  const [one, other] = [first!, second!].map((side) => rowOf(part(side), session, side.position)) as [
    Row,
    Row,
  ];
  const start = name === "endsWith" ? one.count - other.count : 0;
  if (start < 0 || other.count > one.count || (name === "eql" && one.count !== other.count))
    return truth(false);
  for (let i = 0; i < other.count; i++) {
    const pair = [one.at(start + i), other.at(i)].map((value) => scalarOfValue(value, session, position));
    if (!isTrue(binary("==", pair[0]!, pair[1]!, session, position), session, position)) return truth(false);
  }
  return truth(true);
}

interface Row {
  readonly count: number;
  at(index: number): TypedValue;
}

/** A slice's or an array's elements. @throws ExpressionError for what has none */
function rowOf(value: Value, session: Session, position: number): Row {
  const owner = isTyped(value) ? throughReferences(value) : undefined;
  const length = owner && member(owner, "len");
  if (owner === undefined || length === undefined || "problem" in length)
    throw new ExpressionError(`${value.typeName} is no slice`, position);
  const count = scalarOf(length, session, position);
  if (count.kind !== "integer" || count.value > BigInt(MOST_ELEMENTS))
    throw new ExpressionError("there are too many elements", position);
  return {
    count: Number(count.value),
    at(index) {
      const found = element(owner, index);
      if (!("problem" in found)) return found;
      if (found.missing !== undefined) throw new Unavailable(found.missing);
      throw new ExpressionError(found.problem, position);
    },
  };
}

/** `std.math.maxInt(T)`, which is a number of no type yet. */
function limitOf(type: Expression, high: boolean, { addressSize }: Session): Scalar | undefined {
  const [, sign, width] = (type.kind === "name" && /^([iu])(size|\d{1,3})$/.exec(type.path)) || [];
  const bits = width === "size" ? 8 * addressSize : Number(width);
  if (sign === undefined || bits === 0 || bits > 128) return undefined;
  const most = (1n << BigInt(sign === "i" ? bits - 1 : bits)) - 1n;
  const value = high ? most : sign === "i" ? -most - 1n : 0n;
  const signed = value < 1n << 127n;
  return integer(value, { name: "comptime_int", bits: 128, signed, untyped: true });
}
