/** C: `struct point`, `int *`, `{x: 1, y: 2}`, `97 'a'`. */
import { DW_TAG } from "../dwarf/constants";
import type { Flavour, SummaryField } from "./flavour";

const KEYWORDS = new Map<number, string>([
  [DW_TAG.structure_type, "struct"],
  [DW_TAG.union_type, "union"],
  [DW_TAG.enumeration_type, "enum"],
]);

export const c: Flavour = {
  name: "c",
  typeName(entry, name) {
    const keyword = KEYWORDS.get(entry.tag);
    return keyword === undefined ? name : `${keyword} ${name}`;
  },
  pointerName: (_form, target) => declarator(target, "*"),
  arrayName: (element, counts) => declarator(element, counts.map((count) => `[${count ?? ""}]`).join("")),
  functionName: (result, parameters) => functionName(result, parameters.join(", ") || "void"),
  voidName: "void",
  record: (_typeName, fields) => `{${fields.map(writeField).join(", ")}}`,
  array: ["{", "}"],
  fieldName: (name) => name,
  character: (quoted, value) => `${value} ${quoted}`,
  float: (text) => text,
  enumerator: (name) => name,
  bitsOf: () => undefined,
  nullPointer: "NULL",
  dereferencesItself: false,
  pointerForm: (_name, form) => form,
  referenceSign: () => "",
};

/** `name: text`, or the text alone of what has no name (an ellipsis). */
export function writeField(field: SummaryField): string {
  return field.name === "" ? field.text : `${field.name}: ${field.text}`;
}

/** A function's type: `int (char)`; of one that gives a pointer to a function, `int (*(char))(void)`. */
export function functionName(result: string | undefined, parameters: string): string {
  const inner = result === undefined ? undefined : /^[^(]*\(\*+/.exec(result)?.[0];
  return inner === undefined
    ? `${result ?? "void"} (${parameters})`
    : `${inner}(${parameters})${result!.slice(inner.length)}`;
}

/**
 * A type's name with one more declarator: `int (void)` and `*` give `int (*)(void)`, `int [4]` and `*` give
 * `int (*)[4]`.
 */
export function declarator(base: string, suffix: string): string {
  const pointer = !suffix.startsWith("[");
  const inner = base.indexOf("(*");
  if (inner >= 0) {
    const at = inner + 2;
    const behind = at + /^\**/.exec(base.slice(at))![0].length;
    // A function's parameters bind closer than what is put in front of them.
    const isFunction = pointer && base[behind] === "(";
    return base.slice(0, behind) + (isFunction ? `(${suffix})` : suffix) + base.slice(behind);
  }
  if (!pointer) {
    const bracket = base.indexOf("[");
    if (bracket > 0) return base.slice(0, bracket) + suffix + base.slice(bracket);
    return `${base} ${suffix}`;
  }
  const function_ = / \(.*\)(?: const)?$/.exec(base);
  if (function_ !== null)
    return `${base.slice(0, function_.index)} (${suffix})${base.slice(function_.index + 1)}`;
  const array = / \[[^\]]*\](\[[^\]]*\])*$/.exec(base);
  if (array !== null) return `${base.slice(0, array.index)} (${suffix})${base.slice(array.index + 1)}`;
  return /[*&]$/.test(base) ? base + suffix : `${base} ${suffix}`;
}
