/** Whether a value of Rust has the form that a pattern says; names in it are bound to what they stand for. */

import { throughReferences } from "../values/access";
import type { Value } from "../values/model";
import { strip } from "../values/types";
import { scalarOfValue } from "./equality";
import { ExpressionError } from "./errors";
import { enumeratorOfType } from "./names";
import { binary, isTrue } from "./operators";
import type { Scalar } from "./scalars";
import type { Session } from "./session";
import { type Shape, shapeOfValue } from "./shapes";
import type { BinaryOperator, Expression, Pattern } from "./syntax";
import { isTyped } from "./typed";

/** What a pattern asks of the evaluator. */
export interface PatternOperands {
  scalar(expression: Expression): Scalar;
  value(expression: Expression): Value;
}

type RecordOf = Shape & { kind: "record" };

export class PatternMatch {
  readonly bound = new Map<string, Value>();

  constructor(
    private readonly session: Session,
    private readonly operands: PatternOperands,
  ) {}

  matches(value: Value, pattern: Pattern): boolean {
    const { position } = pattern;
    switch (pattern.kind) {
      case "any":
        return true;
      case "rest":
        throw new ExpressionError("“..” stands in a tuple or a slice only", position);
      case "bound":
        this.bound.set(pattern.name, value);
        return pattern.inner === undefined || this.matches(value, pattern.inner);
      case "either":
        return pattern.patterns.some((one) => this.matches(value, one));
      case "referred":
        return this.matches(isTyped(value) ? throughReferences(value) : value, pattern.inner);
      case "equal":
        return this.holds("==", value, pattern.value, position);
      case "between": {
        const { from, to, inclusive } = pattern;
        return (
          (from === undefined || this.holds(">=", value, from, position)) &&
          (to === undefined || this.holds(inclusive ? "<=" : "<", value, to, position))
        );
      }
      case "path":
        return this.isNamed(value, pattern.path, position);
      case "fields":
        return this.fieldsMatch(value, pattern);
      case "named-fields":
        return this.namedFieldsMatch(value, pattern);
      case "elements": {
        const shape = shapeOfValue(value);
        if (shape?.kind !== "sequence") throw this.misfit(value, "no slice", position);
        return this.inTurn(pattern.items, shape.count, (index) => shape.at(index));
      }
    }
  }

  private holds(operator: BinaryOperator, value: Value, wanted: Expression, position: number): boolean {
    const { session } = this;
    const left = scalarOfValue(value, session, position);
    return isTrue(binary(operator, left, this.operands.scalar(wanted), session, position), session, position);
  }

  private misfit(value: Value, what: string, position: number): ExpressionError {
    return new ExpressionError(`${value.typeName} is ${what}`, position);
  }

  /** The value's fields, where the path is that of its struct or of its active variant. */
  private named(value: Value, path: string | undefined, position: number): RecordOf | undefined {
    const shape = shapeOfValue(value);
    if (shape?.kind !== "record")
      throw this.misfit(value, path === undefined ? "no tuple" : `no ${path}`, position);
    const last = (path ?? "").replace(/^.*::(?=\w+$)/, "").replace(/<.*$/, "");
    const possible = shape.variants ?? [shape.name];
    if (last !== "Self" && !possible.includes(last))
      throw this.misfit(value, `no ${path ?? "tuple"}`, position);
    return shape.name === last || last === "Self" ? shape : undefined;
  }

  /** A unit struct, a variant without fields, or a constant. */
  private isNamed(value: Value, path: string, position: number): boolean {
    const last = path.replace(/^.*::/, "");
    const shape = shapeOfValue(value);
    if (shape?.kind === "record" && (shape.variants?.includes(last) || shape.name === last))
      return shape.name === last;
    if (shape?.kind === "record") throw this.misfit(value, `no ${path}`, position);
    const subject = isTyped(value) ? throughReferences(value) : undefined;
    const enumerator = subject && enumeratorOfType(subject.type, last, this.session);
    if (subject !== undefined && strip(subject.type).kind === "enumeration" && enumerator === undefined)
      throw this.misfit(value, `no ${path}`, position);
    if (enumerator !== undefined) {
      const { session } = this;
      const sides = [value, enumerator].map((side) => scalarOfValue(side, session, position)) as [
        Scalar,
        Scalar,
      ];
      return isTrue(binary("==", ...sides, session, position), session, position);
    }
    return this.holds("==", value, { kind: "name", path, nth: 1, position }, position);
  }

  private fieldsMatch(value: Value, { path, items, position }: Pattern & { kind: "fields" }): boolean {
    const shape = this.named(value, path, position);
    if (shape === undefined) return false;
    const { fields } = shape;
    return this.inTurn(items, fields.length, (index) => shape.field(fields[index]!), position);
  }

  private namedFieldsMatch(value: Value, pattern: Pattern & { kind: "named-fields" }): boolean {
    const { path, fields, open, position } = pattern;
    const shape = this.named(value, path, position);
    if (shape === undefined) return false;
    for (const { name, pattern: inner } of fields)
      if (!shape.fields.includes(name))
        throw new ExpressionError(`${path} has no field ${name}`, inner.position);
    const left = shape.fields.find((name) => !fields.some((field) => field.name === name));
    if (left !== undefined && !open)
      throw new ExpressionError(`the pattern leaves out ${left}: end it in “..”`, position);
    return fields.every(({ name, pattern: inner }) => this.matches(shape.field(name), inner));
  }

  /** Patterns in a row; `..` stands for as many as are left. */
  private inTurn(
    items: readonly Pattern[],
    count: number,
    at: (index: number) => Value,
    /** Of a tuple, whose patterns are as many as its fields. */
    exact?: number,
  ): boolean {
    const rest = items.findIndex(
      (item) => item.kind === "rest" || (item.kind === "bound" && item.inner?.kind === "rest"),
    );
    const fits = rest < 0 ? items.length === count : items.length - 1 <= count;
    if (!fits && exact !== undefined)
      throw new ExpressionError(`there are ${count} fields, not ${items.length}`, exact);
    if (!fits) return false;
    return items.every((item, index) => {
      if (index === rest) return true;
      const place = rest >= 0 && index > rest ? count - (items.length - index) : index;
      return this.matches(at(place), item);
    });
  }
}
