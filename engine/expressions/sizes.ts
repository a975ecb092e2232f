/** sizeof and offsetof: what the debug information says of a type's layout. */
import { address } from "../bytes/offsets";
import { member } from "../values/access";
import { shapeOf } from "../values/fields";
import type { TypedValue } from "../values/presentation";
import { strip, type Type } from "../values/types";
import { valueAt } from "../values/variables";
import { alignmentOf } from "./alignments";
import { cInteger } from "./c-arithmetic";
import { ExpressionError } from "./errors";
import { type IntegerType, integer, scalarValue } from "./scalars";
import type { Session } from "./session";

/** `size_t`, `usize`. */
export function sizeType({ rules, addressSize }: Session): IntegerType {
  return rules === "c"
    ? cInteger(1, false, addressSize)
    : { name: "usize", bits: 8 * addressSize, signed: false };
}

function sizeValue(size: number, session: Session): TypedValue {
  const scalar = integer(BigInt(size), sizeType(session));
  if (scalar.kind !== "integer") throw new Error("a size is a whole number");
  return scalarValue(scalar, session);
}

/** What `sizeof` and `alignof` measure: of a C++ reference, what it refers to. */
function measuredType(type: Type, session: Session): Type {
  const stripped = strip(type);
  const refers = stripped.kind === "pointer" && stripped.form !== "pointer" && session.rules === "c";
  return refers ? stripped.target : type;
}

/** `alignof`. @throws ExpressionError where the debug information does not tell it */
export function alignmentOfType(type: Type, session: Session, position: number): TypedValue {
  const measured = measuredType(type, session);
  const alignment = alignmentOf(measured, session.addressSize);
  if (alignment === undefined)
    throw new ExpressionError(
      `the debug information does not tell how ${measured.name} is aligned`,
      position,
    );
  return sizeValue(alignment, session);
}

/** `sizeof`. */
export function sizeOfType(type: Type, session: Session, position: number): TypedValue {
  const measured = measuredType(type, session);
  if (measured.size === undefined)
    throw new ExpressionError(`the size of ${measured.name} is not known`, position);
  return sizeValue(measured.size, session);
}

/** Any address: members are counted from it. */
const BASE = address(0x10000);

/** `offsetof(T, a.b)`. */
export function offsetOf(
  type: Type,
  members: readonly string[],
  session: Session,
  position: number,
): TypedValue {
  let object = valueAt(type, BASE, session.context);
  for (const name of members) {
    const owner = strip(object.type);
    const plain =
      owner.kind === "record" &&
      owner.definition !== undefined &&
      shapeOf(owner.definition).variantPart === undefined;
    if (!plain) throw new ExpressionError(`${owner.name} has no members of a fixed place`, position);
    const next = member(object, name);
    if ("problem" in next) throw new ExpressionError(next.problem, position);
    object = next;
  }
  if (object.address === undefined) throw new ExpressionError("a bit-field has no offset in bytes", position);
  return sizeValue(object.address - BASE, session);
}
