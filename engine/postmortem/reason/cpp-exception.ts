/**
 * The C++ exception that was thrown and not caught: its type, and its message where the type is known to keep
 * one. Read from the arguments of `__cxa_throw(exception, type_info, destructor)` (Itanium C++ ABI, "Exception
 * handling", 2.4.3), which is a function of the module or, in Emscripten's modules, of the host.
 *
 * A `std::type_info` is its vtable pointer and its name (2.9.5); one of a class with a single public base
 * (`__si_class_type_info`) adds a pointer to the base's. `std::logic_error` and `std::runtime_error` keep the
 * text of `what()` behind a pointer that follows the vtable pointer, and their descendants inherit it.
 */
import { address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import { littleEndian, readCString, readU32 } from "./registers";
import { argumentOf, type RuntimeCall, type RuntimeReason } from "./runtime-call";

/** Bases that are followed. */
const MOST_BASES = 16;
const POINTER = 4;

/** Names of types as `type_info` has them: fundamental ones are abbreviated (5.1.5.2). */
const FUNDAMENTAL: Readonly<
  Record<string, { readonly name: string; readonly size: number; readonly signed: boolean }>
> = {
  b: { name: "bool", size: 1, signed: false },
  c: { name: "char", size: 1, signed: true },
  h: { name: "unsigned char", size: 1, signed: false },
  s: { name: "short", size: 2, signed: true },
  t: { name: "unsigned short", size: 2, signed: false },
  i: { name: "int", size: 4, signed: true },
  j: { name: "unsigned int", size: 4, signed: false },
  l: { name: "long", size: 4, signed: true },
  m: { name: "unsigned long", size: 4, signed: false },
  x: { name: "long long", size: 8, signed: true },
  y: { name: "unsigned long long", size: 8, signed: false },
};

/** @param calls youngest first; undefined when none of them throws */
export function findThrow(calls: readonly RuntimeCall[]): RuntimeReason | undefined {
  const call = calls.find(({ name }) => name === "__cxa_throw");
  if (call === undefined) return undefined;
  const exception = argumentOf(call, 0);
  const typeInfo = argumentOf(call, 1);
  const name = typeInfo === undefined ? undefined : typeName(call, typeInfo);
  if (exception === undefined || typeInfo === undefined || name === undefined)
    return uncaught("a C++ exception");
  const value =
    FUNDAMENTAL[name] === undefined
      ? message(call, exception, typeInfo, name)
      : scalar(call, exception, name);
  return uncaught(value === undefined ? demangled(name) : `${demangled(name)}: ${value}`);
}

const uncaught = (what: string): RuntimeReason => ({
  language: "cpp-exception",
  title: `uncaught exception ${what}`,
  details: [],
});

/** The mangled name that a `type_info` holds. A leading `*` says that the name is unique to its file. */
function typeName(call: RuntimeCall, typeInfo: number): string | undefined {
  const at = readU32(call.machine, typeInfo + POINTER);
  const name = at === undefined ? undefined : readCString(call.machine, at);
  return name === undefined || !/^\*?\w+$/.test(name) ? undefined : name.replace("*", "");
}

function scalar(call: RuntimeCall, at: number, name: string): string | undefined {
  const { size, signed } = FUNDAMENTAL[name]!;
  const bytes = call.machine.memory(address(at), size);
  return bytes instanceof Missing ? undefined : String(littleEndian(bytes, signed));
}

/** The text that `what()` would give, or that a thrown C string is. */
function message(call: RuntimeCall, exception: number, typeInfo: number, name: string): string | undefined {
  if (name === "PKc" || name === "Pc") {
    const at = readU32(call.machine, exception);
    const text = at === undefined ? undefined : readCString(call.machine, at);
    return text === undefined ? undefined : JSON.stringify(text);
  }
  let at: number | undefined = typeInfo;
  for (let base = 0; base < MOST_BASES && at !== undefined; base++) {
    const own = typeName(call, at);
    if (own === undefined) return undefined;
    if (own === "St11logic_error" || own === "St13runtime_error") {
      const text = readU32(call.machine, exception + POINTER);
      return text === undefined ? undefined : readCString(call.machine, text);
    }
    // What is no `__si_class_type_info` has no type_info here, whose name would be a class's.
    at = readU32(call.machine, at + 2 * POINTER);
  }
  return undefined;
}

/** `N5store9not_foundE` as `store::not_found`; a name with templates or substitutions stays as it is. */
function demangled(name: string): string {
  const fundamental = FUNDAMENTAL[name];
  if (fundamental !== undefined) return fundamental.name;
  if (name === "PKc") return "const char*";
  if (name === "Pc") return "char*";
  const nested = /^N(St)?((?:\d+\w+?)+)E$/.exec(name);
  const plain = /^(St)?(\d+\w+)$/.exec(name);
  const [, std, rest] = nested ?? plain ?? [];
  const parts = rest === undefined ? undefined : sourceNames(rest);
  return parts === undefined ? name : [...(std === undefined ? [] : ["std"]), ...parts].join("::");
}

/** `5store9not_found` as its two names; undefined when the lengths do not fit. */
function sourceNames(text: string): string[] | undefined {
  const names: string[] = [];
  let rest = text;
  while (rest !== "") {
    const digits = /^\d+/.exec(rest)?.[0];
    if (digits === undefined) return undefined;
    const length = Number(digits);
    const name = rest.slice(digits.length, digits.length + length);
    if (length === 0 || name.length < length) return undefined;
    names.push(name);
    rest = rest.slice(digits.length + length);
  }
  return names;
}
