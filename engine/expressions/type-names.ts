/** From a type as it is written to a type of the program: its own first, then what every program has. */
import { DW_ATE } from "../dwarf/constants";
import { qualifiedName } from "../dwarf/qualified-names";
import { type FoundSymbol, isDefinition, symbolsOf } from "../values/symbol-index";
import {
  arrayType,
  baseType,
  functionType,
  pointerType,
  type Type,
  typeFrom,
  voidType,
} from "../values/types";
import { ExpressionError } from "./errors";
import type { Session } from "./session";
import type { TypeSyntax } from "./syntax";
import { textOf } from "./type-parser";

/** @throws ExpressionError when the program has no such type, or several */
export function resolveType(syntax: TypeSyntax, session: Session): Type {
  const { flavour, addressSize } = session;
  switch (syntax.kind) {
    case "type-array":
      return arrayType(flavour, resolveType(syntax.element, session), [{ lower: 0, count: syntax.count }]);
    case "type-pointer": {
      // Rust's fat pointers are records with names such as `&str`.
      const named = session.rules === "rust" ? findType(textOf(syntax), session, syntax.position) : undefined;
      if (named !== undefined) return named;
      const target = resolveType(syntax.target, session);
      const form = syntax.reference ? "reference" : "pointer";
      const name = session.rules === "rust" ? pointerName(syntax.text, target) : undefined;
      return pointerType(flavour, form, () => target, addressSize, undefined, name);
    }
    case "type-function":
      return functionType(
        resolveType(syntax.result, session),
        syntax.parameters.map((parameter) => resolveType(parameter, session)),
        syntax.variadic,
        flavour,
      );
    case "type-of":
      throw new ExpressionError("a type has to be written out here", syntax.position);
    case "type-name": {
      const type = namedType(syntax.path, session, syntax.position);
      if (type !== undefined) return type;
      throw new ExpressionError(`no type “${textOf(syntax)}” is in this program`, syntax.position);
    }
  }
}

/** Rust's pointers and references say whether they may write: `*const T`, `&mut T`. */
const pointerName = (written: string, target: Type): string =>
  `${/^(?:\*(?:const|mut) |&(?:mut )?)/.exec(written)?.[0] ?? ""}${target.name}`;

/** Whether a name is that of a type. */
export function isTypeName(path: string, session: Session): boolean {
  return builtin(path, session) !== undefined || candidates(path, session).length > 0;
}

