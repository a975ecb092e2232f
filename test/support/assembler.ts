/**
 * A labelled assembler for DWARF sections, so that a test spells out the very bytes that it is about.
 *
 * ```ts
 * const dwarf = new DwarfAssembler();
 * dwarf.abbreviations([1, DW_TAG.compile_unit, "no", [DW_AT.name, DW_FORM.string]]);
 * dwarf.unit({ version: 4 }, (info) => info.uleb(1).cstring("a.c"));
 * const sections = dwarf.sections();
 * ```
 *
 * A label is a name for an offset in the section where it stands; it may be used before it stands anywhere,
 * and from other sections.
 */
import { type ByteSource, MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { DW_FORM, DW_UT } from "../../engine/dwarf/constants";
import type { DwarfSections } from "../../engine/dwarf/sections";

/** Bytes of a field that holds an offset or an address. */
export type Width = 1 | 2 | 4 | 8;

interface Fixup {
  readonly position: number;
  readonly width: Width;
  readonly value: () => number;
}

/** One section being written. */
export class SectionAssembler {
  private readonly writer = new ByteWriter();
  private readonly fixups: Fixup[] = [];

  constructor(private readonly labels: Map<string, number>) {}

  get position(): number {
    return this.writer.length;
  }

  /** Names the present offset. */
  label(name: string): this {
    if (this.labels.has(name)) throw new Error(`Label ${name} stands twice`);
    this.labels.set(name, this.position);
    return this;
  }

  /** A number of `width` bytes. */
  number(value: number, width: Width): this {
    const { writer } = this;
    if (width === 1) writer.u8(value);
    else if (width === 2) writer.u16(value);
    else if (width === 4) writer.u32(value);
    else writer.u64(BigInt(value));
    return this;
  }

  /** A label's offset in its section, plus `addend`. */
  offset(label: string, width: Width = 4, addend = 0): this {
    return this.later(width, () => this.valueOf(label) + addend);
  }

  /** Bytes from one label to another. */
  difference(from: string, to: string, width: Width = 4): this {
    return this.later(width, () => this.valueOf(to) - this.valueOf(from));
  }

  /** An initial length (DWARF 5 §7.4) that reaches to the label `end`. */
  initialLength(end: string, offsetSize: 4 | 8 = 4): this {
    if (offsetSize === 8) this.u32(0xffffffff);
    const after = this.position + offsetSize;
    return this.later(offsetSize, () => this.valueOf(end) - after);
  }

  private valueOf(label: string): number {
    const value = this.labels.get(label);
    if (value === undefined) throw new Error(`Label ${label} stands nowhere`);
    return value;
  }

  private later(width: Width, value: () => number): this {
    this.fixups.push({ position: this.position, width, value });
    return this.number(0, width);
  }

  u8(value: number): this {
    return this.number(value, 1);
  }
  u16(value: number): this {
    return this.number(value, 2);
  }
  u32(value: number): this {
    return this.number(value, 4);
  }
  u64(value: bigint): this {
    this.writer.u64(value);
    return this;
  }
  uleb(...values: readonly (number | bigint)[]): this {
    for (const value of values) this.writer.uleb(value);
    return this;
  }
  sleb(value: number | bigint): this {
    this.writer.sleb(value);
    return this;
  }
  bytes(...bytes: readonly number[]): this {
    this.writer.bytes(bytes);
    return this;
  }
  cstring(text: string): this {
    this.writer.cstring(text);
    return this;
  }
  /** A block: its length (ULEB128) and its bytes, as DW_FORM_exprloc and DW_FORM_block have it. */
  block(...bytes: readonly number[]): this {
    return this.uleb(bytes.length).bytes(...bytes);
  }

  /** The bytes, labels resolved. */
  finish(): Uint8Array {
    const bytes = this.writer.finish().slice();
    const view = new DataView(bytes.buffer);
    for (const { position, width, value } of this.fixups) {
      const number = value();
      if (width === 1) view.setUint8(position, number);
      else if (width === 2) view.setUint16(position, number, true);
      else if (width === 4) view.setUint32(position, number, true);
      else view.setBigUint64(position, BigInt(number), true);
    }
    return bytes;
  }
}

/** Code, tag, whether there are children, and attribute, form (and constant for implicit_const) in a row. */
export type AbbreviationSpec = readonly [
  code: number,
  tag: number,
  children: "yes" | "no",
  attributes: readonly number[],
];

export interface UnitSpec {
  readonly version?: 2 | 3 | 4 | 5;
  readonly addressSize?: 4 | 8;
  readonly offsetSize?: 4 | 8;
  /** A DW_UT; compile when absent. */
  readonly unitType?: number;
  /** Label of its table in .debug_abbrev; the section's start when absent. */
  readonly abbreviations?: string;
  readonly signature?: bigint;
  /** Label of a type unit's type. */
  readonly typeEntry?: string;
  readonly section?: ".debug_info" | ".debug_types" | ".debug_info.dwo";
}

export class DwarfAssembler {
  private readonly labels = new Map<string, number>();
  private readonly assemblers = new Map<string, SectionAssembler>();
  private unitCount = 0;

  /** The section with this name; it comes to be when it is first asked for. */
  section(name: string): SectionAssembler {
    let section = this.assemblers.get(name);
    if (section === undefined) {
      section = new SectionAssembler(this.labels);
      this.assemblers.set(name, section);
    }
    return section;
  }

  /** A whole table in .debug_abbrev. */
  abbreviations(...specs: readonly AbbreviationSpec[]): this {
    const section = this.section(".debug_abbrev");
    for (const [code, tag, children, attributes] of specs) {
      section.uleb(code, tag).u8(children === "yes" ? 1 : 0);
      for (let i = 0; i < attributes.length; i += 2) {
        section.uleb(attributes[i]!, attributes[i + 1]!);
        if (attributes[i + 1] === DW_FORM.implicit_const) section.sleb(attributes[++i + 1]!);
      }
      section.uleb(0, 0);
    }
    section.u8(0);
    return this;
  }

  /** A unit: its header, then what `body` writes. Its start has the label `unit0`, `unit1`, … */
  unit(spec: UnitSpec, body: (info: SectionAssembler) => void): this {
    const { version = 5, addressSize = 4, offsetSize = 4, unitType = DW_UT.compile } = spec;
    const info = this.section(spec.section ?? ".debug_info");
    const name = `unit${this.unitCount++}`;
    info.label(name).initialLength(`${name} end`, offsetSize).u16(version);
    const table = (): void => {
      if (spec.abbreviations === undefined) info.number(0, offsetSize);
      else info.offset(spec.abbreviations, offsetSize);
    };
    if (version >= 5) {
      info.u8(unitType).u8(addressSize);
      table();
    } else {
      table();
      info.u8(addressSize);
    }
    if (spec.signature !== undefined) info.u64(spec.signature);
    if (spec.typeEntry !== undefined) info.difference(name, spec.typeEntry, offsetSize);
    body(info);
    info.label(`${name} end`);
    return this;
  }

  /** What was written, as the engine takes it. */
  sections(): DwarfSections {
    const sources = new Map<string, ByteSource>();
    for (const [name, section] of this.assemblers)
      sources.set(name, new MemorySource(name, section.finish()));
    return { section: (name) => sources.get(name) };
  }
}
