/** What C++'s library answers without running code: `std::get<1>(t)`, `std::max(a, b)`, `m.count(k)`, `s.substr(1, 2)`. */
import { Missing } from "../dwarf/missing";
import { addressOf, element, member, throughReferences } from "../values/access";
import { activeAlternative, optionalValue } from "../values/cpp/holders";
import { libraryName, Part, typeArguments } from "../values/cpp/layout";
import { keyedEntries } from "../values/keys";
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { Storage } from "../values/storage";
import { textAt } from "../values/text";
import { strip } from "../values/types";
import { cInteger, promote, wrap } from "./c-arithmetic";
import { scalarOfValue } from "./equality";
import { ExpressionError } from "./errors";
import { lengthOf } from "./lengths";
import { binary, isTrue } from "./operators";
import type { MethodCall } from "./rust-reads";
import { integer, nameOf, type Scalar } from "./scalars";
import { type Session, Unavailable } from "./session";
import { sizeType } from "./sizes";
import type { Expression } from "./syntax";
import { typeNamed } from "./type-names";
import { isTyped, quotedValue } from "./typed";

type Answer = Scalar | Value | undefined;

interface Given {
  readonly operands: readonly Value[];
  readonly session: Session;
  readonly position: number;
}

/** Elements that are looked through. */
const MOST_ELEMENTS = 2 ** 16;

const truth = (value: boolean): Scalar => ({ kind: "boolean", value });

/** A function of the library by its path with its template's arguments; undefined for every other one. */
export function cppFunction(path: string, given: Given): Answer {
  const [, name, argument] = /^std::(\w+)(?:<(.*)>)?(?:::\w+)?$/s.exec(path) ?? [];
  const { operands, session, position } = given;
  const [first, second, third] = operands;
  if (name === "numeric_limits")
    return operands.length === 0 ? numericLimit(path, argument ?? "", session) : undefined;
  if (name === undefined || first === undefined) return undefined;
  if (argument !== undefined && second === undefined) {
    if (name === "get") return got(first, argument, session, position);
    if (name === "holds_alternative") return truth(isAlternative(first, argument, session, position));
    return undefined;
  }
  switch (`${name}/${operands.length}`) {
    case "move/1":
    case "forward/1":
    case "as_const/1":
    case "ref/1":
    case "cref/1":
      return first;
    case "addressof/1": {
      const found = isTyped(first) ? addressOf(first) : undefined;
      return found === undefined || "problem" in found ? undefined : found;
    }
    case "size/1":
    case "ssize/1": {
      const count = isTyped(first) ? lengthOf(throughReferences(first)) : undefined;
      if (count instanceof Missing) throw new Unavailable(count);
      const type = name === "size" ? sizeType(session) : cInteger(1, true, session.addressSize);
      return count === undefined ? undefined : integer(BigInt(count), type);
    }
    case "to_underlying/1": {
      const scalar = scalarOfValue(first, session, position);
      return scalar.kind === "integer" && isTyped(first) && strip(first.type).kind === "enumeration"
        ? integer(scalar.value, {
            ...cInteger(scalar.type.bits > 32 ? 2 : 0, scalar.type.signed, session.addressSize),
          })
        : undefined;
    }
    case "min/2":
      return isLess(second!, first, given) ? second : first;
    case "max/2":
      return isLess(first, second!, given) ? second : first;
    case "clamp/3":
      return clamped(first, second!, third!, given);
    case "abs/1": {
      const scalar = scalarOfValue(first, session, position);
      if (scalar.kind === "float") return { ...scalar, value: Math.abs(scalar.value) };
      const whole = promote(scalar);
      if (whole.kind !== "integer" || !whole.type.signed) return undefined;
      return integer(wrap(whole.value < 0n ? -whole.value : whole.value, whole.type), whole.type);
    }
  }
  return undefined;
}

/** `a < b` of two of one type, which the library's templates ask for. */
function isLess(a: Value, b: Value, { session, position }: Given): boolean {
  const [left, right] = [a, b].map((value) => scalarOfValue(value, session, position)) as [Scalar, Scalar];
  if (nameOf(left) !== nameOf(right))
    throw new ExpressionError(`${nameOf(left)} and ${nameOf(right)} are two types: cast one`, position);
  return isTrue(binary("<", left, right, session, position), session, position);
}

