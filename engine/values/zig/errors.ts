/**
 * Errors. An error is a number, the same for the same name in the whole program, 0 for none. Zig from 0.16 on describes them as
 * enumerators (`error.Denied`) of `anyerror`; older ones do not for Wasm, but the module may have a table of their
 * names (`error-names.ts`).
 */
import { Missing } from "../../dwarf/missing";
import { enumeratorOf } from "../enumerations";
import { namedChildren, type TypedValue, unavailable, type View, type World } from "../presentation";
import type { Storage } from "../storage";
import { strip, type Type } from "../types";
import { errorNames, namesOfSet } from "./error-names";
import { isVoid, type Member, membersOf, numberIn } from "./members";

/** What is shown where an error could be, and nothing else, and is not. */
const NO_ERROR = "no error";

interface ErrorUnion {
  /** 0 where it holds a payload. */
  readonly number: number;
  /** What the structure calls the part that counts: the payload, or the error. */
  readonly name: string;
  readonly part: Member;
}

/** `E!T`: a structure of the error and the payload, which Zig before 0.15 calls `tag` and `value`. */
export function errorUnionOf(type: Type, storage: Storage, world: World): ErrorUnion | Missing | undefined {
  for (const [error, payload] of [
    ["error", "payload"],
    ["tag", "value"],
  ] as const) {
    const members = membersOf(type, storage, world, /!/, error, payload);
    const number = members && numberIn(members[error]);
    if (members === undefined || number === undefined) continue;
    if (number instanceof Missing) return number;
    const name = number === 0 ? payload : error;
    return { number, name, part: members[name] };
  }
  return undefined;
}

export const errorUnionView: View = (type, storage, world) => {
  const held = errorUnionOf(type, storage, world);
  if (held === undefined) return undefined;
  if (held instanceof Missing) return unavailable(held);
  const { number, name, part } = held;
  const value = world.value(part.type, part.storage);
  return {
    summary: (style) => {
      if (number !== 0) return textOfError(number, type, storage, world);
      return isVoid(part.type) ? NO_ERROR : value.summary(style);
    },
    children: namedChildren(1, () => [{ name, value, path: (parent) => `${parent}.${name}` }]),
  };
};

/** An error of any set; Zig 0.11 calls `E!void` and sets themselves by the same name. */
export const errorView: View = (type, storage, world) => {
  if (!isErrorType(type)) return undefined;
  const number = numberIn({ type, storage });
  if (number === undefined) return undefined;
  if (number instanceof Missing) return unavailable(number);
  if (number === 0) return { summary: () => NO_ERROR };
  return { summary: () => textOfError(number, type, storage, world) };
};

const isErrorType = (declared: Type): boolean => {
  const type = strip(declared);
  return (
    type.flavour.name === "zig" && (type.name === "anyerror" || /^error\{[^}]*\}(!void)?$/.test(type.name))
  );
};

/** The number of an error, or of the one in an error union, 0 for none; undefined for what is neither. */
export function errorNumber({ type, storage, world }: TypedValue): number | Missing | undefined {
  const own = isErrorType(type) ? numberIn({ type, storage }) : undefined;
  if (own !== undefined) return own;
  const union = errorUnionOf(type, storage, world);
  return union === undefined || union instanceof Missing ? union : union.number;
}

/** The name of an error by its number; undefined where the program does not tell it. */
export function errorName(number: number, { type, storage, world }: TypedValue): string | undefined {
  return nameOf(number, type, storage, world);
}

/** An error in words, `error.Name` where its name is known; undefined for what is none. */
export function errorText(value: TypedValue): string | Missing | undefined {
  const number = errorNumber(value);
  if (typeof number !== "number") return number;
  return number === 0 ? NO_ERROR : textOfError(number, value.type, value.storage, value.world);
}

function textOfError(number: number, type: Type, storage: Storage, world: World): string {
  const name = nameOf(number, type, storage, world);
  return name === undefined ? `error ${number} (the module does not tell its name)` : `error.${name}`;
}

function nameOf(number: number, declared: Type, storage: Storage, world: World): string | undefined {
  const type = strip(declared);
  const own = type.kind === "enumeration" ? enumeratorOf(type, storage) : undefined;
  if (typeof own === "string") return own.replace(/^error\./, "");
  const unit = type.entry?.unit;
  const name = unit && errorNames(unit, world)?.[number];
  const set = namesOfSet(declared.name);
  // A number that is none of its set's is no error that the program could have written there.
  return name === undefined || (set !== undefined && !set.includes(name)) ? undefined : name;
}
