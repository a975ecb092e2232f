/**
 * What Rust's library answers of texts, elements, maps, options and results without running code: each answer is taken
 * from what the value's parts are. Closures cannot run, and what would change the value is no read.
 */
import { Missing } from "../dwarf/missing";
import { owners, throughReferences } from "../values/access";
import { keyedEntries } from "../values/keys";
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { libraryName, libraryPath } from "../values/rust/library";
import { quoteUtf8 } from "../values/text";
import { Composed, list, option, variant } from "./composed";
import { equalInParts, scalarOfValue } from "./equality";
import { ExpressionError } from "./errors";
import { lengthOf } from "./lengths";
import { binary, isTrue } from "./operators";
import { numberMethod } from "./rust-numbers";
import { integer, type Scalar, scalarValue } from "./scalars";
import { type Session, Unavailable } from "./session";
import { type Shape, shapeOfValue } from "./shapes";
import { sizeType } from "./sizes";
import { wholeText } from "./text-slices";
import { isTyped, quotedValue } from "./typed";

/** Elements that are looked through, or put into a list. */
const MOST_ELEMENTS = 2 ** 16;

const truth = (value: boolean): Scalar => ({ kind: "boolean", value });

/** One call: what a method is asked of, and with what. */
export interface MethodCall {
  readonly self: Value;
  readonly name: string;
  readonly operands: readonly Value[];
  readonly session: Session;
  readonly position: number;
}

type Answer = Scalar | Value | undefined;

/** `self.name(operands)` by Rust's library; undefined where it has no such method that only reads. */
export function rustRead(call: MethodCall): Answer {
  const { self, operands, session, position } = call;
  const text = wholeText(self, position);
  if (text !== undefined) return textRead(text, call);
  const shape = shapeOfValue(self);
  if (shape?.kind === "sequence") return sequenceRead(shape, call);
  if (shape !== undefined) return variantRead(shape, call);
  const found = isTyped(self) ? (containerRead(self, call) ?? sameValue(self, call)) : undefined;
  if (found !== undefined) return found;
  const scalar = numeric(self, session, position);
  if (scalar === undefined) return undefined;
  if (IDENTITIES.has(call.name) && operands.length === 0) return scalar;
  const scalars = operands.map((operand) => scalarOfValue(operand, session, position));
  return numberMethod(scalar, call.name, scalars, session, position);
}

/** A value as a number, behind whatever dereferences to one; undefined where it is none. */
function numeric(value: Value, session: Session, position: number): Scalar | undefined {
  for (const owner of isTyped(value) ? owners(value) : [value]) {
    try {
      return scalarOfValue(owner, session, position);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
    }
  }
  return undefined;
}

/** Methods that give the value itself, or a reference to it, or a copy. */
const IDENTITIES: ReadonlySet<string> = new Set([
  ...[
    "clone",
    "as_ref",
    "as_deref",
    "borrow",
    "to_owned",
    "as_slice",
    "to_vec",
    "copied",
    "cloned",
    "iter",
    "into_iter",
  ],
  ...["as_str", "to_string", "as_path", "as_os_str", "deref"],
]);

/** A copy of the library's own types; what a type of the program takes for a copy is for itself to say. */
function sameValue(self: TypedValue, { name, operands, position }: MethodCall): Value | undefined {
  if (!IDENTITIES.has(name) || operands.length > 0 || libraryPath(throughReferences(self).type) === undefined)
    return undefined;
  if (name !== "borrow") return self;
  for (const owner of owners(self)) {
    if (libraryName(owner.type) !== "RefCell") continue;
    if (/, borrowed mutably\}$/.test(owner.text()))
      throw new ExpressionError("it is borrowed mutably: borrow would panic", position);
    return owner.children?.named().find((child) => child.name === "value")?.value;
  }
  return undefined;
}

const size = (count: number, session: Session): Scalar => integer(BigInt(count), sizeType(session));

function isEqual(a: Value, b: Value, session: Session, position: number): boolean {
  const inParts = equalInParts(a, b, session, position);
  if (inParts !== undefined) return inParts;
  const [left, right] = [scalarOfValue(a, session, position), scalarOfValue(b, session, position)];
  return isTrue(binary("==", left, right, session, position), session, position);
}

