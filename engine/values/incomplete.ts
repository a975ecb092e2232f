/** Finding the definition of a type that an entry only declares (DWARF 5 §5.7.1). */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
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
  const name = entry.name;
  return name === undefined ? undefined : search(entry.unit.root, name, entry.tag, path(entry), 0);
}

/** The definition in the entry's unit, or else in any other, which may have to be looked for in all of them. */
export function definitionOf(entry: Entry): Entry | undefined {
  const here = definitionHere(entry);
  const name = entry.name;
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
    names.unshift(scope.name ?? "");
  return names.join("::");
}

function search(scope: Entry, name: string, tag: number, where: string, depth: number): Entry | undefined {
  for (const child of scope.children()) {
    if (child.tag === tag && child.name === name && isDefinition(child) && path(child) === where)
      return child;
    if (child.tag === DW_TAG.namespace && depth < 16) {
      const found = search(child, name, tag, where, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
