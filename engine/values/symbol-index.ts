/**
 * Where the program's types, enumerators, functions, statics and vtables are described, by their last name: filled for
 * the frame's unit, and for all units only when a search has to go there. That survey is work in steps: in a large
 * module it takes seconds. It finds nothing before it is done, as what it has not seen may be another thing of the
 * same name, and then the one that it has seen would be the wrong one. Expressions, types that a unit only declares
 * and the dynamic types of objects all ask this one index.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import { LongWork, WorkPending } from "../bytes/long-work";
import { sectionOffset } from "../bytes/offsets";
import { DW_AT, DW_LANG, DW_TAG } from "../dwarf/constants";
import type { DebugInformation, Entry, NamedEntry, NamedEntryPass, Unit } from "../dwarf/model";
import { qualifiedName, scopesOf } from "../dwarf/qualified-names";
import { spelledName } from "./cpp/template-names";
import { flavourOf } from "./flavours";
import { shortenRust } from "./rust";

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
  [DW_TAG.constant, "variable"],
]);
/** What is noted: symbols, and other names for them (`namespace fs = std::filesystem`, `using`). */
const NOTED: ReadonlySet<number> = new Set([...KINDS.keys(), DW_TAG.imported_declaration]);
/** What may hold further symbols. */
const SCOPES: ReadonlySet<number> = new Set([
  DW_TAG.namespace,
  DW_TAG.module,
  DW_TAG.structure_type,
  DW_TAG.class_type,
  DW_TAG.union_type,
  DW_TAG.enumeration_type,
]);
/** Entries that one step of a survey passes over, some hundredths of a second's work. */
const STEP = 50_000;
/** Names that stand for names that are followed. */
const ALIAS_LIMIT = 8;

/** Symbols of some units by their last name. */
class Table {
  private readonly units: Unit[] = [];
  private readonly positions = new Map<Unit, number>();
  /**
   * By the last name without its generic arguments, which would cost seconds to spell out for each entry. An entry is
   * one number, its unit's position and its offset: a large program has millions.
   */
  private readonly byStem = new Map<string, number | number[]>();
  private readonly vtablePlaces: number[] = [];

  add({ offset, name, tag }: NamedEntry, unit: Unit): void {
    let position = this.positions.get(unit);
    if (position === undefined) this.positions.set(unit, (position = this.units.push(unit) - 1));
    const place = position * OFFSETS + offset;
    if (tag === DW_TAG.variable && isVtableName(name)) this.vtablePlaces.push(place);
    const stem = stemOf(name, unit);
    const known = this.byStem.get(stem);
    if (known === undefined) this.byStem.set(stem, place);
    else if (typeof known === "number") this.byStem.set(stem, [known, place]);
    else known.push(place);
  }

  private entryAt(place: number): Entry {
    return this.units[Math.floor(place / OFFSETS)]!.entryAt(sectionOffset(place % OFFSETS));
  }

  /** Entries whose names have this stem. */
  private *ofStem(stem: string): Iterable<Entry> {
    const places = this.byStem.get(stem) ?? [];
    for (const place of typeof places === "number" ? [places] : places) yield this.entryAt(place);
  }

  /** Entries of a name, other names for them included. */
  private *called(name: string): Iterable<Entry> {
    for (const entry of this.ofStem(squeezed(withoutGenerics(name)))) if (isCalled(entry, name)) yield entry;
  }

  /** Types of exactly that name, spelled out, declarations among them. */
  *types(name: string, unit: Unit): Iterable<Entry> {
    for (const entry of this.ofStem(stemOf(name, unit)))
      if (KINDS.get(entry.tag) === "type" && spelledName(entry) === name) yield entry;
  }

  *vtables(): Iterable<Entry> {
    for (const place of this.vtablePlaces) yield this.entryAt(place);
  }