// Elements

function sequenceRead(shape: Shape & { kind: "sequence" }, call: MethodCall): Answer {
  const { self, name, operands, session, position } = call;
  const { count } = shape;
  const [operand, more] = operands;
  const isOwned = self instanceof Composed && self.owned;
  const at = (index: number): Value | undefined =>
    index >= 0 && index < count ? shape.at(index) : undefined;
  const optional = (index: number): Value => option(at(index), referred(self));
  const all = (): readonly Value[] => {
    if (count > MOST_ELEMENTS) throw new ExpressionError(`${count} elements are too many`, position);
    return Array.from({ length: count }, (_, index) => shape.at(index));
  };
  if (more !== undefined) return undefined;
  if (operand === undefined) {
    switch (name) {
      case "len":
      case "count":
        return size(count, session);
      case "is_empty":
        return truth(count === 0);
      case "first":
      case "front":
      case "next":
        return optional(0);
      case "last":
      case "back":
        return optional(count - 1);
      case "rev":
        return list([...all()].reverse(), elementName(self), isOwned);
      case "sum":
      case "product":
        return folded(name === "sum" ? "+" : "*", all(), session, position);
      case "min":
      case "max":
        return extreme(name === "max" ? ">=" : "<", all(), call);
    }
    return IDENTITIES.has(name) ? self : undefined;
  }
  switch (name) {
    case "get":
    case "nth": {
      const index = scalarOfValue(operand, session, position);
      if (index.kind !== "integer") throw new ExpressionError("a whole number is expected here", position);
      return optional(Number(index.value));
    }
    case "contains":
      return truth(all().some((one) => isEqual(one, operand, session, position)));
    case "starts_with":
    case "ends_with": {
      const other = shapeOfValue(operand);
      if (other?.kind !== "sequence") throw new ExpressionError("a slice is expected here", position);
      const start = name === "starts_with" ? 0 : count - other.count;
      if (start < 0 || other.count > count) return truth(false);
      for (let i = 0; i < other.count; i++)
        if (!isEqual(shape.at(start + i), other.at(i), session, position)) return truth(false);
      return truth(true);
    }
    case "skip":
    case "take": {
      const given = scalarOfValue(operand, session, position);
      if (given.kind !== "integer" || given.value < 0n) return undefined;
      const border = Number(given.value > BigInt(count) ? BigInt(count) : given.value);
      const taken = name === "skip" ? all().slice(border) : all().slice(0, border);
      return list(taken, elementName(self), isOwned);
    }
  }
  return undefined;
}

/** What a sequence gives its elements as. */
const referred = (self: Value): string =>
  `${self instanceof Composed && self.owned ? "" : "&"}${elementName(self)}`;

/** The type's name of a sequence's elements. */
function elementName(self: Value): string {
  const name = (self.typeName ?? "").replace(/^&(mut )?/, "");
  return (
    /^\[(.*?)(?:; \d+)?\]$/s.exec(name)?.[1] ??
    /^(?:Vec|VecDeque|Box|Rc|Arc)<\[?(.*?)\]?>$/s.exec(name)?.[1] ??
    "_"
  );
}

function folded(operator: "+" | "*", values: readonly Value[], session: Session, position: number): Scalar {
  const [first, ...rest] = values.map((value) => scalarOfValue(value, session, position));
  if (first === undefined)
    return integer(operator === "+" ? 0n : 1n, { name: "{integer}", bits: 32, signed: true, untyped: true });
  return rest.reduce((sum, one) => binary(operator, sum, one, session, position), first);
}

function extreme(
  operator: ">=" | "<",
  values: readonly Value[],
  { self, session, position }: MethodCall,
): Value {
  let best: { value: Value; scalar: Scalar } | undefined;
  for (const value of values) {
    const scalar = scalarOfValue(value, session, position);
    if (scalar.kind === "float")
      throw new ExpressionError("floating-point numbers have no order of all", position);
    const better =
      best === undefined ||
      isTrue(binary(operator, scalar, best.scalar, session, position), session, position);
    if (better) best = { value, scalar };
  }
  return option(best?.value, referred(self));
}

// Options and results

