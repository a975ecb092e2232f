/** What `==` and `!=` mean where they are no comparison of two numbers: parts in Rust, optionals in C++. */
import type { Value } from "../values/model";
import { equalInParts, scalarOfValue } from "./equality";
import { optionalContent } from "./methods";
import { binary, isTrue } from "./operators";
import type { Scalar } from "./scalars";
import type { Session } from "./session";
import type { Expression } from "./syntax";

/** What a comparison asks of the evaluator. */
export interface Comparing {
  value(expression: Expression): Value;
  part(expression: Expression): Value;
}

/** Expressions that give values of the program, and not only numbers that were computed. */
export const GIVES_VALUES: ReadonlySet<Expression["kind"]> = new Set([
  ...(["name", "member", "index", "dereference", "address", "method"] as const),
  ...(["comma", "conditional", "pointed-member", "unwrap"] as const),
]);

/** Expressions whose values are in no memory. */
export const TEMPORARY: ReadonlySet<Expression["kind"]> = new Set([
  ...(["tuple", "list", "record", "call", "string", "number", "character", "boolean", "unary"] as const),
]);

/** Expressions whose values may be made of parts. */
const HAVE_PARTS: ReadonlySet<Expression["kind"]> = new Set([...GIVES_VALUES, ...TEMPORARY, "slice"]);

/** Whether both sides are equal; undefined where they are compared as numbers, pointers and texts are. */
export function specialEquality(
  { left, right, position }: Expression & { kind: "binary" },
  comparing: Comparing,
  session: Session,
): boolean | undefined {
  if (session.flavour.name === "cpp") return equalOptionals(left, right, comparing, session, position);
  if (session.rules !== "rust" || !HAVE_PARTS.has(left.kind) || !HAVE_PARTS.has(right.kind)) return undefined;
  return equalInParts(comparing.part(left), comparing.part(right), session, position);
}

/** C++'s optionals beside each other, beside what one may hold, and beside nullopt. */
function equalOptionals(
  left: Expression,
  right: Expression,
  comparing: Comparing,
  session: Session,
  position: number,
): boolean | undefined {
  const [a, b] = [left, right].map((side) =>
    side.kind === "name" && /^(std::)?nullopt$/.test(side.path)
      ? "nullopt"
      : GIVES_VALUES.has(side.kind)
        ? optionalContent(comparing.value(side))
        : undefined,
  );
  if (a === undefined && b === undefined) return undefined;
  if (a === "nullopt" || b === "nullopt") return a === b;
  const sides = [a ?? comparing.part(left), b ?? comparing.part(right)];
  const [x, y] = sides.map((side) => scalarOfValue(side, session, position)) as [Scalar, Scalar];
  return isTrue(binary("==", x, y, session, position), session, position);
}
