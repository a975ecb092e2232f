/**
 * The surface of the DWARF reader that the rooms above use: units, entries (DIEs) and what they say.
 *
 * Names are DWARF's own (DWARF 5 standard, dwarfstd.org). Tags, attributes, forms and operations are the
 * numbers of constants.ts. Everything here is lazy: holding a Unit costs its header, holding an Entry costs
 * its own bytes.
 */
import type { FormatError } from "../bytes/errors";
import type { CodeOffset, SectionOffset } from "../bytes/offsets";

/**
 * What an attribute holds, after its form (DWARF 5 §7.5.5) has been resolved: strings fetched, indexes
 * (strx, addrx, rnglistx, loclistx) looked up, references made absolute.
 */
export type AttributeValue =
  /** DW_FORM_addr, addrx: code addresses are code-section offsets, data addresses are linear memory's. */
  | { readonly kind: "address"; readonly value: number }
  /** data1..16, sdata, udata, implicit_const. `value` is unsigned for dataN (N known through `size`). */
  | { readonly kind: "constant"; readonly value: bigint; readonly signed: boolean; readonly size?: number }
  | { readonly kind: "block"; readonly bytes: Uint8Array }
  /** A DWARF expression; DWARF 2 and 3 use a block form for it, which `Entry.expression` also accepts. */
  | { readonly kind: "exprloc"; readonly bytes: Uint8Array }
  | { readonly kind: "flag"; readonly value: boolean }
  /** An entry by its offset in .debug_info of this object, or of the supplementary one. */
  | { readonly kind: "reference"; readonly offset: SectionOffset; readonly supplementary: boolean }
  /** A type unit's type by signature (DW_FORM_ref_sig8). */
  | { readonly kind: "signature"; readonly value: bigint }
  | { readonly kind: "string"; readonly value: string }
  /** An offset into the section that the attribute's class implies (line, ranges, loclists, …). */
  | { readonly kind: "section-offset"; readonly offset: SectionOffset };

/** A half-open range of code-section offsets. */
export interface CodeRange {
  readonly low: CodeOffset;
  readonly high: CodeOffset;
}

/** Since when a location holds. */
export interface LocationSpan {
  readonly from: CodeOffset;
  /** Whether it is said of the whole scope: then nothing marks where the value ends. */
  readonly throughout: boolean;
  /** Whether no code further on has another location for it. */
  isLast(): boolean;
}

/** A debugging information entry (DIE). */
export interface Entry {
  readonly unit: Unit;
  /** Offset in .debug_info. Equal offsets (and units) mean the same entry. */
  readonly offset: SectionOffset;
  /** A DW_TAG. */
  readonly tag: number;
  readonly hasChildren: boolean;

  /** The attribute as this very entry carries it. */
  own(at: number): AttributeValue | undefined;
  /**
   * The attribute of this entry or of the entries it completes, following DW_AT_abstract_origin,
   * DW_AT_specification and DW_AT_signature (not DW_AT_sibling or DW_AT_declaration, which are its own).
   * The one place where that merge is made.
   */
  attribute(at: number): AttributeValue | undefined;
  /**
   * The entry that `attribute(at)` comes from: this one, or one that completes it. What an attribute means may
   * depend on its unit: a file number (DW_AT_decl_file) is of the holder's line table.
   */
  holder(at: number): Entry | undefined;

  /** DW_AT_name, merged; undefined where it is empty or cannot be read. */
  readonly name: string | undefined;
  /** The entry that an attribute refers to, merged lookup. */
  reference(at: number): Entry | undefined;
  string(at: number): string | undefined;
  /** A non-negative constant as a number; undefined when absent, not a constant, or past 2^53. */
  unsigned(at: number): number | undefined;
  /** A constant with its sign, as the attribute is meant to be read when the form leaves the sign open. */
  constant(at: number, signed: boolean): bigint | undefined;
  flag(at: number): boolean;
  /** An address attribute (DW_AT_low_pc, DW_AT_entry_pc). */
  address(at: number): number | undefined;
  /** A DWARF expression (exprloc, or a block where the version uses one for it). */
  expression(at: number): Uint8Array | undefined;
  /**
   * A location attribute at a pc: an expression as it is, or the location list's entry that covers `pc`.
   * `undefined`: no such attribute. `"not-here"`: there is a list, and none of its entries covers `pc`.
   */
  location(at: number, pc: CodeOffset | undefined): Uint8Array | "not-here" | undefined;
  /**
   * Since when what `location(at, pc)` says holds: from the start of its entry of the list, or for a lone expression
   * of the scope that the entry is declared in. Undefined where that is not known.
   */
  locationSpan(at: number, pc: CodeOffset): LocationSpan | undefined;
  /** Its expressions for any code. */
  locations(at: number): readonly Uint8Array[];
  /** Code this entry covers (low_pc/high_pc or ranges), tombstones left out; none where that cannot be read. */
  ranges(): readonly CodeRange[];

  children(): Iterable<Entry>;
  /** The entry that owns this one; undefined for a unit's root. */
  readonly parent: Entry | undefined;
}

/** An entry that has a name, without the cost of a handle. */
export interface NamedEntry {
  readonly offset: SectionOffset;
  /** A DW_TAG. */
  readonly tag: number;
  readonly name: string;
}

/** A pass over named entries of a unit, which goes on where it stopped. */
export interface NamedEntryPass {
  /** Whether the unit's end was reached. */
  readonly done: boolean;
  /**
   * Steps over so many entries at most, and gives the named ones.
   * @returns entries stepped over
   * @throws FormatError where the unit is malformed: what comes behind is not found
   */
  advance(most: number, found: (entry: NamedEntry) => void): number;
}

