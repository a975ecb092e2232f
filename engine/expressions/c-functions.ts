/**
 * Functions of C's library that only compute, as the standard defines them (C23 §7.4, §7.12, §7.24.6, §7.26), and musl
 * where that leaves it open. A program that has a function of such a name of its own means that one, which cannot run.
 */
import { address } from "../bytes/offsets";
import { Missing, missing } from "../dwarf/missing";
import type { Value } from "../values/model";
import { symbolsOf } from "../values/symbol-index";
import { textAt } from "../values/text";
import { strip } from "../values/types";
import { cInteger, promote, wrap } from "./c-arithmetic";
import { type Complex, complexType } from "./complex";
import { scalarOfValue } from "./equality";
import { ExpressionError } from "./errors";
import { awayFromZero, roundTo } from "./floats";
import { truth } from "./operators";
import { integer, nameOf, type Scalar } from "./scalars";
import { type Session, Unavailable } from "./session";
import { sizeType } from "./sizes";
import { isTyped } from "./typed";

/** Bytes of a text that are looked at. */
const LONGEST = 2 ** 20;

/** Whether a path is that of a function of the libraries that may be computed: `strlen`, or anything of `std`. */
export const isKnownFunction = (path: string, { flavour }: Session): boolean =>
  (flavour.name === "cpp" && path.startsWith("std::")) || Object.hasOwn(FUNCTIONS, path);

/** Whether the program's debug information has the code of a function of this name. */
function isOwnFunction(name: string, { context }: Session): boolean {
  if (context.debug === undefined) return false;
  return symbolsOf(context.debug)
    .anywhere(name, ["function"])
    .some(({ entry }) => entry.ranges().length > 0);
}

/** What a function is given, and where. */
interface Given {
  readonly operands: readonly Value[];
  readonly session: Session;
  readonly position: number;
}

type Compute = (given: Given) => Scalar;

const int = (value: number | bigint, { session }: Given): Scalar =>
  integer(BigInt(value), cInteger(0, true, session.addressSize));

const scalarAt = ({ operands, session, position }: Given, index: number): Scalar =>
  scalarOfValue(operands[index]!, session, position);

function whole(given: Given, index: number): bigint {
  const scalar = scalarAt(given, index);
  const value = promote(scalar);
  if (value.kind === "integer") return value.value;
  throw new ExpressionError(`a whole number is expected here, not ${nameOf(scalar)}`, given.position);
}

function real(given: Given, index: number, size: 4 | 8): number {
  const scalar = scalarAt(given, index);
  const value = promote(scalar);
  if (value.kind === "integer" || value.kind === "float") return roundTo(value.value, size);
  throw new ExpressionError(`a number is expected here, not ${nameOf(scalar)}`, given.position);
}

/** The bytes behind a pointer: up to a NUL, or `most` of them; with `exactly` the NULs as well. */
function bytesOf(given: Given, index: number, most = LONGEST, exactly = false): Uint8Array {
  const { operands, session, position } = given;
  const value = operands[index]!;
  const upToNul = (bytes: Uint8Array): Uint8Array => {
    const end = exactly ? -1 : bytes.indexOf(0);
    return bytes.subarray(0, end < 0 ? Math.min(most, bytes.length) : Math.min(most, end));
  };
  // A literal is an array in no memory.
  if (isTyped(value) && strip(value.type).kind === "array" && value.address === undefined) {
    const bytes = value.storage.read(value.size ?? 0);
    if (bytes instanceof Missing) throw new Unavailable(bytes);
    if (exactly && bytes.length < most) throw new ExpressionError("the text ends before that", position);
    return upToNul(bytes);
  }
  const scalar = scalarAt(given, index);
  if (scalar.kind !== "pointer")
    throw new ExpressionError(`a pointer is expected here, not ${nameOf(scalar)}`, position);
  if (scalar.address === 0n) throw new Unavailable(missing("null-pointer"));
  if (most > LONGEST) throw new ExpressionError("there is too much to be looked at", position);
  const at = address(Number(scalar.address));
  if (exactly) {
    const bytes = session.context.machine.memory(at, most);
    if (bytes instanceof Missing) throw new Unavailable(bytes);
    return bytes;
  }
  const found = textAt(session.context.machine, at, 1, most);
  if (found instanceof Missing) throw new Unavailable(found);
  if (found.more && most === LONGEST) throw new ExpressionError("the text is too long", position);
  return upToNul(found.bytes);
}

