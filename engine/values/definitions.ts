/**
 * Definitions of types in other units than the one that only declares them: clang describes a class where its
 * vtable or its constructor is, and a C header's opaque struct is described where it is implemented.
 */
import { attempt, FormatError } from "../bytes/errors";
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { DebugInformation, Entry, NamedEntry, Unit } from "../dwarf/model";

/** Entries that a survey of the program steps over; of a larger one nothing is found, rather than half of it. */
const MOST_ENTRIES = 1_000_000;

const TYPES: ReadonlySet<number> = new Set([
  DW_TAG.structure_type,
  DW_TAG.class_type,
  DW_TAG.union_type,
  DW_TAG.enumeration_type,
]);
const SCOPES: ReadonlySet<number> = new Set([...TYPES, DW_TAG.namespace]);

/** `struct` and `class` say the same of a type in C++. */
const kindOf = (tag: number): number => (tag === DW_TAG.class_type ? DW_TAG.structure_type : tag);

interface Place extends Pick<NamedEntry, "offset" | "tag"> {
  readonly unit: Unit;
}

class DefinitionIndex {
  private readonly byName = new Map<string, Place[]>();
  private left = MOST_ENTRIES;

  constructor(debug: DebugInformation) {
    for (const unit of unitsOf(debug)) {
      // What a damaged unit describes behind the damage is not found; the unit itself reports the damage.
      const problem = attempt(() => this.add(unit));
      if (this.left <= 0) break;
      if (problem instanceof FormatError) continue;
    }
  }

  private add(unit: Unit): void {
    const pass = unit.namedEntries(TYPES, SCOPES);
    while (!pass.done && this.left > 0) {
      this.left -= Math.max(
        1,
        pass.advance(this.left, ({ name, offset, tag }) => {
          const place = { unit, offset, tag };
          const known = this.byName.get(name);
          if (known === undefined) this.byName.set(name, [place]);
          else known.push(place);
        }),
      );
    }
  }

  /** The definition of that name; undefined when there is none, or several that are not the same. */
  find(tag: number, path: string, name: string): Entry | undefined {
    if (this.left <= 0) return undefined;
    const found = (this.byName.get(name) ?? [])
      .filter((place) => kindOf(place.tag) === kindOf(tag))
      .map(({ unit, offset }) => unit.entryAt(offset))
      .filter((entry) => !entry.own(DW_AT.declaration) && pathOf(entry) === path);
    const [first] = found;
    return first !== undefined && found.every((other) => sameType(first, other)) ? first : undefined;
  }
}

/** All units with their entries: also the type units of split files and packages, which have no skeleton. */
function* unitsOf(debug: DebugInformation): Iterable<Unit> {
  const seen = new Set<Unit>();
  const files = new Set<DebugInformation>([debug]);
  for (const file of files) {
    for (const { complete } of file.units()) {
      files.add(complete.debug);
      if (seen.has(complete)) continue;
      seen.add(complete);
      yield complete;
    }
  }
}

const NESTING_LIMIT = 32;

/** A type's name with its namespaces and classes; undefined for one that is its unit's own. */
export function pathOf(entry: Entry): string | undefined {
  let path = entry.name;
  let scope = entry.parent;
  for (let depth = 0; depth < NESTING_LIMIT && scope?.parent !== undefined; depth++, scope = scope.parent) {
    // What stands in a function, or in a namespace without a name, no other unit can mean.
    if (scope.name === undefined || path === undefined || !SCOPES.has(scope.tag)) return undefined;
    path = `${scope.name}::${path}`;
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

/** Memos of what a program's debug information says, kept no longer than that. */
const indexes = new WeakMap<DebugInformation, DefinitionIndex>();

/** The definition of a type by its tag and its path, wherever the program has it; `name` is the path's last. */
export function definitionAnywhere(
  debug: DebugInformation,
  tag: number,
  path: string,
  name: string,
): Entry | undefined {
  let index = indexes.get(debug);
  if (index === undefined) indexes.set(debug, (index = new DefinitionIndex(debug)));
  return index.find(tag, path, name);
}
