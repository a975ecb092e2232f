/** Values of Rust that an expression puts together: tuples, lists, records and variants, each part with its name. */
import type { Children, Value, ValueFormat } from "../values/model";
import { namedChildren } from "../values/presentation";

export interface NamedPart {
  readonly name: string;
  readonly value: Value;
}

/** What a composed value is called: `own` types are the program's, the others are the language's. */
export interface Constructor {
  /** `Some`, `Point`; empty for tuples and lists. */
  readonly name: string;
  readonly typeName: string;
  readonly own: boolean;
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

export class Composed implements Value {
  readonly missing = undefined;
  readonly address = undefined;
  readonly size = undefined;
  readonly target = undefined;
  readonly provenance = "computed";

  constructor(
    /** Undefined for a list. */
    readonly made: Constructor | undefined,
    readonly parts: readonly NamedPart[],
    private readonly elementType = "_",
    /** Of a list: whether its elements are given as they are, and not by reference. */
    readonly owned = false,
  ) {}

  get typeName(): string {
    return this.made?.typeName ?? `[${this.elementType}; ${this.parts.length}]`;
  }

  text(format?: ValueFormat): string {
    const { made, parts } = this;
    const texts = parts.map(({ value }) => value.text(format));
    if (made === undefined) return `[${texts.join(", ")}]`;
    const [first] = parts;
    if (first === undefined) return made.name === "" ? "()" : made.name;
    if (!isNumber(first.name))
      return `${made.name} {${parts.map(({ name }, i) => `${name}: ${texts[i]}`).join(", ")}}`;
    const comma = made.name === "" && parts.length === 1 ? "," : "";
    return `${made.name}(${texts.join(", ")}${comma})`;
  }

  get children(): Children | undefined {
    const { made, parts } = this;
    if (parts.length === 0) return undefined;
    const children = parts.map(({ name, value }) => ({
      name: made === undefined ? `[${name}]` : name,
      value,
      path: (parent: string) => (made === undefined ? `${parent}[${name}]` : `${parent}.${name}`),
    }));
    if (made !== undefined) return namedChildren(parts.length, () => children);
    return {
      namedCount: 0,
      indexedCount: parts.length,
      named: () => [],
      indexed: (start, count) => children.slice(start, start + count),
    };
  }

  part(name: string): Value | undefined {
    return this.parts.find((part) => part.name === name)?.value;
  }
}

export const numbered = (values: readonly Value[]): NamedPart[] =>
  values.map((value, index) => ({ name: String(index), value }));

/** A literal without suffix has the type that it would have by itself. */
const DEFAULTS: Readonly<Record<string, string>> = { "{integer}": "i32", "{float}": "f64" };

const typeOf = (value: Value | undefined): string => {
  const name = value?.typeName ?? "_";
  return Object.hasOwn(DEFAULTS, name) ? DEFAULTS[name]! : name;
};

export function tuple(values: readonly Value[]): Composed {
  const typeName = `(${values.map(typeOf).join(", ")}${values.length === 1 ? "," : ""})`;
  return new Composed({ name: "", typeName, own: false }, numbered(values));
}

export const list = (values: readonly Value[], elementType = typeOf(values[0]), owned = false): Composed =>
  new Composed(undefined, numbered(values), elementType, owned);

/** `Some(x)`, `None`, `Ok(x)`, `Err(x)`. */
export function variant(
  name: "Some" | "None" | "Ok" | "Err",
  held?: Value,
  typeName = name === "Ok"
    ? `Result<${typeOf(held)}, _>`
    : name === "Err"
      ? `Result<_, ${typeOf(held)}>`
      : `Option<${typeOf(held)}>`,
): Composed {
  return new Composed({ name, typeName, own: false }, held === undefined ? [] : numbered([held]));
}

/** What `Option<T>` is of a value that may not be there. */
export const option = (held: Value | undefined, type: string): Composed =>
  variant(held === undefined ? "None" : "Some", held, `Option<${type}>`);
