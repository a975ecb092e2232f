/** Finding the definition of a type that an entry only declares (DWARF 5 §5.7.1). */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { spelledName } from "./cpp/template-names";
import { definitionAnywhere, pathOf } from "./definitions";
import { isDefinition } from "./symbol-index";

/**
 * The entry itself when it defines its type; for a declaration the type unit's entry, or a definition of the
 * same name in the same unit; undefined when the unit has none.
 */
export function definitionHere(entry: Entry): Entry | undefined {
  if (isDefinition(entry)) return entry;
  const bySignature = entry.reference(DW_AT.signature);
  if (bySignature !== undefined && bySignature.own(DW_AT.declaration) === undefined) return bySignature;
  return entry.name === undefined ? undefined : search(entry.unit.root, entry, path(entry), 0);
}

/** The definition in the entry's unit, or else in any other, which may have to be looked for in all of them. */
export function definitionOf(entry: Entry): Entry | undefined {
  const here = definitionHere(entry);
  const name = spelledName(entry);
  const full = here === undefined && name !== undefined ? pathOf(entry) : undefined;
  return full === undefined ? here : definitionAnywhere(entry.unit, entry.tag, full, name!);
}

function path(entry: Entry): string {
  const names: string[] = [];
  for (
    let scope = entry.parent, depth = 0;
    scope?.parent !== undefined && depth < 32;
    scope = scope.parent, depth++
  )
    names.unshift(spelledName(scope) ?? "");
  return names.join("::");
}

/** The definition of what `declared` declares, in a scope of the same unit or the namespaces in it. */
function search(scope: Entry, declared: Entry, where: string, depth: number): Entry | undefined {
  for (const child of scope.children()) {
    if (child.tag === declared.tag && child.name === declared.name && isDefinition(child))
      if (spelledName(child) === spelledName(declared) && path(child) === where) return child;
    if (child.tag === DW_TAG.namespace && depth < 16) {
      const found = search(child, declared, where, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
