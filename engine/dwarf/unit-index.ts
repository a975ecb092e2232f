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
  /** Low and high of each range of code of the entry at `offset`, tombstones left out. */
  codeRangesAt(offset: number): readonly number[];
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

class Pass {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly parents: number[] = [];
  private readonly code: number[] = [];
  private readonly globals: number[] = [];
  /** Indexes of the owners that are open, outermost first. */
  private readonly open: number[] = [];
  private entries = 0;
  /** How far the pass has come, from the unit's start: to an entry that it has not taken in yet, or the end. */
  private reached: number;

  constructor(
    private readonly unit: IndexedUnit,
    private readonly body: ByteReader,
    firstEntry: number,
  ) {
    this.reached = firstEntry - body.base;
  }

  run(): void {
    const { body, open, starts, ends, parents, globals } = this;
    const { bytes } = body;
    const { abbreviations } = this.unit;
    /** How many of the outermost open owners are namespaces. */
    let namespaces = 0;
    for (let at = this.reached; at < bytes.length; ) {
      const start = at;
      this.reached = start;
      let code = bytes[at++]!;
      if (code >= 0x80) {
        body.position = body.base + start;
        code = body.uleb();
        at = body.position - body.base;
      }
      if (code === 0) {
        const closed = open.pop();
        if (closed !== undefined) ends[closed] = at;
        if (open.length === 0) return;
        if (namespaces > open.length) namespaces = open.length;
        continue;
      }
      const attributes = at;
      const abbreviation = abbreviations.get(code);
      if (abbreviation === undefined) this.fail(`Abbreviation ${code} is not declared`);
      at = abbreviation.after(bytes, at);
      if (!(at <= bytes.length)) this.fail("The entry is malformed or reaches past the end of its unit");
      this.entries++;
      const { tag } = abbreviation;
      if (tag === DW_TAG.subprogram) {
        if (abbreviation.plainCode !== undefined) this.plainSubprogram(start, attributes, abbreviation);
        else if (abbreviation.hasCode) this.subprogram(start);
      } else if (namespaces === open.length && (tag === DW_TAG.variable || tag === DW_TAG.constant)) {
        const known =
          abbreviation.indexOf(DW_AT.location) >= 0 || abbreviation.indexOf(DW_AT.const_value) >= 0;
        if (known) globals.push(start);
      }
      if (abbreviation.hasChildren) {
        if (namespaces === open.length && NAMESPACES.has(tag)) namespaces++;
        parents.push(open.length === 0 ? starts.length : open[open.length - 1]!);
        open.push(starts.length);
        starts.push(start);
        ends.push(bytes.length);
      } else if (open.length === 0) return; // a root without children
    }
    this.reached = bytes.length;
  }

  private fail(problem: string): never {
    return this.body.fail(problem, undefined, this.body.base + this.reached);
  }

  /** What `subprogram` does, without an entry: nearly all of a unit's functions look alike. */
  private plainSubprogram(start: number, attributes: number, abbreviation: Abbreviation): void {
    const { bytes } = this.body;
    const { low, size } = abbreviation.plainCode!;
    const from = u32(bytes, abbreviation.locate(bytes, attributes, low));
    const length = u32(bytes, abbreviation.locate(bytes, attributes, size));
    if (length > 0 && !isDiscardedCode(from, 4)) this.code.push(from, from + length, start);
  }

  private subprogram(start: number): void {
    const ranges = attempt(() => this.unit.codeRangesAt(this.body.base + start));
    if (ranges instanceof FormatError) this.unit.report(ranges);
    else for (let i = 0; i < ranges.length; i += 2) this.code.push(ranges[i]!, ranges[i + 1]!, start);
  }

  /** What was found. Owners that a fault, or the unit's end, left open end there. */
  finish(): UnitIndex {
    for (const owner of this.open) this.ends[owner] = this.reached;
    return {
      entries: this.entries,
      subprograms: new IntervalTable(this.code),
      globals: Uint32Array.from(this.globals),
      owners: new Owners(
        Uint32Array.from(this.starts),
        Uint32Array.from(this.ends),
        Uint32Array.from(this.parents),
      ),
    };
  }
}

/** Four bytes that are there: the entry was stepped over before. */
function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