function clamped(value: Value, low: Value, high: Value, given: Given): Value {
  if (isLess(high, low, given)) throw new ExpressionError("the bounds are not in order", given.position);
  return isLess(value, low, given) ? low : isLess(high, value, given) ? high : value;
}

/** `std::numeric_limits<T>::max()` and its like. */
function numericLimit(path: string, argument: string, session: Session): Scalar | undefined {
  const what = /::(max|min|lowest|epsilon|infinity|quiet_NaN)$/.exec(path)?.[1];
  const type = typeNamed(argument, session);
  if (what === undefined || type === undefined) return undefined;
  const inner = strip(type);
  if (inner.kind !== "base") return undefined;
  const zero = scalarOfValue(session.world.value(type, blank(inner.size ?? 0, session)), session, 0);
  if (zero.kind === "boolean") return truth(what === "max");
  if (zero.kind === "integer") {
    const { bits, signed } = zero.type;
    const most = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
    if (what === "max") return integer(most, zero.type);
    return what === "min" || what === "lowest" ? integer(signed ? -most - 1n : 0n, zero.type) : undefined;
  }
  if (zero.kind !== "float") return undefined;
  const single = zero.type.size === 4;
  const most = single ? (2 - 2 ** -23) * 2 ** 127 : Number.MAX_VALUE;
  const values = {
    max: most,
    min: 2 ** (single ? -126 : -1022),
    lowest: -most,
    epsilon: 2 ** (single ? -23 : -52),
    infinity: Number.POSITIVE_INFINITY,
    quiet_NaN: Number.NaN,
  };
  return { ...zero, value: values[what as keyof typeof values] };
}

const blank = (size: number, { context }: Session): Storage =>
  new Storage({ kind: "value", bytes: new Uint8Array(size), provenance: "computed" }, context.machine);

// Tuples and variants

function got(value: Value, argument: string, session: Session, position: number): Value | undefined {
  if (!isTyped(value)) return undefined;
  const owner = throughReferences(value);
  const library = libraryName(owner.type);
  const index = /^\d+u?$/.test(argument) ? Number.parseInt(argument, 10) : undefined;
  if (library === "pair" && index !== undefined)
    return index < 2 ? outcomeOf(member(owner, index === 0 ? "first" : "second")) : undefined;
  if (library === "array" && index !== undefined) return outcomeOf(element(owner, index));
  if (library === "tuple" && index !== undefined)
    return owner.children?.named().find(({ name }) => name === `[${index}]` || name === String(index))?.value;
  if (library !== "variant") return undefined;
  const held = owner.children?.named().find(({ name }) => /^\[\d+\]$/.test(name));
  const isActive =
    index === undefined ? isAlternative(value, argument, session, position) : held?.name === `[${index}]`;
  if (!isActive) throw new ExpressionError(`it holds another alternative: get would throw`, position);
  return held?.value;
}

function isAlternative(value: Value, argument: string, session: Session, position: number): boolean {
  const owner = isTyped(value) ? throughReferences(value) : undefined;
  const active =
    owner && libraryName(owner.type) === "variant"
      ? activeAlternative(new Part(owner.type, owner.storage, owner.world))
      : undefined;
  if (active instanceof Missing) throw new Unavailable(active);
  if (owner === undefined || active === undefined)
    throw new ExpressionError(`${value.typeName} is no variant`, position);
  if (active === "valueless") return false;
  const wanted = typeNamed(argument, session);
  const own = typeArguments(owner.type);
  const isWanted = (name: string | undefined): boolean => name === argument || name === wanted?.name;
  if (!own.some(({ name }) => isWanted(name)))
    throw new ExpressionError(`${argument} is none of the variant's alternatives`, position);
  return isWanted(own[active]?.name);
}