function variantRead(shape: Shape & { kind: "record" }, call: MethodCall): Answer {
  const { self, name, operands, position } = call;
  const { name: active, variants } = shape;
  const [operand, more] = operands;
  const isOption = variants?.includes("Some") ?? false;
  const isResult = variants?.includes("Ok") ?? false;
  if (shape.own || (!isOption && !isResult) || more !== undefined) {
    return !shape.own && IDENTITIES.has(name) && operand === undefined ? self : undefined;
  }
  const good = active === "Some" || active === "Ok";
  const held = (): Value => shape.field("0");
  const unless = (fails: boolean): Value => {
    if (fails) throw new ExpressionError(`it is ${self.text()}: ${name} would panic`, position);
    return held();
  };
  switch (`${name}/${operands.length}`) {
    case "is_some/0":
      return isOption ? truth(good) : undefined;
    case "is_none/0":
      return isOption ? truth(!good) : undefined;
    case "is_ok/0":
      return isResult ? truth(good) : undefined;
    case "is_err/0":
      return isResult ? truth(!good) : undefined;
    case "unwrap/0":
    case "expect/1":
      return unless(!good);
    case "unwrap_err/0":
    case "expect_err/1":
      return isResult ? unless(good) : undefined;
    case "unwrap_or/1":
      return good ? held() : operand;
    case "or/1":
      return good ? self : operand;
    case "copied/0":
    case "cloned/0":
      return isOption
        ? option(good ? held() : undefined, /^Option<&(?:mut )?(.*)>$/s.exec(self.typeName ?? "")?.[1] ?? "_")
        : undefined;
    case "ok/0":
      return isResult ? variant(good ? "Some" : "None", good ? held() : undefined) : undefined;
    case "err/0":
      return isResult ? variant(good ? "None" : "Some", good ? undefined : held()) : undefined;
  }
  return IDENTITIES.has(name) && operand === undefined ? self : undefined;
}

// Maps and sets

function containerRead(self: TypedValue, call: MethodCall): Answer {
  for (const owner of owners(self)) {
    if (SETS.has(libraryName(owner.type))) return setRead(owner, call);
    const entries = keyedEntries(owner);
    if (entries instanceof Missing) throw new Unavailable(entries);
    if (entries !== undefined) return mapRead(owner, entries, call);
  }
  return undefined;
}

/** What has elements in no order that indexes count. */
const SETS: ReadonlySet<string | undefined> = new Set(["HashSet", "BTreeSet", "BinaryHeap", "LinkedList"]);

type Entries = Exclude<ReturnType<typeof keyedEntries>, Missing | undefined>;

function mapRead(
  map: TypedValue,
  entries: Entries,
  { name, operands, session, position }: MethodCall,
): Answer {
  const [key, more] = operands;
  const type = (index: number): string => typeArguments(map.typeName ?? "")[index] ?? "_";
  const each = function* () {
    let left = MOST_ELEMENTS;
    for (const entry of entries) {
      if (entry instanceof Missing) throw new Unavailable(entry);
      if (left-- === 0) throw new ExpressionError("the map has too many entries", position);
      yield entry;
    }
  };
  if (key === undefined) {
    if (name === "keys")
      return list(
        [...each()].map((entry) => entry.key),
        type(0),
      );
    if (name === "values")
      return list(
        [...each()].map((entry) => entry.value),
        type(1),
      );
    return undefined;
  }
  if (more !== undefined || (name !== "get" && name !== "contains_key")) return undefined;
  let found: Value | undefined;
  for (const entry of each()) {
    if (!isEqual(entry.key, key, session, position)) continue;
    found = entry.value;
    break;
  }
  return name === "get" ? option(found, `&${type(1)}`) : truth(found !== undefined);
}

function setRead(owner: TypedValue, call: MethodCall): Answer {
  const { children } = owner;
  const count = lengthOf(owner);
  if (count instanceof Missing) throw new Unavailable(count);
  if (children === undefined || count === undefined) return undefined;
  const shape: Shape = { kind: "sequence", count, at: (index) => children.indexed(index, 1)[0]!.value };
  const given = call.name === "iter" && call.operands.length === 0;
  if (!given)
    return ["contains", "first", "last", "len", "is_empty"].includes(call.name)
      ? sequenceRead(shape, call)
      : undefined;
  if (count > MOST_ELEMENTS) throw new ExpressionError("there are too many elements", call.position);
  return list(
    children.indexed(0, count).map(({ value }) => value),
    typeArguments(owner.typeName ?? "")[0],
  );
}