/** How the first bytes that differ do, as numbers without sign; the end of a text is a NUL. */
function difference(given: Given, most: number | undefined, exactly = false): Scalar {
  const [a, b] = [0, 1].map((index) => bytesOf(given, index, most, exactly)) as [Uint8Array, Uint8Array];
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return int((a[i] ?? 0) - (b[i] ?? 0), given);
  return int(0, given);
}

const count = (given: Given, index: number): number => {
  const value = whole(given, index);
  if (value < 0n || value > BigInt(LONGEST))
    throw new ExpressionError("there is too much to be looked at", given.position);
  return Number(value);
};

/** A pointer to where something is found in a text, or null. */
function pointerTo(given: Given, at: number): Scalar {
  const scalar = scalarAt(given, 0);
  if (scalar.kind !== "pointer") throw new ExpressionError("the text is in no memory", given.position);
  return at < 0 ? { kind: "null" } : { ...scalar, extent: undefined, address: scalar.address + BigInt(at) };
}

const absolute =
  (rank: number): Compute =>
  (given) => {
    const type = cInteger(rank, true, given.session.addressSize);
    const value = wrap(whole(given, 0), type);
    return integer(wrap(value < 0n ? -value : value, type), type);
  };

const classOf =
  (pattern: RegExp): Compute =>
  (given) => {
    const code = whole(given, 0);
    const sign = code >= 0n && code < 128n ? String.fromCharCode(Number(code)) : "";
    return int(sign !== "" && pattern.test(sign) ? 1 : 0, given);
  };

const turned =
  (from: RegExp, by: bigint): Compute =>
  (given) => {
    const code = whole(given, 0);
    const turns = code >= 0n && code < 128n && from.test(String.fromCharCode(Number(code)));
    return int(turns ? code + by : code, given);
  };

const float =
  (size: 4 | 8, compute: (...values: number[]) => number): Compute =>
  (given) => {
    const values = given.operands.map((_, index) => real(given, index, size));
    const name = size === 4 ? "float" : "double";
    return { kind: "float", value: roundTo(compute(...values), size), type: { name, size } };
  };

/** Classes of numbers, which are macros in C and functions in C++. */
const kindOf =
  (test: (value: number) => boolean): Compute =>
  (given) =>
    truth(test(real(given, 0, 8)), given.session);

const either =
  (pick: (a: number, b: number) => number) =>
  (a: number, b: number): number =>
    Number.isNaN(a) ? b : Number.isNaN(b) ? a : pick(a, b);

const REALS: Readonly<Record<string, readonly [operands: number, (...values: number[]) => number]>> = {
  fabs: [1, Math.abs],
  sqrt: [1, Math.sqrt],
  floor: [1, Math.floor],
  ceil: [1, Math.ceil],
  trunc: [1, Math.trunc],
  round: [1, awayFromZero],
  fmin: [2, either(Math.min)],
  fmax: [2, either(Math.max)],
  fmod: [2, (a, b) => a % b],
};

/** A complex number; a real one has nothing imaginary. */
function complexAt(given: Given): Complex {
  const scalar = scalarAt(given, 0);
  return scalar.kind === "complex" ? scalar : { real: real(given, 0, 8), imaginary: 0, type: complexType(8) };
}

/** A part of a complex number, as wide as it is, or as the function's name says. */
const part =
  (which: "real" | "imaginary", size?: 4 | 8): Compute =>
  (given) => {
    const number = complexAt(given);
    const own = size ?? number.type.part;
    return {
      kind: "float",
      value: roundTo(number[which], own),
      type: { name: own === 4 ? "float" : "double", size: own },
    };
  };