function outcomeOf(outcome: ReturnType<typeof member>): TypedValue | undefined {
  if (!("problem" in outcome)) return outcome;
  if (outcome.missing !== undefined) throw new Unavailable(outcome.missing);
  return undefined;
}

// Methods

/** `self.name(operands)` of the library's types; undefined where there is no such method that only reads. */
export function cppRead({ self, name, operands, session, position }: MethodCall): Answer {
  if (!isTyped(self)) return undefined;
  const owner = throughReferences(self);
  const library = libraryName(owner.type);
  const [first, second, more] = operands;
  if (library === undefined || first === undefined || more !== undefined) return undefined;
  if (/^basic_string(_view)?$/.test(library)) return textRead(owner, name, first, second, session, position);
  if (second !== undefined) return undefined;
  if (library === "optional" && name === "value_or") {
    const held = optionalValue(new Part(owner.type, owner.storage, owner.world));
    if (held instanceof Missing) throw new Unavailable(held);
    return held === undefined ? undefined : held === "nullopt" ? first : held.value;
  }
  const key = (): Scalar => scalarOfValue(first, session, position);
  if (/^(map|unordered_map)$/.test(library) && /^(at|count|contains)$/.test(name))
    return mapRead(owner, name, key(), session, position);
  if (/set$/.test(library) && /^(count|contains)$/.test(name))
    return counted(owner, name, key(), session, position);
  if (name === "at" || (name === "test" && library === "bitset")) {
    const index = key();
    const count = lengthOf(owner) ?? owner.children?.indexedCount;
    if (index.kind !== "integer" || typeof count !== "number") return undefined;
    if (index.value < 0n || index.value >= BigInt(count))
      throw new ExpressionError(`there are ${count} elements: ${name} would throw`, position);
    const found = element(owner, Number(index.value));
    return "problem" in found ? owner.children?.indexed(Number(index.value), 1)[0]?.value : found;
  }
  return undefined;
}

/** Whether an expression is `m.find(k)`, of which the key is asked for. */
const isFind = (expression: Expression): expression is Expression & { kind: "method" } =>
  expression.kind === "method" && expression.name === "find" && expression.operands.length === 1;

/** `m.contains(k)` for `m.find(k) != m.end()`, whichever comes first; undefined for every other comparison. */
export function foundInstead(left: Expression, right: Expression): Expression | undefined {
  const [find, end] = isFind(left) ? [left, right] : [right, left];
  if (!isFind(find) || end.kind !== "method" || !/^c?end$/.test(end.name)) return undefined;
  const written = (expression: Expression): string =>
    JSON.stringify(expression, (key, value) => (key === "position" ? undefined : value));
  return written(find.object) === written(end.object) ? { ...find, name: "contains" } : undefined;
}

/** `m.at(k)` for `m.find(k)->second`; undefined for every other member. */
export function entryInstead(object: Expression, name: string): Expression | undefined {
  const isEntry =
    name === "second" && object.kind === "dereference" && object.arrow && isFind(object.operand);
  return isEntry ? { ...(object.operand as Expression & { kind: "method" }), name: "at" } : undefined;
}

function mapRead(map: TypedValue, name: string, key: Scalar, session: Session, position: number): Answer {
  const entries = keyedEntries(map);
  if (entries instanceof Missing) throw new Unavailable(entries);
  let left = MOST_ELEMENTS;
  for (const entry of entries ?? []) {
    if (entry instanceof Missing) throw new Unavailable(entry);
    if (left-- === 0) throw new ExpressionError("the map has too many entries", position);
    const same = binary("==", scalarOfValue(entry.key, session, position), key, session, position);
    if (!isTrue(same, session, position)) continue;
    return name === "at" ? entry.value : name === "count" ? integer(1n, sizeType(session)) : truth(true);
  }
  if (entries === undefined) return undefined;
  if (name === "at") throw new ExpressionError(`${map.typeName} has no such key: at would throw`, position);
  return name === "count" ? integer(0n, sizeType(session)) : truth(false);
}

