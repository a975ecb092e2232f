/**
 * The names of errors. The debug information of Zig before 0.16 has none, but the module has the table that
 * `@errorName` reads: an array of slices by the errors' numbers, the one of 0 empty. It has no symbol, so it is looked
 * for in the module's constants, and taken when it can be no other: its texts are all different names, each behind the
 * end of another, with every name of every error set that the unit's types spell out among them, and no second
 * array is like it.
 */
import type { Unit } from "../../dwarf/model";
import { fromBytes } from "../../dwarf/stack-value";
import type { InitialData, World } from "../presentation";
import { symbolsOf } from "../symbol-index";

/** Names by their errors' numbers; undefined for 0. */
export type ErrorNames = readonly (string | undefined)[];

/** Bytes of constants that are searched: of more, a part could not tell that no second array is like one. */
const SEARCHED = 2 ** 24;
const LONGEST_NAME = 256;
/** Errors are numbers of 16 bits. */
const MOST = 2 ** 16;

/** What was found for each unit: an answer for the whole program, which is looked for once. */
const known = new WeakMap<Unit, ErrorNames | "none">();

/** The table of the program that a unit is of; undefined where it has none that is told from others. */
export function errorNames(unit: Unit, world: World): ErrorNames | undefined {
  let names = known.get(unit);
  if (names === undefined) known.set(unit, (names = findNames(unit, world) ?? "none"));
  return names === "none" ? undefined : names;
}

function findNames(unit: Unit, world: World): ErrorNames | undefined {
  const data = world.frame.initialData?.();
  const wanted = namesOfSets(unit);
  if (data === undefined || wanted.size === 0) return undefined;
  if (data.reduce((sum, { size }) => sum + size, 0) > SEARCHED) return undefined;
  const found = [...tables(data, world.frame.machine.addressSize)].filter((names) => {
    const own = new Set(names);
    return own.size === names.length && [...wanted].every((name) => own.has(name));
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The names in the types `error{A,B}` and `error{A,B}!T`. */
function namesOfSets(unit: Unit): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of symbolsOf(unit.debug).namesOf(unit, ["type"]))
    for (const name of namesOfSet(type) ?? []) names.add(name);
  return names;
}

/** The names that an error set's type, or its union's, spells out; undefined where it does not. */
export function namesOfSet(type: string): readonly string[] | undefined {
  const set = /^error\{([A-Za-z0-9_,]+)\}/.exec(type)?.[1];
  return set?.split(",");
}

/** Every array of names in the module's constants, behind an empty entry. */
function* tables(data: readonly InitialData[], addressSize: number): Iterable<ErrorNames> {
  for (const segment of data) {
    const bytes = segment.bytes();
    const entry = 2 * addressSize;
    const start = (addressSize - (segment.address % addressSize)) % addressSize;
    for (let at = start; at + 2 * entry <= bytes.length; at += addressSize) {
      if (bytes.subarray(at, at + entry).some((byte) => byte !== 0)) continue;
      const names: (string | undefined)[] = [undefined];
      for (let next = at + entry; next + entry <= bytes.length && names.length < MOST; next += entry) {
        const name = nameAt(bytes, next, addressSize, data);
        if (name === undefined) break;
        names.push(name);
      }
      if (names.length === 1) continue;
      yield names;
      at += (names.length - 1) * entry;
    }
  }
}

/** The name that a slice at `at` leads to: an identifier with a NUL behind it. */
function nameAt(
  bytes: Uint8Array,
  at: number,
  addressSize: number,
  data: readonly InitialData[],
): string | undefined {
  const pointer = Number(fromBytes(bytes.subarray(at, at + addressSize)));
  const length = Number(fromBytes(bytes.subarray(at + addressSize, at + 2 * addressSize)));
  if (length === 0 || length > LONGEST_NAME) return undefined;
  const segment = data.find(({ address, size }) => pointer >= address && pointer + length < address + size);
  if (segment === undefined) return undefined;
  const text = segment.bytes().subarray(pointer - segment.address, pointer - segment.address + length + 1);
  const name = String.fromCharCode(...text.subarray(0, length));
  return text[length] === 0 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : undefined;
}
