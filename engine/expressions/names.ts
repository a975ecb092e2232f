/**
 * What a name means in a frame, from the inside outwards: its locals and arguments, the members of C++'s `this`,
 * statics of its unit, and then enumerators, statics and functions of the whole program.
 */
import { DW_AT } from "../dwarf/constants";
import { missing } from "../dwarf/missing";
import type { Entry } from "../dwarf/model";
import { qualifiedName } from "../dwarf/qualified-names";
import { dereference, member } from "../values/access";
import { wideConstant } from "../values/constants";
import type { Value, Variable } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { findField } from "../values/records";
import { Storage } from "../values/storage";
import {
  type FoundSymbol,
  isDefinition,
  lastSegment,
  type SymbolKind,
  symbolsOf,
} from "../values/symbol-index";
import { pointerType, strip, type Type, typeFrom } from "../values/types";
import { missingValue, variableValue } from "../values/variables";
import { composedUnit } from "./composing";
import { ExpressionError } from "./errors";
import { rustConstant } from "./rust-constants";
import { scalarValue } from "./scalars";
import { computed, type Session } from "./session";
import { nearest, typeNamed } from "./type-names";
import { isTyped } from "./typed";

/** Slots of a table that are looked at for a function. */
const MOST_SLOTS = 65_536;

/** The value that a path names; `nth` counts variables of the same name from the innermost. */
export function named(given: string, nth: number, session: Session, position: number): Value {
  // Rust's words for where a path starts: names are looked for from the function's own module on by themselves.
  const path = session.rules === "rust" ? given.replace(/^(?:crate|self|super)::/, "") : given;
  const bound = session.bound?.get(path);
  if (bound !== undefined) return bound;
  const inScope = variablesNamed(path, session);
  const chosen = inScope[nth - 1];
  if (chosen !== undefined) return chosen.value;
  if (nth > 1)
    throw new ExpressionError(`there are only ${inScope.length} of “${path}” in scope here`, position);
  const found = ofThis(path, session) ?? elsewhere(path, session, position);
  if (found !== undefined) return found;
  const constant = session.rules === "rust" ? rustConstant(path, session) : undefined;
  if (constant !== undefined) return scalarValue(constant, session);
  const unit = session.rules === "rust" ? composedUnit(path, session) : undefined;
  if (unit !== undefined) return unit;
  // Zig's null is no word of the other languages, where a variable may have that name.
  if (path === "null") return scalarValue({ kind: "null" }, session);
  throw new ExpressionError(`no variable “${path}” is in scope here`, position);
}

/** Whether a variable of that name is in scope, so that the name is no type's. */
export function isVariable(path: string, session: Session): boolean {
  return variablesNamed(path, session).length > 0;
}

/** Variables of a name, the innermost first; statics also by the end of their path. */
function variablesNamed(path: string, { frame }: Session): readonly Variable[] {
  const scopes = frame.scopes();
  return (["locals", "arguments", "statics"] as const).flatMap((kind) =>
    scopes
      .filter((scope) => scope.kind === kind)
      .flatMap((scope) => {
        const variables = scope.variables();
        const exact = variables.filter(({ name, evaluateName }) => name === path || evaluateName === path);
        if (exact.length > 0) return exact.reverse();
        return variables.filter(
          ({ name, evaluateName }) => endsWithPath(name, path) || endsWithPath(evaluateName, path),
        );
      }),
  );
}

function endsWithPath(name: string | undefined, path: string): boolean {
  return name?.endsWith(`::${path}`) ?? false;
}

/** A member of the object whose method this is, as C++ reads a bare name. */
function ofThis(path: string, session: Session): Value | undefined {
  if (session.flavour.name !== "cpp" || path.includes("::")) return undefined;
  const self = variablesNamed("this", session)[0]?.value;
  if (self === undefined || !isTyped(self)) return undefined;
  const object = dereference(self);
  const found = "problem" in object ? object : member(object, path);
  return "problem" in found ? undefined : found;
}

/** What is not in scope by itself: enumerators, and statics and functions of any unit. */
function elsewhere(path: string, session: Session, position: number): Value | undefined {
  const { frame, context } = session;
  if (context.debug === undefined) return undefined;
  const index = symbolsOf(context.debug);
  const kinds: readonly SymbolKind[] = ["variable", "enumerator", "function"];
  const searches = [
    () => (frame.unit === undefined ? [] : index.inUnit(frame.unit, path, kinds)),
    () => index.anywhere(path, kinds),
  ];
  let placeless: FoundSymbol | undefined;
  for (const search of searches) {
    const all = nearest(search(), path, frame.fullName);
    const symbol = onlyOne(all.filter(isPlaced), path, session, position);
    if (symbol !== undefined) return symbolValue(symbol, session);
    placeless ??= all.find(isPlaceless);
  }
  // What the program has, and the debug information says no place of.
  return staticMember(path, session) ?? (placeless && symbolValue(placeless, session));
}

