/** Rust: `&MyThing`, `Option<String>`, `MyThing {value: 3}`, `(1, 2.0)`, `[1, 2]`, `'a'`. */
import type { Entry } from "../dwarf/model";
import { writeField } from "./c";
import type { Flavour, SummaryField } from "./flavour";

export const rust: Flavour = {
  name: "rust",
  typeName: (entry, name) => scopeOf(entry, name) + shortenRust(name),
  pointerName: (form, target) => (form === "pointer" ? `*mut ${target}` : `&${target}`),
  arrayName: (element, counts) =>
    counts.reduceRight((inner, count) => `[${inner}; ${count ?? "_"}]`, element),
  functionName: (result, parameters) =>
    `fn(${parameters.join(", ")})${result === undefined || result === "()" ? "" : ` -> ${result}`}`,
  voidName: "()",
  record,
  array: ["[", "]"],
  // A closure keeps what it borrows under the name of the variable, with a mark.
  fieldName: (name) => /^(?:__(?=\d+$)|_ref__)(.+)$/.exec(name)?.[1] ?? name,
  character: (quoted) => quoted,
  float,
  enumerator: (name) => name,
  bitsOf: () => undefined,
  nullPointer: "null",
  dereferencesItself: true,
  // Rust describes its references and boxes as pointers; only `*const T` and `*mut T` may point nowhere.
  pointerForm: (name, form) => (name !== undefined && !name.startsWith("*") ? "reference" : form),
  referenceSign: (typeName) => /^&(mut )?/.exec(typeName)?.[0] ?? "",
};

/** `Point {x: 1}`, `Meters(3)`, `(1, 2)`, `Unit`: the generic arguments and paths stay in the type column. */
function record(typeName: string, fields: readonly SummaryField[]): string {
  const name = typeName.startsWith("(") ? "" : /^[^<(]*/.exec(typeName)![0].replace(/^.*::/s, "");
  if (fields.length === 0) return name === "" ? "()" : name;
  const prefix = name === "" ? "" : `${name} `;
  if (/^\d+$/.test(fields[0]!.name)) {
    const comma = fields.length === 1 && name === "" ? "," : "";
    return `${name}(${fields.map((field) => field.text).join(", ")}${comma})`;
  }
  return `${prefix}{${fields.map(writeField).join(", ")}}`;
}

/** As `{:?}` writes it, by an exponent from 1e16 on and below 0.0001; from the shortest digits of a number. */
function float(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text);
  if (parts === null) return text;
  const [, sign, whole, fraction = "", exponent = "0"] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const power = Number(exponent) + digits.length - fraction.length - 1;
  if (digits === "" || (power >= -4 && power < 16)) return /^-?\d+$/.test(text) ? `${text}.0` : text;
  const [first, rest] = [digits[0]!, digits.slice(1).replace(/0+$/, "")];
  return `${sign}${first}${rest === "" ? "" : `.${rest}`}e${power}`;
}

/** What the compiler named itself is known by the function that it stands in: `main::{closure_env#0}`. */
function scopeOf(entry: Entry, name: string): string {
  if (!name.startsWith("{")) return "";
  let names = "";
  for (
    let scope = entry.parent, depth = 0;
    scope?.name !== undefined && depth < 8;
    scope = scope.parent, depth++
  ) {
    names = `${scope.name}::${names}`;
    if (!scope.name.startsWith("{")) break;
  }
  return names;
}

const PATHS = /(?:(?:[A-Za-z_]\w*|\{[^{}]*\})::)+(?=(.?))/g;
/** The last name that a programmer gave, and what the compiler put behind it. */
const OWN_SCOPE = /[A-Za-z_]\w*::(?:\{[^{}]*\}::)*$/;
/** `Fn<(i32, u8), Output=i32>`, a trait whose arguments and result are written as those of a function. */
const FN_TRAIT = /\b(Fn|FnMut|FnOnce)<\(([^()]*)\), Output=([^<>,()]*|\(\))>/g;

/**
 * Type names without paths and without the global allocator: `alloc::vec::Vec<i32, alloc::alloc::Global>` is
 * `Vec<i32>`, `dyn core::ops::Fn<(i32), Output=u8>` is `dyn Fn(i32) -> u8`.
 */
export function shortenRust(name: string): string {
  return name
    .replace(PATHS, (path: string, next: string) => (next === "{" ? (OWN_SCOPE.exec(path)?.[0] ?? "") : ""))
    .replace(/, Global(?=[,>])/g, "")
    .replace(FN_TRAIT, (_all, trait: string, given: string, result: string) => {
      const list = given.replace(/,$/, "");
      return `${trait}(${list})${result === "()" ? "" : ` -> ${result}`}`;
    });
}
