/** C++: `geo::Point`, `std::vector<int>`, `int &`; values are written as in C. */
import { DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { c, declarator, functionName } from "./c";
import { shortName } from "./cpp/names";
import { spelledName } from "./cpp/template-names";
import type { Flavour } from "./flavour";

const SCOPES: ReadonlySet<number> = new Set([
  DW_TAG.namespace,
  DW_TAG.structure_type,
  DW_TAG.class_type,
  DW_TAG.union_type,
]);

/** Namespaces that only version the library's ABI. */
const INLINE_NAMESPACE = /^__(\d+|cxx11|ndk\d+|fs)$/;

const DECLARATORS = { pointer: "*", reference: "&", "rvalue-reference": "&&" } as const;

export const cpp: Flavour = {
  ...c,
  name: "cpp",
  typeName(entry, name) {
    const scope = qualifiers(entry);
    const spelled = name === entry.name ? (spelledName(entry) ?? name) : name;
    return [...scope, shortName(spelled, scope[0] === "std")].join("::");
  },
  pointerName: (form, target) => declarator(target, DECLARATORS[form]),
  functionName: (result, parameters) => functionName(result, parameters.join(", ")),
  nullPointer: "nullptr",
};

function qualifiers(entry: Entry): string[] {
  const names: string[] = [];
  let scope = entry.parent;
  for (let depth = 0; depth < 32 && scope !== undefined; depth++, scope = scope.parent) {
    if (!SCOPES.has(scope.tag)) continue;
    const name = spelledName(scope);
    if (name !== undefined && !INLINE_NAMESPACE.test(name)) names.unshift(name);
  }
  const library = names[0] === "std";
  return names.map((name) => shortName(name, library));
}