  find(path: string, kinds: readonly SymbolKind[], aliases = ALIAS_LIMIT): readonly FoundSymbol[] {
    const found: FoundSymbol[] = [];
    for (const entry of this.called(squeezed(lastSegment(path)))) {
      if (!hasPath(entry, path)) continue;
      const symbol = entry.tag === DW_TAG.imported_declaration ? entry.reference(DW_AT.import) : entry;
      const kind = symbol && KINDS.get(symbol.tag);
      if (kind !== undefined && kinds.includes(kind)) found.push({ kind, entry: symbol! });
    }
    return found.length > 0 || aliases === 0 ? found : this.behindAlias(path, kinds, aliases - 1);
  }

  /** What a path leads to whose first name stands for a namespace or class of another name. */
  private behindAlias(path: string, kinds: readonly SymbolKind[], aliases: number): readonly FoundSymbol[] {
    const end = path.indexOf("::");
    if (end <= 0) return [];
    for (const entry of this.called(path.slice(0, end))) {
      if (entry.tag !== DW_TAG.imported_declaration) continue;
      const scope = entry.reference(DW_AT.import);
      const name = scope && qualifiedName(scope);
      if (name === undefined || name === path.slice(0, end)) continue;
      const found = this.find(name + path.slice(end), kinds, aliases);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** All entries of those kinds that are noted. */
  *entries(kinds: readonly SymbolKind[]): Iterable<FoundSymbol> {
    for (const places of this.byStem.values()) {
      for (const place of typeof places === "number" ? [places] : places) {
        const entry = this.entryAt(place);
        const kind = KINDS.get(entry.tag);
        if (kind !== undefined && kinds.includes(kind)) yield { kind, entry };
      }
    }
  }

  names(kinds: readonly SymbolKind[]): string[] {
    const tags = new Set([...KINDS].filter(([, kind]) => kinds.includes(kind)).map(([tag]) => tag));
    const names: string[] = [];
    for (const [stem, places] of this.byStem) {
      const some = typeof places === "number" ? [places] : places;
      if (some.some((place) => tags.has(this.entryAt(place).tag))) names.push(stem);
    }
    return names;
  }
}

/** Offsets that a unit's position is multiplied with: sections stay below 2^34 bytes, units below 2^19. */
const OFFSETS = 2 ** 34;

/** The names of some units, gathered in steps. */
class Survey extends LongWork {
  readonly name = "Looking for names in the whole program";
  readonly table = new Table();
  private unit = 0;
  private pass: NamedEntryPass | undefined;
  private readonly files = new Set<DebugInformation>();

  constructor(private readonly listUnits: () => Unit[]) {
    super();
  }

  /** Those of split files join when a skeleton leads there: type units among them have no skeleton. */
  private readonly units = once(() => {
    const units = this.listUnits();
    for (const { debug } of units) this.files.add(debug);
    return units;
  });

  get progress(): number {
    const units = this.units().length;
    return units === 0 ? 1 : this.unit / units;
  }

  step(): boolean {
    const units = this.units();
    for (let left = STEP; left > 0 && this.unit < units.length; left--) {
      const listed = units[this.unit]!;
      const unit = listed.complete;
      if (!this.files.has(unit.debug)) {
        this.files.add(unit.debug);
        units.push(...unit.debug.units());
      }
      if (unit !== listed) {
        // The split unit comes with its file's others.
        this.unit++;
        continue;
      }
      const pass = (this.pass ??= unit.namedEntries(NOTED, SCOPES));
      const seen = attempt(() => pass.advance(left, (entry) => this.table.add(entry, unit)));
      if (typeof seen === "number") left -= seen;
      // What a damaged unit describes behind the damage is not found; the unit itself reports the damage.
      if (seen instanceof FormatError || pass.done) {
        this.pass = undefined;
        this.unit++;
      }
    }
    return this.unit >= units.length;
  }
}

export class SymbolIndex {
  private readonly own = new Map<Unit, Survey>();
  private readonly all: Survey;

  constructor(private readonly debug: DebugInformation) {
    this.all = new Survey(() => [...debug.units()]);
  }

  /**
   * The names of all units.
   * @throws WorkPending when there is more to do, for a caller who waits in `settle` and shows how far it is
   */
  private whole(): Table {
    while (!this.all.step()) if (this.debug.inSteps) throw new WorkPending(this.all);
    return this.all.table;
  }

  /** Symbols whose qualified name is or ends in `path`, of one unit. */
  inUnit(unit: Unit, path: string, kinds: readonly SymbolKind[]): readonly FoundSymbol[] {
    return this.tableOf(unit).find(path, kinds);
  }

  /**
   * Symbols of that path in all units. Where the program has an index of names of its own, types are found by it.
   * @throws WorkPending when there is more to do, where the program is searched in steps
   */
  anywhere(path: string, kinds: readonly SymbolKind[]): readonly FoundSymbol[] {
    const listed = kinds.every((kind) => kind === "type") ? this.debug.indexed(lastSegment(path)) : undefined;
    const found = (listed ?? []).filter(
      (entry) => KINDS.get(entry.tag) === "type" && isOfProgram(entry) && hasPath(entry, path),
    );
    return found.length > 0
      ? found.map((entry) => ({ kind: "type", entry }))
      : this.whole().find(path, kinds);
  }

  /** Every symbol of those kinds in all units. @throws WorkPending as `anywhere` does */
  everything(kinds: readonly SymbolKind[]): Iterable<FoundSymbol> {
    return this.whole().entries(kinds);
  }

  /**
   * Types of exactly that name, spelled out, in all units, declarations among them.
   * @param unit whose language says how names are made
   * @throws WorkPending as `anywhere` does
   */
  types(name: string, unit: Unit): Iterable<Entry> {
    const listed = this.debug.indexed(name);
    if (listed === undefined) return this.whole().types(name, unit);
    // An index has the names as they are, without a template's arguments where those are left out.
    const short = this.debug.indexed(withoutGenerics(name)) ?? [];
    return [...listed, ...short.filter((entry) => entry.name !== name && spelledName(entry) === name)];
  }

  /** The variables that compilers describe vtables by, of all units. @throws WorkPending as `anywhere` does */
  vtables(): Iterable<Entry> {
    return this.whole().vtables();
  }

  /** Names of one unit, for completion. */
  namesOf(unit: Unit, kinds: readonly SymbolKind[]): readonly string[] {
    return this.tableOf(unit).names(kinds);
  }

  private tableOf(unit: Unit): Table {
    let survey = this.own.get(unit);
    if (survey === undefined) this.own.set(unit, (survey = new Survey(() => [unit])));
    while (!survey.step());
    return survey.table;
  }
}

/** The index of a program: a memo of what its debug information says, and kept no longer than that. */
const indexes = new WeakMap<DebugInformation, SymbolIndex>();

export function symbolsOf(debug: DebugInformation): SymbolIndex {
  let index = indexes.get(debug);
  if (index === undefined) indexes.set(debug, (index = new SymbolIndex(debug)));
  return index;
}

/** Whether a variable is a vtable: clang's of a class, or rustc's `<T as Trait>::{vtable}`. */
export const isVtableName = (name: string): boolean => name === "_vtable$" || name.endsWith("{vtable}");

/** What a name is noted by: its last part, without its generic arguments. */
function stemOf(name: string, { language }: Unit): string {
  return squeezed(withoutGenerics(language === DW_LANG.Zig ? lastDotted(name) : name));
}

function withoutGenerics(name: string): string {
  const generics = name.indexOf("<");
  return generics > 0 ? name.slice(0, generics) : name;
}

/** Zig writes a type with the file and the types around it: `main.Shape`, `list.List(u8)`. */
function lastDotted(name: string): string {
  const end = name.search(/[({]/);
  return name.slice(name.lastIndexOf(".", end < 0 ? undefined : end) + 1);
}

/** Whether an entry has this name: DWARF's, or with generics also the short one that programmers write. */
function isCalled(entry: Entry, wanted: string): boolean {
  const name = (wanted.includes("<") ? spelledName(entry) : entry.name) ?? "";
  if (squeezed(name) === wanted) return true;
  if (entry.unit.language === DW_LANG.Zig) return squeezed(name).endsWith(`.${wanted}`);
  if (!name.includes("<")) return false;
  if (squeezed(lastSegment(shortName(entry, name))) === wanted) return true;
  // A function's arguments follow from what it is called with: `Vec::<u8>::new` is `new<u8>` of `Vec<u8>`.
  return entry.tag === DW_TAG.subprogram && squeezed(withoutGenerics(name)) === wanted;
}

function shortName(entry: Entry, name: string): string {
  const flavour = flavourOf(entry.unit.language);
  return flavour.name === "rust" ? shortenRust(name) : flavour.typeName(entry, withEnumerators(entry, name));
}

/** clang writes a template's argument that is an enumerator as `(Colour)2`, where programs say `Colour::Blue`. */
function withEnumerators(entry: Entry, name: string): string {
  if (!/\(\w[^()]*\)-?\d/.test(name)) return name;
  const names: (string | undefined)[] = [];
  for (const child of entry.children()) {
    if (child.tag !== DW_TAG.template_value_parameter) continue;
    const type = child.reference(DW_AT.type);
    if (type?.tag !== DW_TAG.enumeration_type) continue;
    const value = child.constant(DW_AT.const_value, true);
    const found = [...type.children()].find((own) => own.constant(DW_AT.const_value, true) === value);
    names.push(found && `${qualifiedName(type)}::${found.name}`);
  }
  let next = 0;
  return name.replace(/\(\w[^()]*\)-?\d+/g, (cast) => names[next++] ?? cast);
}

/** Whether an entry's name with its namespaces, with inline ones or without, is or ends in the path. */
function hasPath(entry: Entry, path: string): boolean {
  const wanted = segmentsOf(path).slice(0, -1);
  if (wanted.length === 0) return true;
  return [true, false].some((inlineNamespaces) => {
    const scopes = scopesOf(entry, inlineNamespaces);
    return (
      wanted.length <= scopes.length &&
      wanted.every((name, i) => isScopeCalled(scopes[scopes.length - wanted.length + i]!, name))
    );
  });
}

/** The names of a path, outermost first. */
function segmentsOf(path: string): readonly string[] {
  const last = lastSegment(path);
  const before = path.slice(0, Math.max(0, path.length - last.length - "::".length));
  return before === "" ? [squeezed(last)] : [...segmentsOf(before), squeezed(last)];
}

/** Whether a namespace or a type has this name, in full or as programmers write it. */
function isScopeCalled(scope: Entry, wanted: string): boolean {
  const name = (wanted.includes("<") ? spelledName(scope) : scope.name) ?? "(anonymous)";
  if (squeezed(name) === wanted) return true;
  return name.includes("<") && squeezed(lastSegment(shortName(scope, name))) === wanted;
}

/** Scopes inside of each other that are followed. */
const NESTING_LIMIT = 64;

/** Whether an entry stands in no function. */
function isOfProgram(entry: Entry): boolean {
  let scope = entry.parent;
  for (let depth = 0; depth < NESTING_LIMIT && scope?.parent !== undefined; depth++, scope = scope.parent)
    if (!SCOPES.has(scope.tag)) return false;
  return true;
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

/**
 * Whether an entry is a definition, and neither announces one nor stands for that of a type unit: GCC writes no more for
 * that than the signature, LLVM calls it a declaration as well.
 */
export function isDefinition(entry: Entry): boolean {
  return !entry.flag(DW_AT.declaration) && entry.own(DW_AT.signature) === undefined;
}
