/**
 * Definitions of types in other units than the one that only declares them: clang describes a class where its
 * vtable or its constructor is, and a C header's opaque struct is described where it is implemented.
 */
import { attempt, FormatError } from "../bytes/errors";
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { DebugInformation, Entry } from "../dwarf/model";

/** Entries that a survey of the program looks at; of a larger one nothing is found, rather than half of it. */
const MOST_ENTRIES = 150_000;
const NESTING_LIMIT = 16;

const TYPES: ReadonlySet<number> = new Set([
  DW_TAG.structure_type,
  DW_TAG.class_type,
  DW_TAG.union_type,
  DW_TAG.enumeration_type,
]);

/** `struct` and `class` say the same of a type in C++. */
const kindOf = (tag: number): number => (tag === DW_TAG.class_type ? DW_TAG.structure_type : tag);

const keyOf = (tag: number, path: string): string => `${kindOf(tag)} ${path}`;

class DefinitionIndex {
  private readonly byKey = new Map<string, Entry[]>();
  private left = MOST_ENTRIES;

  constructor(debug: DebugInformation) {
    for (const unit of debug.units()) {
      // What a damaged unit describes behind the damage is not found; the unit itself reports the damage.
      const problem = attempt(() => this.add(unit.root, "", 0));
      if (this.left < 0) break;
      if (problem instanceof FormatError) continue;
    }
  }

  private add(scope: Entry, around: string, depth: number): void {
    if (depth > NESTING_LIMIT) return;
    for (const entry of scope.children()) {
      if (--this.left < 0) return;
      const isType = TYPES.has(entry.tag);
      const { name } = entry;
      // What has no name, or stands in a namespace without one, is its unit's own.
      if ((!isType && entry.tag !== DW_TAG.namespace) || name === undefined) continue;
      const path = around === "" ? name : `${around}::${name}`;
      if (isType && !entry.own(DW_AT.declaration)) this.keep(keyOf(entry.tag, path), entry);
      this.add(entry, path, depth + 1);
    }
  }

  private keep(key: string, entry: Entry): void {
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, [entry]);
    else known.push(entry);
  }

  /** The definition of that name; undefined when there is none, or several that are not the same. */
  find(tag: number, path: string): Entry | undefined {
    if (this.left < 0) return undefined;
    const found = this.byKey.get(keyOf(tag, path)) ?? [];
    const [first] = found;
    return first !== undefined && found.every((other) => sameType(first, other)) ? first : undefined;
  }
}

/** Whether two units describe the same type: as large, and with the same members in the same places. */
function sameType(one: Entry, other: Entry): boolean {
  return one.offset === other.offset || outline(one) === outline(other);
}

function outline(type: Entry): string {
  let text = `${type.unsigned(DW_AT.byte_size)}`;
  for (const child of type.children())
    if (child.tag === DW_TAG.member || child.tag === DW_TAG.inheritance || child.tag === DW_TAG.enumerator)
      text += `;${child.name} ${child.unsigned(DW_AT.data_member_location)} ${child.reference(DW_AT.type)?.name}`;
  return text;
}

/** Memos of what a program's debug information says, kept no longer than that. */
const indexes = new WeakMap<DebugInformation, DefinitionIndex>();

/** The definition of a type by its tag and its name with namespaces, wherever the program has it. */
export function definitionAnywhere(debug: DebugInformation, tag: number, path: string): Entry | undefined {
  let index = indexes.get(debug);
  if (index === undefined) indexes.set(debug, (index = new DefinitionIndex(debug)));
  return index.find(tag, path);
}