/** The type arguments of a type's name, those of arguments left in one piece. */
function typeArguments(name: string): string[] {
  const inner = /^[^<]*<(.*)>$/s.exec(name)?.[1] ?? "";
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const sign of inner) {
    if (sign === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
      continue;
    }
    if ("<([".includes(sign)) depth++;
    else if (">)]".includes(sign)) depth--;
    part += sign;
  }
  return [...parts, part.trim()];
}

// Texts

function decoded(bytes: Uint8Array, position: number): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (text.includes("\ufffd") && quoteUtf8(bytes, Number.POSITIVE_INFINITY).includes("\\x"))
    throw new ExpressionError("the text is no UTF-8", position);
  return text;
}

function textRead(bytes: Uint8Array, { self, name, operands, session, position }: MethodCall): Answer {
  const text = decoded(bytes, position);
  const own = (part: string): Value => quotedValue(new TextEncoder().encode(part), "&str");
  const scalar = (value: Scalar): Value => scalarValue(value as Exclude<Scalar, { kind: "text" }>, session);
  const byte = (code: number): Value => scalar(integer(BigInt(code), { name: "u8", bits: 8, signed: false }));
  const character = (sign: string): Value =>
    scalar({ kind: "character", code: BigInt(sign.codePointAt(0)!) });
  const [operand, more] = operands;
  if (more !== undefined) return undefined;
  if (operand !== undefined) return searched(text, name, operand, session, position);
  switch (name) {
    case "len":
      return size(bytes.length, session);
    case "is_empty":
      return truth(bytes.length === 0);
    case "chars":
      return list([...text].map(character), "char", true);
    case "bytes":
    case "as_bytes":
      return list([...bytes].map(byte), "u8", name === "bytes");
    case "lines":
      return list(
        text === ""
          ? []
          : text
              .replace(/\r?\n$/, "")
              .split(/\r?\n/)
              .map(own),
        "&str",
      );
    case "trim":
      return own(text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, ""));
    case "trim_start":
      return own(text.replace(/^\p{White_Space}+/u, ""));
    case "trim_end":
      return own(text.replace(/\p{White_Space}+$/u, ""));
    case "is_ascii":
      return truth(bytes.every((one) => one < 0x80));
    case "to_ascii_uppercase":
      return own(text.replace(/[a-z]/g, (sign) => sign.toUpperCase()));
    case "to_ascii_lowercase":
      return own(text.replace(/[A-Z]/g, (sign) => sign.toLowerCase()));
  }
  return IDENTITIES.has(name) ? self : undefined;
}

/** What is looked for in a text: another one, or a character. */
function searched(text: string, name: string, operand: Value, session: Session, position: number): Answer {
  const other = wholeText(operand, position);
  const pattern = other === undefined ? characterOf(operand, session, position) : decoded(other, position);
  if (pattern === undefined) return undefined;
  const before = (end: number): number => new TextEncoder().encode(text.slice(0, end)).length;
  const place = (index: number): Value =>
    option(
      index < 0 ? undefined : scalarValue(integer(BigInt(before(index)), sizeType(session)), session),
      "usize",
    );
  switch (name) {
    case "starts_with":
      return truth(text.startsWith(pattern));
    case "ends_with":
      return truth(text.endsWith(pattern));
    case "contains":
      return truth(text.includes(pattern));
    case "find":
      return place(text.indexOf(pattern));
    case "rfind":
      return place(text.lastIndexOf(pattern));
    case "eq_ignore_ascii_case": {
      const folded = (given: string): string => given.replace(/[A-Z]/g, (sign) => sign.toLowerCase());
      return truth(folded(text) === folded(pattern));
    }
  }
  return undefined;
}

function characterOf(value: Value, session: Session, position: number): string | undefined {
  const scalar = scalarOfValue(value, session, position);
  return scalar.kind === "character" ? String.fromCodePoint(Number(scalar.code)) : undefined;
}
