/**
 * One pass over a unit's entries, and what it leaves behind: which entries own which (parents, and where an
 * entry's children end), the code of its subprograms, and its global variables.
 *
 * The pass steps over attributes without decoding them, except for those of subprograms with code. All that
 * stays is flat arrays of unit-relative offsets.
 */
import { attempt, FormatError } from "../bytes/errors";
import type { ByteReader } from "../bytes/reader";
import type { Abbreviation, AbbreviationTable } from "./abbreviations";
import { DW_AT, DW_TAG } from "./constants";
import { isDiscardedCode } from "./encoding";
import { IntervalTable } from "./intervals";
import type { RangeList } from "./ranges";

/** Tags whose entries are members of the program as a whole, so that variables in them are globals. */
const NAMESPACES: ReadonlySet<number> = new Set([
  DW_TAG.compile_unit,
  DW_TAG.partial_unit,
  DW_TAG.type_unit,
  DW_TAG.skeleton_unit,
  DW_TAG.namespace,
  DW_TAG.module,
]);

export interface UnitIndex {
  /** Entries seen. */
  readonly entries: number;
  /** Code of concrete subprograms; payload: the entry's offset in the unit. */
  readonly subprograms: IntervalTable;
  /** Offsets in the unit of variables at unit and namespace level that have a location or a constant value. */
  readonly globals: Uint32Array;
  readonly owners: Owners;
}

/** Entries with children, in the order of the bytes; all offsets are relative to the unit. */
export class Owners {
  constructor(
    private readonly starts: Uint32Array,
    /** After the null entry that ends the children. */
    private readonly ends: Uint32Array,
    /** Index of the owner's own owner; the root's is itself. */
    private readonly parents: Uint32Array,
  ) {}

  /** Index of the last owner that starts before `offset`, or at it; -1 when there is none. */
  private lastBy(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Offset of the entry that owns the one at `offset`; undefined for the root. */
  ownerOf(offset: number): number | undefined {
    let index = this.lastBy(offset - 1);
    while (index > 0 && this.ends[index]! <= offset) index = this.parents[index]!;
    return index >= 0 && this.ends[index]! > offset ? this.starts[index] : undefined;
  }

  /** Where the children of the entry at `offset` end; undefined when it has none. */
  endOf(offset: number): number | undefined {
    const index = this.lastBy(offset);
    return index >= 0 && this.starts[index] === offset ? this.ends[index] : undefined;
  }
}

/** What the pass asks of its unit. */
export interface IndexedUnit {
  readonly abbreviations: AbbreviationTable;
  /** The code of the entry at `offset`, tombstones left out; undefined when it does not say. */
  codeRangesAt(offset: number): RangeList | undefined;
  report(problem: FormatError): void;
}

/**
 * Makes the index of a unit. A malformed entry ends the pass; what came before it is kept, and the fault
 * reported.
 *
 * @param body the unit's bytes, from its header on
 * @param firstEntry where the root entry is, in the reader's space
 */
export function indexUnit(unit: IndexedUnit, body: ByteReader, firstEntry: number): UnitIndex {
  const pass = new Pass(unit, body, firstEntry);
  const fault = attempt(() => pass.run());
  if (fault instanceof FormatError) unit.report(fault);
  return pass.finish();
}

/** What an entry adds to the index, besides what it owns. */
const Role = {
  none: 0,
  /** A subprogram that says which code it covers. */
  subprogram: 1,
  /** A variable with a location, or a constant: a global one if only namespaces own it. */
  global: 2,
  /** An owner of globals. */
  namespace: 3,
} as const;

/** What the pass knows of the entries of an abbreviation. */
interface Shape {
  readonly abbreviation: Abbreviation;
  readonly role: number;
  /** Bytes of all attributes; -1 when that differs from entry to entry. */
  readonly size: number;
  readonly hasChildren: boolean;
}

function shapeOf(abbreviation: Abbreviation): Shape {
  const { tag, hasChildren, hasCode, fixedSize } = abbreviation;
  let role: number = Role.none;
  if (tag === DW_TAG.subprogram && hasCode) role = Role.subprogram;
  else if ((tag === DW_TAG.variable || tag === DW_TAG.constant) && hasValue(abbreviation)) role = Role.global;
  else if (NAMESPACES.has(tag) && hasChildren) role = Role.namespace;
  return { abbreviation, role, size: fixedSize ?? -1, hasChildren };
}

function hasValue(abbreviation: Abbreviation): boolean {
  return abbreviation.indexOf(DW_AT.location) >= 0 || abbreviation.indexOf(DW_AT.const_value) >= 0;
}

class Pass {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly parents: number[] = [];
  private readonly code: number[] = [];
  private readonly globals: number[] = [];
  /** Indexes of the owners that are open, outermost first, and how many they are. */
  private readonly open: number[] = [];
  private depth = 0;
  /** How many of the outermost open owners are namespaces. */
  private namespaces = 0;
  /** By abbreviation code, for those of one or two bytes. */
  private readonly shapes: (Shape | undefined)[] = [];
  private entries = 0;
  /** How far the pass came, from the unit's start: to an entry that it did not take in, or the end. */
  private reached: number;