const conjugate =
  (size: 4 | 8): Compute =>
  (given) => {
    const { real, imaginary } = complexAt(given);
    return {
      kind: "complex",
      real: roundTo(real, size),
      imaginary: roundTo(-imaginary, size),
      type: complexType(size),
    };
  };

/** By name: how many operands it takes, and what it computes. */
const FUNCTIONS: Readonly<Record<string, readonly [operands: number, Compute]>> = {
  strlen: [1, (given) => integer(BigInt(bytesOf(given, 0).length), sizeType(given.session))],
  strnlen: [
    2,
    (given) => integer(BigInt(bytesOf(given, 0, count(given, 1)).length), sizeType(given.session)),
  ],
  strcmp: [2, (given) => difference(given, undefined)],
  strncmp: [3, (given) => difference(given, count(given, 2))],
  memcmp: [3, (given) => difference(given, count(given, 2), true)],
  strchr: [
    2,
    (given) =>
      pointerTo(
        given,
        searched(given, (all, sign) => all.indexOf(sign)),
      ),
  ],
  strrchr: [
    2,
    (given) =>
      pointerTo(
        given,
        searched(given, (all, sign) => all.lastIndexOf(sign)),
      ),
  ],
  abs: [1, absolute(0)],
  labs: [1, absolute(1)],
  llabs: [1, absolute(2)],
  isalpha: [1, classOf(/[A-Za-z]/)],
  isdigit: [1, classOf(/[0-9]/)],
  isalnum: [1, classOf(/[A-Za-z0-9]/)],
  isxdigit: [1, classOf(/[0-9A-Fa-f]/)],
  isupper: [1, classOf(/[A-Z]/)],
  islower: [1, classOf(/[a-z]/)],
  isspace: [1, classOf(/[\t-\r ]/)],
  isprint: [1, classOf(/[ -~]/)],
  isgraph: [1, classOf(/[!-~]/)],
  ispunct: [1, classOf(/[!-/:-@[-`{-~]/)],
  iscntrl: [1, classOf(/\p{Cc}/u)],
  toupper: [1, turned(/[a-z]/, -32n)],
  tolower: [1, turned(/[A-Z]/, 32n)],
  isnan: [1, kindOf(Number.isNaN)],
  isfinite: [1, kindOf(Number.isFinite)],
  isinf: [1, kindOf((value) => Math.abs(value) === Number.POSITIVE_INFINITY)],
  signbit: [1, kindOf((value) => value < 0 || Object.is(value, -0))],
  __real__: [1, part("real")],
  __imag__: [1, part("imaginary")],
  creal: [1, part("real", 8)],
  crealf: [1, part("real", 4)],
  cimag: [1, part("imaginary", 8)],
  cimagf: [1, part("imaginary", 4)],
  conj: [1, conjugate(8)],
  conjf: [1, conjugate(4)],
  ...Object.fromEntries(
    Object.entries(REALS).flatMap(([name, [operands, compute]]) => [
      [name, [operands, float(8, compute)]],
      [`${name}f`, [operands, float(4, compute)]],
    ]),
  ),
};

function searched(given: Given, find: (all: number[], sign: number) => number): number {
  const all = [...bytesOf(given, 0), 0];
  return find(all, Number(BigInt.asUintN(8, whole(given, 1))));
}

/**
 * What a function of the library computes; undefined for every other one.
 * @param path its name, in C++ also behind `std::`
 */
export function cFunction(path: string, given: Given): Scalar | undefined {
  const name = path.replace(/^std::/, "");
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined || (name === path && isOwnFunction(name, given.session))) return undefined;
  const [wanted, compute] = known;
  const { length } = given.operands;
  if (length !== wanted)
    throw new ExpressionError(
      `${path} takes ${wanted} operand${wanted === 1 ? "" : "s"}, not ${length}`,
      given.position,
    );
  return compute(given);
}
