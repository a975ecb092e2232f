/**
 * The standard library's exceptions, error codes and `type_info`. Most programs only declare these classes, which the
 * library's own archive defines: their layout is part of the C++ ABI (Itanium, 2.9.4) and of libc++'s. All of them but
 * error codes have virtual functions, so a vtable pointer comes first.
 */
import type { Address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { typeNameOf } from "../../wasm/demangle/cpp-type-name";
import { addressText, leading, pointerTarget } from "../pointers";
import type { Presentation, View } from "../presentation";
import { quoteUtf8, TEXT_LIMIT, textAt } from "../text";
import { strip, type Type } from "../types";
import { libraryName, memoryAt, type Part } from "./layout";
import { nameOfTypeInfo, typeInfoName, word } from "./type-info";

/** Those that keep a text: what `std::logic_error` and `std::runtime_error` begin with. */
const WITH_TEXT = new Set(
  [
    "logic_error domain_error invalid_argument length_error out_of_range future_error",
    "runtime_error range_error overflow_error underflow_error system_error filesystem::filesystem_error",
    "regex_error format_error",
  ].flatMap((names) => names.split(" ")),
);

const OTHERS = new Set(
  [
    "exception bad_exception bad_alloc bad_array_new_length bad_cast bad_typeid bad_weak_ptr bad_function_call",
    "bad_optional_access bad_variant_access bad_any_cast bad_expected_access",
  ].flatMap((names) => names.split(" ")),
);

/** Whether a class is one of the library's exceptions, which begin with a vtable pointer wherever they are declared. */
export function isLibraryException(type: Type): boolean {
  const name = libraryName(type);
  return name !== undefined && (WITH_TEXT.has(name) || OTHERS.has(name));
}

/** The text that is kept behind the vtable pointer. */
function textBehind(machine: Machine, at: Address): ((limit: number) => string) | undefined {
  const text = word(machine, at + machine.addressSize);
  const found = text ? textAt(machine, text, 1, TEXT_LIMIT) : undefined;
  if (found === undefined || found instanceof Missing) return undefined;
  return (limit) => quoteUtf8(found.bytes, limit, found.more);
}

/** An exception of the library: what its `what()` gives, where it keeps that. */
export function presentException(whole: Part): Presentation | undefined {
  const at = whole.storage.address;
  if (at === undefined || !WITH_TEXT.has(libraryName(whole.type) ?? "")) return undefined;
  const text = textBehind(whole.storage.machine, at);
  return text && { summary: (style) => text(Math.max(8, style.budget)) };
}

/** An exception whose class no debug information describes: its name, and its text where it is the library's. */
export function undescribedException(at: Address, machine: Machine): ((limit: number) => string) | undefined {
  const vtable = word(machine, at);
  const mangled = vtable && typeInfoName(machine, vtable);
  if (!mangled) return undefined;
  const name = typeNameOf(mangled);
  const text = WITH_TEXT.has(name.replace(/^std::(__\d+::)?/, "")) ? textBehind(machine, at) : undefined;
  return (limit) => `(${name})${text === undefined ? "" : ` ${text(limit)}`}`;
}

/** `type_info`: the type that it is of. */
export function presentTypeInfo(whole: Part): Presentation | undefined {
  const { address, machine } = whole.storage;
  const mangled = address && nameOfTypeInfo(machine, address);
  return mangled ? { summary: () => `typeid(${typeNameOf(mangled)})` } : undefined;
}

/** Pointers and references to a `type_info`, which is hardly ever described. */
export const typeInfoView: View = (type, storage, world) => {
  if (type.kind !== "pointer" || libraryName(type.target) !== "type_info") return undefined;
  const target = pointerTarget(type, storage);
  if (target instanceof Missing || target === 0) return undefined;
  const value = world.value(strip(type.target), memoryAt(target, storage));
  const text = type.form === "pointer" ? addressText(target, type.size ?? 4) : "";
  return { target, summary: (style) => leading(text, ` ${value.summary(style)}`, style).trim() };
};

/** `error_code`, `error_condition`: the category by its class, and the number: `generic:2`. */
export function presentErrorCode(whole: Part): Presentation | undefined {
  const number = whole.member("__val_")?.number();
  const category = whole.member("__cat_")?.pointer();
  const { machine } = whole.storage;
  if (typeof number !== "number" || typeof category !== "number") return undefined;
  const vtable = word(machine, category);
  const mangled = vtable && typeInfoName(machine, vtable);
  if (!mangled) return undefined;
  const name = typeNameOf(mangled).replace(/^std::__\d+::__(\w+?)(?:_error)?_category$/, "$1");
  return { summary: () => `${name}:${number}` };
}
