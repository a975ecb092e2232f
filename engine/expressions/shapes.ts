/** What Rust's values are made of as its patterns and its library's comparisons see them: elements, or named fields. */
import { Missing } from "../dwarf/missing";
import { element, member, owners } from "../values/access";
import { shapeOf } from "../values/fields";
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { libraryPath } from "../values/rust/library";
import { type RecordType, strip } from "../values/types";
import { activeVariant } from "../values/variants";
import { Composed } from "./composed";
import { lengthOf } from "./lengths";
import { Unavailable } from "./session";
import { isTyped } from "./typed";

export type Shape =
  | { readonly kind: "sequence"; readonly count: number; at(index: number): Value }
  | {
      readonly kind: "record";
      /** Whether the program itself defines it, and so what `==` means. */
      readonly own: boolean;
      readonly typeName: string;
      /** The struct's, or the active variant's; empty for a tuple. */
      readonly name: string;
      /** All variants that it could be; undefined for what is no enum. */
      readonly variants: readonly string[] | undefined;
      readonly fields: readonly string[];
      field(name: string): Value;
    };

const TEXT = /^(&(mut )?|Box<|Rc<|Arc<)*(str\b|String\b)/;

/** What a value is made of, behind references and what dereferences; undefined for numbers, texts and other leaves. */
export function shapeOfValue(value: Value): Shape | undefined {
  if (value instanceof Composed) return composedShape(value);
  if (!isTyped(value)) return undefined;
  for (const owner of owners(value)) {
    const shape = typedShape(owner);
    if (shape !== undefined) return shape;
  }
  return undefined;
}

function composedShape({ made, parts, typeName }: Composed): Shape {
  if (made === undefined)
    return { kind: "sequence", count: parts.length, at: (index) => parts[index]!.value };
  const { name, own } = made;
  const variants = /^Option</.test(typeName)
    ? ["Some", "None"]
    : /^Result</.test(typeName)
      ? ["Ok", "Err"]
      : undefined;
  return {
    kind: "record",
    own,
    typeName,
    name,
    variants: own ? undefined : variants,
    fields: parts.map((part) => part.name),
    field: (wanted) => parts.find((part) => part.name === wanted)!.value,
  };
}

function typedShape(owner: TypedValue): Shape | undefined {
  const type = strip(owner.type);
  if (TEXT.test(owner.typeName ?? "")) return undefined;
  if (
    type.kind === "array" ||
    /^(&(mut )?\[|Box<\[|Rc<\[|Arc<\[|Vec<|VecDeque<)/.test(owner.typeName ?? "")
  ) {
    const count = lengthOf(owner);
    if (count instanceof Missing) throw new Unavailable(count);
    return count === undefined ? undefined : { kind: "sequence", count, at: (index) => at(owner, index) };
  }
  if (type.kind !== "record" || type.definition === undefined) return undefined;
  return recordShape(owner, type);
}

/** Types of the library whose parts its own comparisons compare. */
const OPEN = /^core::(option::Option|result::Result|ops::\w+::(Bound|ControlFlow)|task::poll::Poll)$/;

function recordShape(owner: TypedValue, type: RecordType): Shape | undefined {
  const path = libraryPath(type);
  const isTuple = type.entry?.name?.startsWith("(") ?? false;
  if (path !== undefined && !OPEN.test(path)) return undefined;
  const { variantPart, fields } = shapeOf(type.definition!);
  const common = {
    kind: "record",
    own: path === undefined && !isTuple,
    typeName: type.name,
    field: (name: string) => found(owner, name),
  } as const;
  if (variantPart === undefined) {
    const names = fields.flatMap(({ kind, name }) => (kind === "member" && name !== undefined ? [name] : []));
    return {
      ...common,
      name: isTuple ? "" : type.name.replace(/<.*$/s, ""),
      variants: undefined,
      fields: names,
    };
  }
  const active = activeVariant(variantPart, owner.storage, owner.world);
  if (active instanceof Missing) throw new Unavailable(active);
  return {
    ...common,
    name: active.name,
    variants: [...variantPart.children()].flatMap((one) =>
      shapeOf(one).fields.flatMap(({ name }) => name ?? []),
    ),
    fields: active.fields.flatMap(({ field }) => (field.artificial ? [] : (field.name ?? []))),
  };
}

function found(owner: TypedValue, name: string): TypedValue {
  const outcome = member(owner, name);
  if (!("problem" in outcome)) return outcome;
  if (outcome.missing !== undefined) throw new Unavailable(outcome.missing);
  throw new Error(`a field that the shape has: ${name}`);
}

function at(owner: TypedValue, index: number): TypedValue {
  const outcome = element(owner, index);
  if (!("problem" in outcome)) return outcome;
  if (outcome.missing !== undefined) throw new Unavailable(outcome.missing);
  throw new Error(`an element that the shape has: ${index}`);
}
