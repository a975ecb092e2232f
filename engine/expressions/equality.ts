/**
 * Rust's `==` of what is made of parts, where the library or the language says what it means: tuples, arrays, slices,
 * vectors, options and results are equal when their parts are. What a struct or an enum of the program takes for equal is
 * for its own PartialEq to say, which cannot be told from a derived one, and cannot run.
 */
import type { Value } from "../values/model";
import { ExpressionError } from "./errors";
import { binary, isTrue } from "./operators";
import { nameOf, type Scalar, scalarOf } from "./scalars";
import { type Session, Unavailable } from "./session";
import { type Shape, shapeOfValue } from "./shapes";
import { isQuoted, isTyped } from "./typed";

/** Parts that are compared. */
const MOST_PARTS = 2 ** 16;
const DEPTH_LIMIT = 64;

/** A value that operators work on. @throws ExpressionError for one that is made of parts */
export function scalarOfValue(value: Value, session: Session, position: number): Scalar {
  if (isQuoted(value)) return { kind: "text", quoted: value.quoted, cut: false };
  if (isTyped(value)) return scalarOf(value, session, position);
  if (value.missing !== undefined) throw new Unavailable(value.missing);
  throw new ExpressionError(`${value.typeName ?? value.text()} is no number, pointer or text`, position);
}

/** Whether two values are equal; undefined where neither is made of parts, so that they are compared as numbers are. */
export function equalInParts(
  left: Value,
  right: Value,
  session: Session,
  position: number,
): boolean | undefined {
  const [a, b] = [shapeOfValue(left), shapeOfValue(right)];
  if (a === undefined && b === undefined) return undefined;
  return new Comparison(session, position).equal(left, right, 0);
}

class Comparison {
  private left = MOST_PARTS;

  constructor(
    private readonly session: Session,
    private readonly position: number,
  ) {}

  equal(left: Value, right: Value, depth: number): boolean {
    if (--this.left < 0 || depth > DEPTH_LIMIT)
      throw new ExpressionError("there is too much to be compared", this.position);
    const [a, b] = [shapeOfValue(left), shapeOfValue(right)];
    if (a?.kind === "sequence" && b?.kind === "sequence") return this.sequences(a, b, depth);
    if (a?.kind === "record" && b?.kind === "record") return this.records(a, b, depth);
    if (a !== undefined || b !== undefined) throw this.meaningless(left, right);
    const { session, position } = this;
    const scalars = [left, right].map((value) => scalarOfValue(value, session, position)) as [Scalar, Scalar];
    return isTrue(binary("==", ...scalars, session, position), session, position);
  }

  private sequences(
    a: Shape & { kind: "sequence" },
    b: Shape & { kind: "sequence" },
    depth: number,
  ): boolean {
    if (a.count !== b.count) return false;
    for (let index = 0; index < a.count; index++)
      if (!this.equal(a.at(index), b.at(index), depth + 1)) return false;
    return true;
  }

  private records(a: Shape & { kind: "record" }, b: Shape & { kind: "record" }, depth: number): boolean {
    for (const { own, typeName } of [a, b]) {
      if (own)
        throw new ExpressionError(
          `what ${typeName} takes for equal is for its own PartialEq to say, which cannot run: compare its fields, or use matches!`,
          this.position,
        );
    }
    const kind = ({ typeName, variants }: typeof a): string =>
      variants?.toSorted().join() ?? typeName.replace(/[^(].*$/s, "");
    if (kind(a) !== kind(b) || (a.name === "" && a.fields.length !== b.fields.length))
      throw new ExpressionError(`${a.typeName} == ${b.typeName} has no meaning`, this.position);
    if (a.name !== b.name) return false;
    return a.fields.every((name) => this.equal(a.field(name), b.field(name), depth + 1));
  }

  private meaningless(left: Value, right: Value): ExpressionError {
    const name = (value: Value): string =>
      isTyped(value) || shapeOfValue(value) !== undefined
        ? (value.typeName ?? "?")
        : nameOf(scalarOfValue(value, this.session, this.position));
    return new ExpressionError(`${name(left)} == ${name(right)} has no meaning`, this.position);
  }
}
