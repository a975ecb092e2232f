/**
 * Where the program's types, enumerators, functions and statics are described, by their last name: filled for
 * the frame's unit, for all units only when a search has to go there, and never past a bound.
 */
import { attempt, FormatError } from "../bytes/errors";
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { DebugInformation, Entry, Unit } from "../dwarf/model";
import { qualifiedName } from "../postmortem/names";
import { flavourOf } from "../values/flavours";
import { shortenRust } from "../values/rust";

export type SymbolKind = "type" | "enumerator" | "function" | "variable";

export interface FoundSymbol {
  readonly kind: SymbolKind;
  readonly entry: Entry;
}

const KINDS = new Map<number, SymbolKind>([
  [DW_TAG.base_type, "type"],
  [DW_TAG.structure_type, "type"],
  [DW_TAG.class_type, "type"],
  [DW_TAG.union_type, "type"],
  [DW_TAG.enumeration_type, "type"],
  [DW_TAG.typedef, "type"],
  [DW_TAG.unspecified_type, "type"],
  [DW_TAG.enumerator, "enumerator"],
  [DW_TAG.subprogram, "function"],
  [DW_TAG.variable, "variable"],
]);
/** What may hold further symbols. */
const SCOPES: ReadonlySet<number> = new Set([
  DW_TAG.namespace,
  DW_TAG.module,
  DW_TAG.structure_type,
  DW_TAG.class_type,
  DW_TAG.union_type,
  DW_TAG.enumeration_type,
]);
const NESTING_LIMIT = 32;
/** Entries that a survey looks at. */
const MOST_ENTRIES = 3_000_000;

/** Symbols of some units by their last name. */
class Table {
  private readonly byName = new Map<string, FoundSymbol[]>();

  constructor(private readonly budget: { entries: number }) {}

  add(unit: Unit): void {
    const problem = attempt(() => this.addChildren(unit.root, 0));
    // What a damaged unit describes behind the damage is not found; the unit itself reports the damage.
    if (problem instanceof FormatError) return;
  }

  private addChildren(scope: Entry, depth: number): void {
    if (depth > NESTING_LIMIT) return;
    for (const entry of scope.children()) {
      if (--this.budget.entries < 0) return;
      const kind = KINDS.get(entry.tag);
      if (kind !== undefined && entry.name !== undefined) this.addEntry(kind, entry, entry.name);
      if (SCOPES.has(entry.tag)) this.addChildren(entry, depth + 1);
    }
  }

  private addEntry(kind: SymbolKind, entry: Entry, name: string): void {
    for (const key of keysOf(entry, name)) {
      const found = this.byName.get(key);
      if (found === undefined) this.byName.set(key, [{ kind, entry }]);
      else found.push({ kind, entry });
    }
  }

  find(path: string, kinds: readonly SymbolKind[]): readonly FoundSymbol[] {
    const key = squeezed(lastSegment(path));
    return (this.byName.get(key) ?? []).filter(
      ({ kind, entry }) => kinds.includes(kind) && hasPath(entry, path),
    );
  }

  names(kinds: readonly SymbolKind[]): string[] {
    const names: string[] = [];
    for (const [name, symbols] of this.byName)
      if (symbols.some(({ kind }) => kinds.includes(kind))) names.push(name);
    return names;
  }
}

export class SymbolIndex {
  private readonly own = new Map<number, Table>();
  private all: Table | undefined;

  constructor(private readonly debug: DebugInformation) {}

  /** Symbols whose qualified name is or ends in `path`, of one unit. */
  inUnit(unit: Unit, path: string, kinds: readonly SymbolKind[]): readonly FoundSymbol[] {
    return this.tableOf(unit).find(path, kinds);
  }

  /** Symbols of that path in all units. */
  anywhere(path: string, kinds: readonly SymbolKind[]): readonly FoundSymbol[] {
    this.all ??= this.survey();
    return this.all.find(path, kinds);
  }

  /** All units' symbols; kept only when it came to its end, as bytes may not be here yet. */
  private survey(): Table {
    const table = new Table({ entries: MOST_ENTRIES });
    for (const unit of this.debug.units()) table.add(unit);
    return table;
  }

  /** Names of one unit, for completion. */
  namesOf(unit: Unit, kinds: readonly SymbolKind[]): readonly string[] {
    return this.tableOf(unit).names(kinds);
  }

  private tableOf(unit: Unit): Table {
    let table = this.own.get(unit.offset);
    if (table === undefined) {
      table = new Table({ entries: MOST_ENTRIES });
      table.add(unit);
      this.own.set(unit.offset, table);
    }
    return table;
  }
}

/** The index of a program: a memo of what its debug information says, and kept no longer than that. */
const indexes = new WeakMap<DebugInformation, SymbolIndex>();

export function symbolsOf(debug: DebugInformation): SymbolIndex {
  let index = indexes.get(debug);
  if (index === undefined) indexes.set(debug, (index = new SymbolIndex(debug)));
  return index;
}

/** The names an entry is found by: DWARF's, and with generics also the short one that programmers write. */
function keysOf(entry: Entry, name: string): ReadonlySet<string> {
  const keys = new Set([squeezed(name)]);
  if (name.includes("<")) keys.add(squeezed(lastSegment(shortName(entry, name))));
  return keys;
}

function shortName(entry: Entry, name: string): string {
  const flavour = flavourOf(entry.unit.language);
  return flavour.name === "rust" ? shortenRust(name) : flavour.typeName(entry, name);
}

/** Whether an entry's name with its namespaces is or ends in the path. */
function hasPath(entry: Entry, path: string): boolean {
  const scope = path.slice(0, path.length - lastSegment(path).length);
  if (scope === "") return true;
  const full = qualifiedName(entry) ?? "";
  const around = squeezed(full.slice(0, full.length - (entry.name ?? "").length));
  return around === scope || around.endsWith(`::${scope}`);
}

const squeezed = (name: string): string => name.replace(/\s+/g, "");

/** What stands behind the last `::` that is outside of angle brackets. */
export function lastSegment(path: string): string {
  let depth = 0;
  for (let i = path.length - 1; i > 0; i--) {
    if (path[i] === ">") depth++;
    else if (path[i] === "<") depth--;
    else if (depth === 0 && path[i] === ":" && path[i - 1] === ":") return path.slice(i + 1);
  }
  return path;
}

/** Whether an entry is a definition, and not only announces one. */
export function isDefinition(entry: Entry): boolean {
  return !entry.flag(DW_AT.declaration);
}