function counted(set: TypedValue, name: string, key: Scalar, session: Session, position: number): Answer {
  const count = set.children?.indexedCount;
  if (count === undefined) return undefined;
  if (count > MOST_ELEMENTS) throw new ExpressionError("there are too many elements", position);
  const found = set.children!.indexed(0, count).filter(({ value }) => {
    const same = binary("==", scalarOfValue(value, session, position), key, session, position);
    return isTrue(same, session, position);
  }).length;
  return name === "count" ? integer(BigInt(found), sizeType(session)) : truth(found > 0);
}

// Texts

/** The bytes of a `std::string`, a view of one, or what a char pointer leads to; undefined for every other value. */
function bytesOf(value: Value, session: Session): Uint8Array | undefined {
  if (!isTyped(value)) return undefined;
  const owner = throughReferences(value);
  const type = strip(owner.type);
  if (type.kind === "array" || type.kind === "pointer") {
    if (type.kind === "array" && owner.address === undefined) {
      const bytes = owner.storage.read(owner.size ?? 0);
      if (bytes instanceof Missing) throw new Unavailable(bytes);
      return bytes.subarray(0, bytes.indexOf(0) < 0 ? bytes.length : bytes.indexOf(0));
    }
    const at = type.kind === "array" ? owner.address : owner.target;
    const found = at === undefined ? undefined : textAt(session.context.machine, at, 1, MOST_ELEMENTS);
    if (found instanceof Missing) throw new Unavailable(found);
    return found === undefined || found.more ? undefined : found.bytes;
  }
  const count = /^basic_string(_view)?$/.test(libraryName(owner.type) ?? "") ? lengthOf(owner) : undefined;
  if (count instanceof Missing) throw new Unavailable(count);
  if (count === undefined || count > MOST_ELEMENTS) return undefined;
  if (count === 0) return new Uint8Array(0);
  const first = outcomeOf(element(owner, 0));
  const bytes = first?.size === 1 ? first.storage.read(count) : undefined;
  if (bytes instanceof Missing) throw new Unavailable(bytes);
  return bytes;
}

function textRead(
  owner: TypedValue,
  name: string,
  first: Value,
  second: Value | undefined,
  session: Session,
  position: number,
): Answer {
  const bytes = bytesOf(owner, session);
  if (bytes === undefined) return undefined;
  const whole = (value: Value): number => {
    const scalar = scalarOfValue(value, session, position);
    if (scalar.kind !== "integer") throw new ExpressionError("a whole number is expected here", position);
    return Number(scalar.value);
  };
  if (name === "substr") {
    const from = whole(first);
    if (from < 0 || from > bytes.length)
      throw new ExpressionError(`the text has ${bytes.length} characters: substr would throw`, position);
    const count = second === undefined ? bytes.length : whole(second);
    return quotedValue(bytes.subarray(from, count < 0 ? bytes.length : from + count), "std::string");
  }
  if (second !== undefined) return undefined;
  if (name === "at") {
    const index = whole(first);
    if (index < 0 || index >= bytes.length)
      throw new ExpressionError(`the text has ${bytes.length} characters: at would throw`, position);
    return outcomeOf(element(owner, index));
  }
  const given = bytesOf(first, session) ?? characterOf(first, session, position);
  if (given === undefined) return undefined;
  // Bytes as characters of one unit each: places in the text are places in the bytes.
  const [text, other] = [bytes, given].map((part) => String.fromCharCode(...part)) as [string, string];
  const place = (index: number): Scalar =>
    integer(index < 0 ? (1n << BigInt(8 * session.addressSize)) - 1n : BigInt(index), sizeType(session));
  switch (name) {
    case "starts_with":
      return truth(text.startsWith(other));
    case "ends_with":
      return truth(text.endsWith(other));
    case "contains":
      return truth(text.includes(other));
    case "find":
      return place(text.indexOf(other));
    case "rfind":
      return place(text.lastIndexOf(other));
  }
  return undefined;
}

function characterOf(value: Value, session: Session, position: number): Uint8Array | undefined {
  const scalar = scalarOfValue(value, session, position);
  return scalar.kind === "integer" && scalar.type.bits === 8
    ? Uint8Array.of(Number(BigInt.asUintN(8, scalar.value)))
    : undefined;
}
