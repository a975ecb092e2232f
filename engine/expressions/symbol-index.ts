/**
 * Where the program's types, enumerators, functions and statics are described, by their last name: filled for
 * the frame's unit, and for all units only when a search has to go there.
 *
 * A survey that meets its bound finds nothing: what it has not seen may be another thing of the same name,
 * and then the one that it has seen would be the wrong one.
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
/** Entries that a survey looks at, about a second's work: a hover over a word must not stop the debugger. */
const MOST_ENTRIES = 150_000;

/** Symbols of some units by their last name. */
class Table {
  /** By the last name without its generic arguments: spelling those out for each entry would cost seconds. */
  private readonly byStem = new Map<string, FoundSymbol[]>();

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
    const stem = stemOf(name);
    const found = this.byStem.get(stem);
    if (found === undefined) this.byStem.set(stem, [{ kind, entry }]);
    else found.push({ kind, entry });
  }

  /** Whether all was looked at. */
  get complete(): boolean {
    return this.budget.entries >= 0;
  }

  find(path: string, kinds: readonly SymbolKind[]): readonly FoundSymbol[] {
    if (!this.complete) return [];
    const name = squeezed(lastSegment(path));
    return (this.byStem.get(stemOf(name)) ?? []).filter(
      ({ kind, entry }) => kinds.includes(kind) && isCalled(entry, name) && hasPath(entry, path),
    );
  }

  names(kinds: readonly SymbolKind[]): string[] {
    const names: string[] = [];
    for (const [stem, symbols] of this.byStem)
      if (symbols.some(({ kind }) => kinds.includes(kind))) names.push(stem);
    return names;
  }
}

export class SymbolIndex {
  private readonly own = new Map<Unit, Table>();
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
    for (const unit of this.debug.units()) {
      table.add(unit.complete);
      if (!table.complete) break;
    }
    return table;
  }

  /** Names of one unit, for completion. */
  namesOf(unit: Unit, kinds: readonly SymbolKind[]): readonly string[] {
    return this.tableOf(unit).names(kinds);
  }

  private tableOf(unit: Unit): Table {
    let table = this.own.get(unit);
    if (table === undefined) {
      table = new Table({ entries: MOST_ENTRIES });
      table.add(unit);
      this.own.set(unit, table);
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

/** A name without its generic arguments. */
function stemOf(name: string): string {
  const generics = name.indexOf("<");
  return squeezed(generics > 0 ? name.slice(0, generics) : name);
}

/** Whether an entry has this name: DWARF's, or with generics also the short one that programmers write. */
function isCalled(entry: Entry, wanted: string): boolean {
  const name = entry.name ?? "";
  if (squeezed(name) === wanted) return true;
  return name.includes("<") && squeezed(lastSegment(shortName(entry, name))) === wanted;
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