export interface Unit {
  readonly offset: SectionOffset;
  /** What its offsets count in: the module's debug information, or a split unit's own file. */
  readonly debug: DebugInformation;
  /** The module's debug information, that of a split unit's skeleton too: what names other units. */
  readonly program: DebugInformation;
  /**
   * The unit with all of its entries: for a skeleton its split unit, looked for now, where there is one that
   * fits; else the unit itself.
   */
  readonly complete: Unit;
  /** DWARF version, 2 to 5. */
  readonly version: number;
  /** Bytes of an address: 4 (wasm32) or 8 (wasm64). */
  readonly addressSize: number;
  /** Bytes of a section offset: 4 (32-bit DWARF) or 8. */
  readonly offsetSize: number;
  /** DW_LANG of the unit; undefined when it does not say. */
  readonly language: number | undefined;
  readonly producer: string | undefined;
  /** DW_AT_name and DW_AT_comp_dir of the root. */
  readonly name: string | undefined;
  readonly compilationDirectory: string | undefined;
  readonly root: Entry;
  entryAt(offset: SectionOffset): Entry;
  /** Entries of these tags at the unit's level and inside of scopes (namespaces, types); functions' own are not. */
  namedEntries(tags: ReadonlySet<number>, scopes: ReadonlySet<number>): NamedEntryPass;
  /** Address `index` of the unit's table in .debug_addr (DW_OP_addrx, constx); undefined when it has none. */
  addressAt(index: number): number | undefined;
  readonly lines: LineTable | undefined;
  /**
   * Macros (clang's -fdebug-macro, gcc's -g3): what the compiler itself and its command line define, and the unit's
   * files. Undefined where the unit has none, or where they cannot be read as a whole. Read when asked for.
   */
  readonly macros: MacroFile | undefined;
  /** Code that the unit covers; undefined when it does not say. */
  ranges(): readonly CodeRange[] | undefined;
  /** The concrete (out-of-line) subprogram that covers `pc`. */
  subprogramAt(pc: CodeOffset): Entry | undefined;
  /** All of those that say which code they cover, by ascending address: one with several ranges comes as often. */
  subprograms(): Iterable<Entry>;
  /** Variables at unit or namespace level with a location or constant; functions' static locals are not among them. */
  globalVariables(): readonly Entry[];
}

export interface SourceFile {
  /** As the line table composes it: directory joined to the name, comp_dir joined in front when relative. */
  readonly path: string;
  /** DW_LNCT_MD5, lower-case hex. */
  readonly md5: string | undefined;
  /** Source text embedded in the line table (DW_LNCT_LLVM_source). */
  readonly source: string | undefined;
}

/** A row of the line number matrix (DWARF 5 §6.2.2). */
export interface LineRow {
  readonly address: CodeOffset;
  readonly file: SourceFile | undefined;
  /** 1-based; 0 = no source line. */
  readonly line: number;
  /** 1-based; 0 = the left edge, unknown. */
  readonly column: number;
  readonly isStatement: boolean;
}

export interface LineTable {
  readonly files: readonly SourceFile[];
  /** File by the number that attributes (DW_AT_decl_file, DW_AT_call_file) use in this unit's version. */
  file(number: number): SourceFile | undefined;
  /** The row that covers `pc`, or undefined between sequences. */
  rowAt(pc: CodeOffset): LineRow | undefined;
  /** All rows in a range of code, for disassembly. */
  rowsIn(range: CodeRange): readonly LineRow[];
}

/** A preprocessor directive, at a line (1-based; 0 = given to the compiler) of the file that it stands in. */
export type MacroDirective = { readonly line: number } & (
  | {
      readonly kind: "define";
      /** The name, with `(a,b)` directly behind it where it takes arguments, a space, and what it stands for. */
      readonly text: string;
    }
  | { readonly kind: "undefine"; readonly name: string }
  | { readonly kind: "include"; readonly file: MacroFile }
);

/** What the preprocessor met in one inclusion of a file, from the top down. */
export interface MacroFile {
  /** Undefined for what stands in no file, and where the line table has no such file. */
  readonly file: SourceFile | undefined;
  readonly directives: readonly MacroDirective[];
}

export interface DwarfCounters {
  unitHeaders: number;
  /** Units of which more than the root entry was read. */
  units: number;
  entries: number;
  linePrograms: number;
}

/** The debug information of one module. */
export interface DebugInformation {
  readonly counters: DwarfCounters;
  /** Bytes of all entries that lie in this file. */
  readonly size: number;
  /** Whether what has to look through all units is done in steps (LongWork), by whoever awaits it in `settle`. */
  readonly inSteps: boolean;
  /** Problems met so far; what they touch is left out, the rest is sound. */
  readonly problems: readonly FormatError[];
  /** Those of this file: skeletons as they are. */
  units(): Iterable<Unit>;
  /** The unit whose code covers `pc`, complete. */
  unitAt(pc: CodeOffset): Unit | undefined;
  /** An entry by absolute offset in .debug_info, whatever its unit. */
  entryAt(offset: SectionOffset): Entry | undefined;
  /**
   * The definitions of exactly that name (or linkage name) by .debug_names: types, functions, and variables with a
   * place. Undefined where the program has no such index of all its units.
   */
  indexed(name: string): readonly Entry[] | undefined;
  /** The type of a type unit by its signature. */
  typeBySignature(signature: bigint): Entry | undefined;
}
