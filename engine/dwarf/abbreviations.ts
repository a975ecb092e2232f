/**
 * .debug_abbrev (DWARF 5 §7.5.3): the shapes of a unit's entries.
 *
 * A table is parsed no further than the codes that were asked for, so that reading the root entries of a
 * thousand units costs a thousand first declarations. Each shape carries what stepping over its entries takes.
 */
import type { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { DW_AT, DW_CHILDREN, DW_FORM } from "./constants";
import type { Encoding } from "./encoding";
import { Step, stepFrom, stepOver } from "./forms";
import { readGrowing } from "./sections";

/** The shape of an entry: its tag, and its attributes with their forms. */
export class Abbreviation {
  /** Steps over all attributes: fixed widths summed up, see `Step` for the others. */
  private readonly steps: Int32Array;
  /** Bytes of all attributes; undefined when that differs from entry to entry. */
  readonly fixedSize: number | undefined;
  /** For each attribute, the bytes from the first attribute; -1 from the first one that is not fixed. */
  private readonly offsets: Int32Array;
  /** Whether entries of this shape say which code they cover. */
  readonly hasCode: boolean;
  /** Indexes of DW_AT_low_pc and of DW_AT_high_pc, where these are a 4-byte address and a 4-byte size. */
  readonly plainCode: { readonly low: number; readonly size: number } | undefined;

  /**
   * @param attributes DW_AT of each attribute
   * @param forms DW_FORM of each attribute
   * @param implicitConstants values of those with DW_FORM_implicit_const, by index
   */
  constructor(
    readonly tag: number,
    readonly hasChildren: boolean,
    readonly attributes: Int32Array,
    readonly forms: Int32Array,
    readonly implicitConstants: ReadonlyMap<number, bigint> | undefined,
    private readonly encoding: Encoding,
    private readonly each: Int32Array,
  ) {
    const steps: number[] = [];
    this.offsets = new Int32Array(each.length);
    let offset = 0;
    for (let i = 0; i < each.length; i++) {
      const step = each[i]!;
      this.offsets[i] = offset;
      const last = steps.length - 1;
      if (step < 0) {
        steps.push(step);
        offset = -1;
        continue;
      }
      if (offset >= 0) offset += step;
      if (step === 0) continue;
      if (last >= 0 && steps[last]! > 0) steps[last]! += step;
      else steps.push(step);
    }
    this.steps = Int32Array.from(steps);
    this.fixedSize = offset >= 0 ? offset : undefined;
    const low = attributes.indexOf(DW_AT.low_pc);
    const size = attributes.indexOf(DW_AT.high_pc);
    const ranges = attributes.includes(DW_AT.ranges);
    this.hasCode = low >= 0 || ranges;
    const plain = forms[low] === DW_FORM.addr && forms[size] === DW_FORM.data4 && encoding.addressSize === 4;
    this.plainCode = plain && !ranges ? { low, size } : undefined;
  }

  /** Index of an attribute, -1 when the entry has none. */
  indexOf(attribute: number): number {
    return this.attributes.indexOf(attribute);
  }

  /**
   * Index of attribute number `index` in `bytes`, the first attribute being at `start`. Past the end of
   * `bytes`, or NaN, when the entry is malformed.
   */
  locate(bytes: Uint8Array, start: number, index: number): number {
    const { offsets } = this;
    let known = index;
    while (offsets[known]! < 0) known--;
    let at = start + offsets[known]!;
    for (let i = known; i < index; i++) at = stepFrom(bytes, at, this.each[i]!, this.encoding);
    return at;
  }

  /** Index after the last attribute, likewise. */
  after(bytes: Uint8Array, start: number): number {
    const { steps, encoding } = this;
    let at = start;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      if (step >= 0) at += step;
      // Nearly every expression is shorter than 128 bytes.
      else if (step === Step.block && bytes[at]! < 0x80) at += 1 + bytes[at]!;
      else at = stepFrom(bytes, at, step, encoding);
    }
    return at;
  }
}

/** One unit's table; parsed as far as was asked. */
export class AbbreviationTable {
  /** By code, when codes run from 1 upwards as every known producer writes them. */
  private readonly dense: (Abbreviation | undefined)[] = [undefined];
  private readonly sparse = new Map<number, Abbreviation>();
  /** Where the next declaration starts; undefined after the last. */
  private next: number | undefined;

  constructor(
    private readonly source: ByteSource,
    offset: number,
    private readonly encoding: Encoding,
  ) {
    this.next = offset;
  }

  /** The shape with this code; undefined when the table has none. */
  get(code: number): Abbreviation | undefined {
    const known = this.dense[code] ?? this.sparse.get(code);
    return known ?? (this.next === undefined ? undefined : this.parseUntil(code));
  }

  private parseUntil(code: number): Abbreviation | undefined {
    while (this.next !== undefined) {
      const start = this.next;
      const declared = readGrowing(this.source, start, (reader) => this.declaration(reader));
      this.next = declared?.end;
      if (declared === undefined) return undefined;
      const { abbreviation } = declared;
      // A code that is declared twice keeps its first meaning.
      if (declared.code === this.dense.length) this.dense.push(abbreviation);
      else if (this.dense[declared.code] === undefined && !this.sparse.has(declared.code))
        this.sparse.set(declared.code, abbreviation);
      if (declared.code === code) return this.dense[code] ?? this.sparse.get(code);
    }
    return undefined;
  }

  private declaration(
    reader: ByteReader,
  ): { code: number; abbreviation: Abbreviation; end: number } | undefined {
    const code = reader.uleb();
    if (code === 0) return undefined;
    const tag = reader.uleb();
    const hasChildren = reader.u8() === DW_CHILDREN.yes;
    const attributes: number[] = [];
    const forms: number[] = [];
    const steps: number[] = [];
    let constants: Map<number, bigint> | undefined;
    for (;;) {
      const attribute = reader.uleb();
      const form = reader.uleb();
      if (attribute === 0 && form === 0) break;
      if (form === DW_FORM.implicit_const) {
        constants ??= new Map();
        constants.set(forms.length, reader.slebBig());
      }
      attributes.push(attribute);
      forms.push(form);
      steps.push(stepOver(form, this.encoding));
    }
    const abbreviation = new Abbreviation(
      tag,
      hasChildren,
      Int32Array.from(attributes),
      Int32Array.from(forms),
      constants,
      this.encoding,
      Int32Array.from(steps),
    );
    return { code, abbreviation, end: reader.position };
  }
}