/** A static member by its class, which may inherit it: DWARF 2 to 4 describe it within the class alone. */
function staticMember(path: string, session: Session): Value | undefined {
  const name = lastSegment(path);
  const owner = path.slice(0, Math.max(0, path.length - name.length - "::".length));
  const type = session.flavour.name === "cpp" && owner !== "" ? typeNamed(owner, session) : undefined;
  const record = type && strip(type);
  if (record?.kind !== "record") return undefined;
  const nowhere = new Storage(missing("no-location"), session.context.machine);
  const found = findField(record, name, nowhere, session.world);
  if (found === undefined || found.field.kind !== "static") return undefined;
  return session.world.value(found.field.type, found.storage());
}

/** Whether the program has it without a place of its own: a variable, or a function that is inlined wherever it is called. */
function isPlaceless({ kind, entry }: FoundSymbol): boolean {
  if (kind === "variable") return isDefinition(entry);
  return kind === "function" && entry.unsigned(DW_AT.inline) !== undefined;
}

/** Whether the entry is the thing itself, and not its announcement. */
function isPlaced({ kind, entry }: FoundSymbol): boolean {
  if (kind === "enumerator") return true;
  if (kind === "function") return entry.ranges().length > 0;
  return entry.attribute(DW_AT.location) !== undefined || entry.attribute(DW_AT.const_value) !== undefined;
}

function onlyOne(
  found: readonly FoundSymbol[],
  path: string,
  session: Session,
  position: number,
): FoundSymbol | undefined {
  const [first] = found;
  if (first === undefined) return undefined;
  const identity = ({ kind, entry }: FoundSymbol): string => {
    const name = `${kind} ${qualifiedName(entry)}`;
    if (kind === "function") return `${name} ${entry.address(DW_AT.low_pc)}`;
    if (kind === "enumerator") return `${name} ${wideConstant(entry, DW_AT.const_value, true)}`;
    const value = variableValue(entry, session.context);
    return `${name} ${value.address ?? value.text()}`;
  };
  const names = new Set(found.map(identity));
  if (names.size > 1)
    throw new ExpressionError(`“${path}” is ambiguous: there are ${names.size} of it`, position);
  return first;
}

function symbolValue({ kind, entry }: FoundSymbol, session: Session): Value | undefined {
  switch (kind) {
    case "variable":
      return variableValue(entry, session.context);
    case "enumerator":
      return enumeratorValue(entry, session);
    default:
      return functionValue(entry, session);
  }
}

/** The enumerator of a type by the names of both; undefined where the program has none. */
export function enumeratorNamed(typeName: string, name: string, session: Session): Value | undefined {
  const type = typeNamed(typeName, session);
  return type && enumeratorOfType(type, name, session);
}

/** The enumerator of a type by its name; undefined where it has none of that name. */
export function enumeratorOfType(type: Type, name: string, session: Session): TypedValue | undefined {
  const stripped = strip(type);
  if (stripped.kind !== "enumeration") return undefined;
  for (const child of stripped.entry.children())
    if (child.name === name) return enumeratorValue(child, session);
  return undefined;
}

function enumeratorValue(entry: Entry, session: Session): TypedValue | undefined {
  const { parent } = entry;
  const type = parent && typeFrom(parent);
  if (type?.kind !== "enumeration") return undefined;
  const value = wideConstant(entry, DW_AT.const_value, type.signed ?? true);
  return value === undefined ? undefined : computed(type, value, session);
}

/** What a function's name is of: Rust's pointers to functions are written as the functions are. */
function functionPointer(type: Type, { flavour, addressSize }: Session): Type {
  const written = flavour.name === "rust" ? type.name : undefined;
  return pointerType(flavour, "pointer", () => type, addressSize, undefined, written);
}

/** A function as the pointer to it: its slot in the module's table. */
function functionValue(entry: Entry, session: Session): Value {
  const type: Type = typeFrom(entry);
  const { module, tables } = session.frame.physical;
  const [range] = entry.ranges();
  const index = range && module.wasm.functionAt(range.low);
  const slot = index && tables.slotOf(index, MOST_SLOTS);
  if (slot !== undefined) return computed(functionPointer(type, session), BigInt(slot), session);
  // What is inlined everywhere is described without its parameters.
  const isWhole = entry.unsigned(DW_AT.inline) === undefined;
  return missingValue(
    missing("no-location", "the function is in no table, so no pointer can point at it"),
    isWhole ? type.name : undefined,
  );
}
