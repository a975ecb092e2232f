/**
 * Definitions of types in other units than the one that only declares them: clang describes a class where its
 * vtable or its constructor is, and a C header's opaque struct is described where it is implemented.
 */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry, Unit } from "../dwarf/model";
import { spelledName } from "./cpp/template-names";
import { isDefinition, symbolsOf } from "./symbol-index";

const SCOPES: ReadonlySet<number> = new Set([
  DW_TAG.structure_type,
  DW_TAG.class_type,
  DW_TAG.union_type,
  DW_TAG.enumeration_type,
  DW_TAG.namespace,
]);

/** `struct` and `class` say the same of a type in C++. */
const kindOf = (tag: number): number => (tag === DW_TAG.class_type ? DW_TAG.structure_type : tag);

const NESTING_LIMIT = 32;

/** A type's name with its namespaces and classes; undefined for one that is its unit's own. */
export function pathOf(entry: Entry): string | undefined {
  let path = spelledName(entry);
  let scope = entry.parent;
  for (let depth = 0; depth < NESTING_LIMIT && scope?.parent !== undefined; depth++, scope = scope.parent) {
    // What stands in a function, or in a namespace without a name, no other unit can mean.
    if (scope.name === undefined || path === undefined || !SCOPES.has(scope.tag)) return undefined;
    path = `${spelledName(scope)}::${path}`;
  }
  return path;
}

/** Whether two units describe the same type: as large, and with the same members in the same places. */
function sameType(one: Entry, other: Entry): boolean {
  return one === other || outline(one) === outline(other);
}

function outline(type: Entry): string {
  let text = `${type.unsigned(DW_AT.byte_size)}`;
  for (const child of type.children())
    if (child.tag === DW_TAG.member || child.tag === DW_TAG.inheritance || child.tag === DW_TAG.enumerator)
      text += `;${child.name} ${child.unsigned(DW_AT.data_member_location)} ${child.reference(DW_AT.type)?.name}`;
  return text;
}

/**
 * The definition of a type by its tag and its path, wherever the program has it; undefined when it has none, or several
 * that are not the same. `name` is the path's last.
 * @param near the unit that asks
 * @throws WorkPending where the search through the program takes more than a step, and is done in steps
 */
export function definitionAnywhere(near: Unit, tag: number, path: string, name: string): Entry | undefined {
  const found: Entry[] = [];
  for (const entry of symbolsOf(near.program).types(name, near)) {
    const fits = kindOf(entry.tag) === kindOf(tag) && isDefinition(entry) && pathOf(entry) === path;
    if (fits) found.push(entry);
  }
  const [first] = found;
  return first !== undefined && found.every((other) => sameType(first, other)) ? first : undefined;
}
