/** Text literals as values: what comparisons see of them, and the arrays that they are. */
import { DW_ATE } from "../dwarf/constants";
import type { TypedValue } from "../values/presentation";
import { Storage } from "../values/storage";
import { quoteUnits } from "../values/text";
import { arrayType, type BaseType, baseType, type Type } from "../values/types";
import { UNIT_TYPES } from "./constants";
import { quotedText, type Scalar } from "./scalars";
import type { Session } from "./session";
import { bytesOf, type TextLiteral } from "./text-literals";

/** The text itself, whatever its units. */
export function textScalar(literal: TextLiteral): Scalar & { kind: "text" } {
  const bytes = bytesOf(literal);
  if (literal.unit === 1) return quotedText(bytes);
  return { kind: "text", quoted: quoteUnits(bytes, literal.unit, Number.POSITIVE_INFINITY), cut: false };
}

/** C's `char [4]` of three characters and a NUL; Rust's and Zig's bytes, which have no NUL that counts. */
export function textArray(literal: TextLiteral, session: Session): TypedValue {
  const { flavour, rules, context } = session;
  const { prefix, unit, units } = literal;
  const text = bytesOf(rules === "c" ? { ...literal, units: [...units, 0] } : literal);
  const count = text.length / unit;
  const storage = new Storage({ kind: "value", bytes: text, provenance: "computed" }, context.machine);
  if (rules !== "c")
    return session.world.value(
      arrayType(flavour, baseType(flavour, "u8", DW_ATE.unsigned, 1), [{ lower: 0, count }]),
      storage,
    );
  const { name, signed } = UNIT_TYPES[prefix];
  const plain = unit === 1 && (flavour.name === "c" || prefix === "");
  const encoding = plain ? DW_ATE.signed_char : signed ? DW_ATE.signed : DW_ATE.UTF;
  const character = baseType(flavour, plain ? "char" : name, encoding, unit);
  const element = flavour.name === "cpp" ? constant(character) : character;
  return session.world.value(arrayType(flavour, element, [{ lower: 0, count }]), storage);
}

const constant = (target: BaseType): Type => ({
  kind: "alias",
  flavour: target.flavour,
  name: `const ${target.name}`,
  size: target.size,
  entry: undefined,
  target,
});

/** What a text literal is called where it stands for itself. */
export function textTypeName({ prefix, units }: TextLiteral, { rules }: Session): string {
  if (rules === "zig") return `*const [${units.length}:0]u8`;
  return prefix === "b" ? `&[u8; ${units.length}]` : prefix === "c" ? "&CStr" : "&str";
}
