/** What Rust's tuples, lists, struct expressions and constructors make, by the program's types where it has them. */
import { shapeOf } from "../values/fields";
import type { Value } from "../values/model";
import { strip, type Type } from "../values/types";
import { Composed, list, type NamedPart, numbered, tuple, variant } from "./composed";
import { NO_CALLS } from "./constructions";
import { ExpressionError } from "./errors";
import type { Session } from "./session";
import type { Expression, Initializer } from "./syntax";
import { typeNamed } from "./type-names";

/** What composing asks of the evaluator. */
export interface Composer {
  /** A value as part of another: a literal still takes the type of what it meets. */
  part(expression: Expression): Value;
  whole(expression: Expression): bigint;
}

/** Elements that `[x; n]` makes. */
const MOST_ELEMENTS = 2 ** 16;

export const composedTuple = (items: readonly Expression[], composer: Composer): Value =>
  tuple(items.map((item) => composer.part(item)));

export function composedList({ items, count }: Expression & { kind: "list" }, composer: Composer): Value {
  const values = items.map((item) => composer.part(item));
  if (count === undefined) return list(values);
  const wanted = composer.whole(count);
  if (wanted < 0n || wanted > MOST_ELEMENTS)
    throw new ExpressionError(`a list of ${wanted} elements is too long`, count.position);
  return list(
    Array.from({ length: Number(wanted) }, () => values[0]!),
    values[0]?.typeName,
  );
}

/** `Point { x: 1, y: 2 }`, and a variant's `Shape::Line { … }`. */
export function composedRecord(
  { path, fields, position }: Expression & { kind: "record" },
  composer: Composer,
  session: Session,
): Value {
  const made = constructorOf(path, session);
  if (made === undefined) throw new ExpressionError(`no struct “${path}” is in this program`, position);
  const parts = fields.map(
    ({ name, value }: Initializer): NamedPart => ({ name: name!, value: composer.part(value) }),
  );
  check(made, fields, path, position);
  return new Composed(made, parts);
}

function check(made: Made, fields: readonly Initializer[], path: string, position: number): void {
  for (const { name, position: at } of fields)
    if (!made.fields.includes(name!)) throw new ExpressionError(`${path} has no field ${name}`, at);
  const missing = made.fields.find((name) => !fields.some((field) => field.name === name));
  if (missing !== undefined) throw new ExpressionError(`${path} has a field ${missing} as well`, position);
}

/** `Some(x)` and the program's own `Metres(1.5)` and `Shape::Circle(2.5)`. @throws ExpressionError for every other function */
export function composedCall(
  { path, operands, position }: Expression & { kind: "call" },
  composer: Composer,
  session: Session,
): Value {
  const known = /^(?:(?:std|core)::)?(?:option::|result::)?(?:Option::|Result::)?(Some|Ok|Err)$/.exec(
    path,
  )?.[1];
  if (known !== undefined) {
    const [held, more] = operands;
    if (held === undefined || more !== undefined)
      throw new ExpressionError(`${known} holds one value, not ${operands.length}`, position);
    return variant(known as "Some", composer.part(held));
  }
  const made = constructorOf(path, session);
  if (made === undefined || (made.fields.length > 0 && made.fields[0] !== "0"))
    throw new ExpressionError(NO_CALLS, position);
  if (made.fields.length !== operands.length || operands.length === 0)
    throw new ExpressionError(`${path} has ${made.fields.length} fields, not ${operands.length}`, position);
  return new Composed(made, numbered(operands.map((operand) => composer.part(operand))));
}

/** `None`, a unit struct, or a variant without fields; undefined for every other path. */
export function composedUnit(path: string, session: Session): Value | undefined {
  if (/^(?:(?:std|core)::)?(?:option::)?(?:Option::)?None$/.test(path)) return variant("None");
  if (!/(^|::)\p{Lu}[\p{L}\p{N}_]*$/u.test(path)) return undefined;
  const made = constructorOf(path, session);
  return made?.fields.length === 0 ? new Composed(made, []) : undefined;
}

interface Made {
  readonly name: string;
  readonly typeName: string;
  readonly own: true;
  readonly fields: readonly string[];
}

/** A struct's or a variant's name and fields; undefined where the program has none of that path. */
function constructorOf(path: string, session: Session): Made | undefined {
  const found = variantOf(path, session);
  if (found !== undefined) return found;
  const type = typeNamed(path, session);
  const record = type && strip(type);
  if (record?.kind !== "record" || record.definition === undefined) return undefined;
  const { variantPart, fields } = shapeOf(record.definition);
  if (variantPart !== undefined) return undefined;
  const names = fields.flatMap(({ name }) => name ?? []);
  return made(record, record.name.replace(/<.*$/s, ""), names);
}

function variantOf(path: string, session: Session): Made | undefined {
  const [, owner, name] = /^(.+)::([^:]+)$/.exec(path) ?? [];
  const outer = owner === undefined ? undefined : typeNamed(owner, session);
  const whole = outer && strip(outer);
  if (whole?.kind !== "record" || whole.definition === undefined) return undefined;
  for (const one of shapeOf(whole.definition).variantPart?.children() ?? []) {
    const member = shapeOf(one).fields.find((field) => field.name === name);
    const payload = member && strip(member.type);
    if (payload?.kind !== "record" || payload.definition === undefined) continue;
    const fields = shapeOf(payload.definition).fields.filter(({ artificial }) => !artificial);
    return made(
      whole,
      name!,
      fields.flatMap((field) => field.name ?? []),
    );
  }
  return undefined;
}

const made = (type: Type, name: string, fields: readonly string[]): Made => ({
  name,
  typeName: type.name,
  own: true,
  fields,
});