  constructor(
    private readonly unit: IndexedUnit,
    private readonly body: ByteReader,
    firstEntry: number,
  ) {
    this.reached = firstEntry - body.base;
  }

  run(): void {
    // The first entry is the root: once it is closed, the unit is over.
    do this.takeIn();
    while (this.depth > 0 && !this.passOver());
  }

  /**
   * Takes in entries of known shapes that own others at most, up to one that does not.
   *
   * Compiling a long loop just in time takes longer than most units take without, so this one is short; it
   * leaves what few entries need, and faults, to `takeIn`.
   *
   * @returns whether the unit is over
   */
  private passOver(): boolean {
    const { starts, ends, parents, open, shapes } = this;
    const { bytes } = this.body;
    let { reached, depth } = this;
    while (reached < bytes.length && depth > 0) {
      let at = reached;
      let code = bytes[at++]!;
      if (code === 0) {
        ends[open[--depth]!] = at;
        if (this.namespaces > depth) this.namespaces = depth;
        reached = at;
        continue;
      }
      if (code >= 0x80) code = (code & 0x7f) | (bytes[at++]! << 7);
      const shape = shapes[code];
      if (shape === undefined || shape.role !== Role.none) break;
      at = shape.size >= 0 ? at + shape.size : shape.abbreviation.after(bytes, at);
      if (!(at <= bytes.length)) break;
      this.entries++;
      if (shape.hasChildren) {
        const owner = starts.length;
        parents.push(open[depth - 1]!);
        open[depth++] = owner;
        starts.push(reached);
        ends.push(0);
      }
      reached = at;
    }
    this.reached = reached;
    this.depth = depth;
    return depth === 0 || reached === bytes.length;
  }

  /** Takes in the next entry. */
  private takeIn(): void {
    const { body, reached: start } = this;
    const { bytes, base } = body;
    body.position = base + start;
    const code = body.uleb();
    if (code === 0) return;
    const shape = this.shapes[code] ?? this.shape(code);
    const attributes = body.position - base;
    const next = shape.abbreviation.after(bytes, attributes);
    if (!(next <= bytes.length)) this.fail("The entry is malformed or reaches past the end of its unit");
    this.entries++;
    const { depth } = this;
    if (shape.role === Role.subprogram) this.subprogram(start, attributes, shape.abbreviation);
    else if (shape.role === Role.global && this.namespaces === depth) this.globals.push(start);
    else if (shape.role === Role.namespace && this.namespaces === depth) this.namespaces++;
    if (shape.hasChildren) {
      const owner = this.starts.length;
      this.parents.push(depth === 0 ? owner : this.open[depth - 1]!);
      this.open[this.depth++] = owner;
      this.starts.push(start);
      this.ends.push(0);
    }
    this.reached = next;
  }

  private shape(code: number): Shape {
    const abbreviation = this.unit.abbreviations.get(code);
    if (abbreviation === undefined) this.fail(`Abbreviation ${code} is not declared`);
    const shape = shapeOf(abbreviation);
    if (code < 0x4000) this.shapes[code] = shape;
    return shape;
  }

  private fail(problem: string): never {
    return this.body.fail(problem, undefined, this.body.base + this.reached);
  }

  private subprogram(start: number, attributes: number, abbreviation: Abbreviation): void {
    if (abbreviation.plainCode !== undefined) {
      this.plainSubprogram(start, attributes, abbreviation, abbreviation.plainCode);
      return;
    }
    const ranges = attempt(() => this.unit.codeRangesAt(this.body.base + start));
    if (ranges instanceof FormatError) this.unit.report(ranges);
    else for (const { low, high } of ranges?.toArray() ?? []) this.code.push(low, high, start);
  }

  /** What `subprogram` does, without an entry: nearly all of a unit's functions look alike. */
  private plainSubprogram(
    start: number,
    attributes: number,
    abbreviation: Abbreviation,
    { low, size }: NonNullable<Abbreviation["plainCode"]>,
  ): void {
    const { bytes } = this.body;
    const from = u32(bytes, abbreviation.locate(bytes, attributes, low));
    const length = u32(bytes, abbreviation.locate(bytes, attributes, size));
    if (length > 0 && !isDiscardedCode(from, 4)) this.code.push(from, from + length, start);
  }

  /** What was found. Owners that a fault, or the unit's end, left open end there. */
  finish(): UnitIndex {
    for (const owner of this.open.slice(0, this.depth)) this.ends[owner] = this.reached;
    return {
      entries: this.entries,
      subprograms: new IntervalTable(this.code),
      globals: new Uint32Array(this.globals),
      owners: new Owners(
        new Uint32Array(this.starts),
        new Uint32Array(this.ends),
        new Uint32Array(this.parents),
      ),
    };
  }
}

/** Four bytes that are there: the entry was stepped over before. */
function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
