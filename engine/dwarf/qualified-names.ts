/** What an entry is called in the whole program: its name with the namespaces and types around it, as C++ and Rust join them. */
import { DW_AT, DW_TAG } from "./constants";
import type { Entry } from "./model";

/** Namespaces that are followed outwards. */
const MAX_NESTING = 64;

/**
 * `shop::Cart::add<u8>`; undefined when the entry and what it completes have no name.
 * @param inlineNamespaces as of `scopesOf`
 */
export function qualifiedName(entry: Entry, inlineNamespaces = true): string | undefined {
  const { name } = entry;
  if (name === undefined) return undefined;
  const scopes = scopesOf(entry, inlineNamespaces).map((scope) => scope.name ?? "(anonymous)");
  return [...scopes, name].join("::");
}

/**
 * The namespaces and types around an entry, or around what it completes, outermost first.
 * @param inlineNamespaces whether C++'s inline and unnamed namespaces are told, which programs may leave out
 */
export function scopesOf(entry: Entry, inlineNamespaces = true): readonly Entry[] {
  const scopes: Entry[] = [];
  let scope = declaration(entry).parent;
  for (let i = 0; scope !== undefined && i < MAX_NESTING; i++, scope = scope.parent) {
    const isOpen = scope.flag(DW_AT.export_symbols) || scope.name === undefined;
    if (!inlineNamespaces && scope.tag === DW_TAG.namespace && isOpen) continue;
    switch (scope.tag) {
      case DW_TAG.namespace:
      case DW_TAG.module:
      case DW_TAG.structure_type:
      case DW_TAG.class_type:
      case DW_TAG.union_type:
      case DW_TAG.enumeration_type:
      case DW_TAG.interface_type:
        scopes.push(scope);
    }
  }
  return scopes.reverse();
}

/** The entry whose place in the tree says where the function belongs (DWARF 5 §3.3.8.1, §2.13.2). */
function declaration(entry: Entry): Entry {
  let current = entry;
  for (let i = 0; i < MAX_NESTING; i++) {
    const next = target(current, DW_AT.abstract_origin) ?? target(current, DW_AT.specification);
    if (next === undefined) break;
    current = next;
  }
  return current;
}

function target(entry: Entry, at: number): Entry | undefined {
  return entry.own(at) === undefined ? undefined : entry.reference(at);
}
