/** Rust: `&MyThing`, `Option<String>`, `MyThing {value: 3}`, `(1, 2.0)`, `[1, 2]`, `'a'`. */
import { writeField } from "./c";
import type { Flavour, SummaryField } from "./flavour";

export const rust: Flavour = {
  name: "rust",
  typeName: (_entry, name) => shortenRust(name),
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
  float: (text) => (/^-?\d+$/.test(text) ? `${text}.0` : text),
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
  const name = typeName.startsWith("(") ? "" : /^[^<(]*/.exec(typeName)![0];
  if (fields.length === 0) return name === "" ? "()" : name;
  const prefix = name === "" ? "" : `${name} `;
  if (/^\d+$/.test(fields[0]!.name)) {
    const comma = fields.length === 1 && name === "" ? "," : "";
    return `${name}(${fields.map((field) => field.text).join(", ")}${comma})`;
  }
  return `${prefix}{${fields.map(writeField).join(", ")}}`;
}

/** Type names without paths and without the global allocator: `alloc::vec::Vec<i32, alloc::alloc::Global>` is `Vec<i32>`. */
export function shortenRust(name: string): string {
  return name.replace(/(?:(?:[A-Za-z_]\w*|\{[^{}]*\})::)+/g, "").replace(/, Global(?=[,>])/g, "");
}
