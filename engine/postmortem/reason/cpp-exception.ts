/**
 * The C++ exception that was thrown and not caught: its type, and its value or message where the type is known to
 * keep one. Both are told by the arguments of `__cxa_throw(exception, type_info, destructor)` (Itanium C++ ABI,
 * "Exception handling", 2.4.3), which is a function of the module or, in Emscripten's modules, of the host; or by the
 * header in front of the exception, whose address is the operand of WebAssembly's `throw`.
 *
 * A `std::type_info` is its vtable pointer and its name (2.9.5); one of a class with a single public base
 * (`__si_class_type_info`) adds a pointer to the base's. `std::logic_error` and `std::runtime_error` keep the
 * text of `what()` behind a pointer that follows the vtable pointer, and their descendants inherit it.
 */
import { address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { stringVersion, typeNameOf } from "../../wasm/demangle/cpp-type-name";
import { operandsAt } from "../operands";
import { littleEndian, readCString, readText, readU32, unsigned } from "./registers";
import { argumentOf, type RuntimeCall, type RuntimeReason, type Stopped } from "./runtime-call";

/** Bases that are followed. */
const MOST_BASES = 16;
const POINTER = 4;

/** `__cxa_exception` where pointers have 4 bytes: its `unwindHeader`, of 32 bytes, is its last member. */
const UNWIND_HEADER = 48;
const UNWIND_HEADER_SIZE = 32;
/** `exception_class` of libc++abi's exceptions, "CLNGC++\0". */
const EXCEPTION_CLASS = 0x434c4e47432b2b00n;

/** Sizes and signs of the numbers that can be thrown, by their abbreviations (5.1.5.2). */
const INTEGERS: Readonly<Record<string, readonly [size: number, signed: boolean]>> = {
  c: [1, true],
  a: [1, true],
  h: [1, false],
  s: [2, true],
  t: [2, false],
  i: [4, true],
  j: [4, false],
  l: [4, true],
  m: [4, false],
  x: [8, true],
  y: [8, false],
};

interface Thrown {
  readonly machine: Machine;
  /** Undefined where only the type is known. */
  readonly object: number | undefined;
  readonly typeInfo: number;
  /** Mangled. */
  readonly name: string;
}

/** @param calls youngest first; undefined when none of them throws */
export function findThrow(calls: readonly RuntimeCall[], stopped: Stopped): RuntimeReason | undefined {
  const call = calls.find(({ name }) => name === "__cxa_throw");
  const told = call && passed(call);
  const thrown = told?.object === undefined ? (headed(stopped) ?? told) : told;
  if (thrown === undefined) return call === undefined ? undefined : uncaught("C++ exception");
  const value = shownValue(thrown);
  const type = typeNameOf(thrown.name);
  return uncaught(`exception ${value === undefined ? type : `${type}: ${value}`}`);
}

const uncaught = (what: string): RuntimeReason => ({
  language: "cpp-exception",
  title: `uncaught ${what}`,
  details: [],
});

/** By the arguments of `__cxa_throw`. */
function passed(call: RuntimeCall): Thrown | undefined {
  const [object, typeInfo] = [argumentOf(call, 0), argumentOf(call, 1)];
  return typeInfo === undefined ? undefined : ofType(call.machine, object, typeInfo);
}

/** By the header of the exception that `throw` was given. */
function headed({ frame, kind }: Stopped): Thrown | undefined {
  const header = kind === "uncaught-exception" ? unsigned(operandsAt(frame)[0]) : undefined;
  if (header === undefined || header < UNWIND_HEADER) return undefined;
  const { machine } = frame;
  const origin = machine.memory(address(header), 8);
  if (origin instanceof Missing || littleEndian(origin, false) !== EXCEPTION_CLASS) return undefined;
  const typeInfo = readU32(machine, header - UNWIND_HEADER);
  return typeInfo === undefined ? undefined : ofType(machine, header + UNWIND_HEADER_SIZE, typeInfo);
}

function ofType(machine: Machine, object: number | undefined, typeInfo: number): Thrown | undefined {
  const name = machine.addressSize === POINTER ? typeName(machine, typeInfo) : undefined;
  return name === undefined ? undefined : { machine, object, typeInfo, name };
}

/** The mangled name that a `type_info` holds. A leading `*` says that the name is unique to its file. */
function typeName(machine: Machine, typeInfo: number): string | undefined {
  const at = readU32(machine, typeInfo + POINTER);
  const name = at === undefined ? undefined : readCString(machine, at);
  return name === undefined || !/^\*?\w+$/.test(name) ? undefined : name.replace("*", "");
}

/** A number, a text, or what `what()` would give; undefined for other types, and what is not in the dump. */
function shownValue(thrown: Thrown): string | undefined {
  const { machine, object, name } = thrown;
  if (object === undefined) return undefined;
  const bytes = (size: number): Uint8Array | undefined => {
    const found = machine.memory(address(object), size);
    return found instanceof Missing ? undefined : found;
  };
  const integer = INTEGERS[name];
  if (integer !== undefined) {
    const found = bytes(integer[0]);
    return found && String(littleEndian(found, integer[1]));
  }
  if (name === "b") {
    const found = bytes(1)?.[0];
    return found === undefined || found > 1 ? undefined : String(found === 1);
  }
  if (name === "f" || name === "d") return realOf(bytes(name === "f" ? 4 : 8));
  if (name === "PKc" || name === "Pc") {
    const at = readU32(machine, object);
    return quoted(at === undefined ? undefined : readCString(machine, at));
  }
  // The layout of libc++'s ABI version 2, Emscripten's and WASI's: data, size, capacity.
  if (stringVersion(name) === 2) return quoted(stringOf(machine, object));
  return what(thrown, object);
}

const quoted = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : JSON.stringify(text);

/** In the shortest text that reads as the same number. */
function realOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 8) return String(view.getFloat64(0, true));
  const value = view.getFloat32(0, true);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

/** A short one holds its text itself, and in its last byte the length; a long one's has its highest bit set. */
function stringOf(machine: Machine, at: number): string | undefined {
  const last = machine.memory(address(at + 11), 1);
  if (last instanceof Missing) return undefined;
  if (last[0]! < 0x80) return readText(machine, at, last[0]!);
  const [data, size] = [readU32(machine, at), readU32(machine, at + 4)];
  return data === undefined || size === undefined ? undefined : readText(machine, data, size);
}

/** The text of a `std::logic_error` or `std::runtime_error`, or of a class with one of them as its only base. */
function what({ machine, typeInfo }: Thrown, object: number): string | undefined {
  let at: number | undefined = typeInfo;
  const vtable = readU32(machine, typeInfo);
  for (let base = 0; base < MOST_BASES && at !== undefined; base++) {
    // The two themselves have one base: what has another vtable is no `__si_class_type_info`.
    if (readU32(machine, at) !== vtable) return undefined;
    const own = typeName(machine, at);
    if (own === undefined) return undefined;
    if (own === "St11logic_error" || own === "St13runtime_error") {
      const text = readU32(machine, object + POINTER);
      return text === undefined ? undefined : readCString(machine, text);
    }
    at = readU32(machine, at + 2 * POINTER);
  }
  return undefined;
}
