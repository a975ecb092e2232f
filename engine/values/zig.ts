/** Zig: `[]u8`, `?*Node`, `.{ .x = 1, .y = 2 }`, `.angry`, `null`. */
import { DW_TAG } from "../dwarf/constants";
import type { Flavour, SummaryField } from "./flavour";

export const zig: Flavour = {
  name: "zig",
  // The elements of a vector have the vector's name.
  typeName: ({ tag }, name) =>
    tag === DW_TAG.base_type ? name.replace(/^@Vector\(\d+, (.+)\)$/, "$1") : name,
  pointerName: (_form, target) => `*${target}`,
  arrayName: (element, counts) => counts.map((count) => `[${count ?? "_"}]`).join("") + element,
  functionName: (result, parameters) => `fn (${parameters.join(", ")}) ${result ?? "void"}`,
  voidName: "void",
  record: (_typeName, fields) => (fields.length === 0 ? ".{}" : `.{ ${fields.map(writeField).join(", ")} }`),
  array: ["{", "}"],
  fieldName: (name) => name,
  character: (_quoted, value) => value.toString(),
  float: (text) => text,
  enumerator: (name) => `.${name}`,
  bitsOf: widthOf,
  nullPointer: "null",
  dereferencesItself: false,
  pointerForm: (_name, form) => form,
  referenceSign: () => "",
};

function writeField({ name, text }: SummaryField): string {
  if (name === "") return text;
  return /^\d+$/.test(name) ? text : `.${name} = ${text}`;
}

/** `u5`, `i17` and `f80` have as many bits as they say, `bool` has one: LLVM leaves the others open. */
function widthOf(name: string): number | undefined {
  if (name === "bool") return 1;
  const width = /^(?:[iu]|f(?=80$))(\d+)$/.exec(name)?.[1];
  return width === undefined ? undefined : Number(width);
}