/** The type of a name; undefined where the program has none, or several. */
export function typeNamed(path: string, session: Session): Type | undefined {
  try {
    return namedType(path, session, 0);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

function namedType(path: string, session: Session, position: number): Type | undefined {
  return builtin(path, session) ?? findType(path, session, position) ?? standard(path, session);
}

function candidates(path: string, { frame, context }: Session): readonly FoundSymbol[] {
  if (context.debug === undefined) return [];
  const index = symbolsOf(context.debug);
  const near = frame.unit === undefined ? [] : index.inUnit(frame.unit, path, ["type"]).filter(defined);
  return near.length > 0 ? near : index.anywhere(path, ["type"]).filter(defined);
}

const defined = ({ entry }: FoundSymbol): boolean => isDefinition(entry);

function findType(path: string, session: Session, position: number): Type | undefined {
  const found = nearest(candidates(path, session), path, session.frame.fullName);
  const types = found.map(({ entry }) => ({ name: qualifiedName(entry) ?? "", type: typeFrom(entry) }));
  const [first] = types;
  if (first === undefined) return undefined;
  const other = types.find(({ name, type }) => name !== first.name || type.size !== first.type.size);
  if (other !== undefined) {
    const which =
      other.name === first.name ? "different ones of this name" : `${first.name} and ${other.name}`;
    throw new ExpressionError(`“${path}” is ambiguous: there are ${which}`, position);
  }
  return first.type;
}

/** Those whose name is the path as seen from the innermost namespace of the function; failing that all. */
export function nearest(
  found: readonly FoundSymbol[],
  path: string,
  function_: string,
): readonly FoundSymbol[] {
  const scopes = function_
    .replace(/[<({].*$/, "")
    .split("::")
    .slice(0, -1);
  for (let depth = scopes.length; depth >= 0; depth--) {
    const full = [...scopes.slice(0, depth), path].join("::");
    const here = found.filter(({ entry }) => qualifiedName(entry) === full);
    if (here.length > 0) return here;
  }
  return found;
}

type Simple = readonly [encoding: number, size: number];

const C_TYPES: Readonly<Record<string, Simple>> = {
  char: [DW_ATE.signed_char, 1],
  "signed char": [DW_ATE.signed_char, 1],
  "unsigned char": [DW_ATE.unsigned_char, 1],
  short: [DW_ATE.signed, 2],
  "unsigned short": [DW_ATE.unsigned, 2],
  int: [DW_ATE.signed, 4],
  "unsigned int": [DW_ATE.unsigned, 4],
  "long long": [DW_ATE.signed, 8],
  "unsigned long long": [DW_ATE.unsigned, 8],
  __int128: [DW_ATE.signed, 16],
  "unsigned __int128": [DW_ATE.unsigned, 16],
  float: [DW_ATE.float, 4],
  double: [DW_ATE.float, 8],
  "long double": [DW_ATE.float, 16],
  "float _Complex": [DW_ATE.complex_float, 8],
  "double _Complex": [DW_ATE.complex_float, 16],
  "long double _Complex": [DW_ATE.complex_float, 32],
  bool: [DW_ATE.boolean, 1],
  _Bool: [DW_ATE.boolean, 1],
};

const RUST_NUMBER = /^(?:([iu])(8|16|32|64|128|size)|f(32|64))$/;

/** The types of the language itself, and numbers by Rust's and Zig's names in every language. */
function builtin(path: string, session: Session): Type | undefined {
  const { flavour, rules, addressSize } = session;
  if (rules === "rust") {
    if (path === "bool") return baseType(flavour, path, DW_ATE.boolean, 1);
    if (path === "char") return baseType(flavour, path, DW_ATE.UTF, 4);
    return rustNumber(path, session);
  }
  if (rules === "zig") {
    if (path === "anyopaque") return voidType(flavour, path);
    if (path === "f16" || path === "f128")
      return baseType(flavour, path, DW_ATE.float, path === "f16" ? 2 : 16);
    if (path === "usize" || path === "isize") return rustNumber(path, session);
    const whole = zigInteger(path, session);
    if (whole !== undefined) return whole;
  }
  if (path === "void") return voidType(flavour);
  const simple = Object.hasOwn(C_TYPES, path) ? C_TYPES[path] : undefined;
  if (simple !== undefined) return baseType(flavour, path, ...simple);
  if (path === "long") return baseType(flavour, path, DW_ATE.signed, addressSize);
  if (path === "unsigned long") return baseType(flavour, path, DW_ATE.unsigned, addressSize);
  return undefined;
}

function rustNumber(path: string, { flavour, addressSize }: Session): Type | undefined {
  const [, sign, width, float] = RUST_NUMBER.exec(path) ?? [];
  if (float !== undefined) return baseType(flavour, path, DW_ATE.float, Number(float) / 8);
  if (sign === undefined) return undefined;
  const size = width === "size" ? addressSize : Number(width) / 8;
  return baseType(flavour, path, sign === "i" ? DW_ATE.signed : DW_ATE.unsigned, size);
}

/** Types that a program may use without its debug information having them: stdint.h's, and Rust's numbers. */
function standard(path: string, session: Session): Type | undefined {
  const { flavour, addressSize } = session;
  const [, unsigned, width] = /^(u?)int(8|16|32|64|ptr)_t$/.exec(path) ?? [];
  const encoding = unsigned === "u" || path === "size_t" ? DW_ATE.unsigned : DW_ATE.signed;
  if (width !== undefined)
    return baseType(flavour, path, encoding, width === "ptr" ? addressSize : Number(width) / 8);
  if (path === "size_t" || path === "ssize_t" || path === "ptrdiff_t")
    return baseType(flavour, path, encoding, addressSize);
  return rustNumber(path, session);
}

/** `uN` and `iN` of any width, as Zig lays them out: in bytes up to the next power of two. */
function zigInteger(path: string, session: Session): Type | undefined {
  const [, sign, digits] = /^([iu])(\d{1,3})$/.exec(path) ?? [];
  const bits = Number(digits);
  if (sign === undefined || bits > 128) return undefined;
  const size = bits === 0 ? 0 : 2 ** Math.max(0, Math.ceil(Math.log2(bits / 8)));
  const encoding = sign === "i" ? DW_ATE.signed : DW_ATE.unsigned;
  return { ...baseType(session.flavour, path, encoding, size), bits };
}
