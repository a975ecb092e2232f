/**
 * A unit written as a tree of entries: abbreviations come by themselves, references are by label.
 *
 * ```ts
 * const { debug, entry } = assemble({}, [
 *   die(DW_TAG.base_type, [name("int"), udata(DW_AT.byte_size, 4)], [], "int"),
 *   die(DW_TAG.variable, [name("x"), ref(DW_AT.type, "int")]),
 * ]);
 * ```
 */
import { DW_AT, DW_FORM, DW_TAG } from "../../engine/dwarf/constants";
import { type DwarfDebugInformation, openDebugInformation } from "../../engine/dwarf/dwarf";
import type { Entry, Unit } from "../../engine/dwarf/model";
import { type AbbreviationSpec, DwarfAssembler, type SectionAssembler, type UnitSpec } from "./assembler";

export interface AttributeSpec {
  readonly at: number;
  readonly form: number;
  write(info: SectionAssembler, unit: string): void;
}

export interface EntrySpec {
  readonly tag: number;
  readonly attributes: readonly AttributeSpec[];
  readonly children: readonly EntrySpec[];
  /** What references call it. */
  readonly label: string | undefined;
}

export function die(
  tag: number,
  attributes: readonly AttributeSpec[] = [],
  children: readonly EntrySpec[] = [],
  label?: string,
): EntrySpec {
  return { tag, attributes, children, label };
}

export const name = (text: string): AttributeSpec => string(DW_AT.name, text);
export const string = (at: number, text: string): AttributeSpec => ({
  at,
  form: DW_FORM.string,
  write: (info) => info.cstring(text),
});
export const udata = (at: number, value: number | bigint): AttributeSpec => ({
  at,
  form: DW_FORM.udata,
  write: (info) => info.uleb(value),
});
export const sdata = (at: number, value: number | bigint): AttributeSpec => ({
  at,
  form: DW_FORM.sdata,
  write: (info) => info.sleb(value),
});
const DATA_FORMS = { 1: DW_FORM.data1, 2: DW_FORM.data2, 4: DW_FORM.data4, 8: DW_FORM.data8 } as const;
/** A number of fixed width, whose sign the form leaves open. */
export const data = (at: number, value: bigint, width: 1 | 2 | 4 | 8): AttributeSpec => ({
  at,
  form: DATA_FORMS[width],
  write: (info) => {
    for (let i = 0; i < width; i++) info.u8(Number((value >> BigInt(8 * i)) & 0xffn));
  },
});
export const data16 = (at: number, value: bigint): AttributeSpec => ({
  at,
  form: DW_FORM.data16,
  write: (info) => info.u64(value & 0xffff_ffff_ffff_ffffn).u64(value >> 64n),
});
export const flag = (at: number): AttributeSpec => ({ at, form: DW_FORM.flag_present, write: () => {} });
export const addr = (at: number, value: number): AttributeSpec => ({
  at,
  form: DW_FORM.addr,
  write: (info) => info.u32(value),
});
export const exprloc = (at: number, ...bytes: readonly number[]): AttributeSpec => ({
  at,
  form: DW_FORM.exprloc,
  write: (info) => info.block(...bytes),
});
export const block = (at: number, ...bytes: readonly number[]): AttributeSpec => ({
  at,
  form: DW_FORM.block,
  write: (info) => info.block(...bytes),
});
/** Another entry of the same unit. */
export const ref = (at: number, label: string): AttributeSpec => ({
  at,
  form: DW_FORM.ref4,
  write: (info, unit) => info.difference(unit, label),
});
/** An entry of any unit. */
export const refAddr = (at: number, label: string): AttributeSpec => ({
  at,
  form: DW_FORM.ref_addr,
  write: (info) => info.offset(label),
});
export const sectionOffset = (at: number, value: number): AttributeSpec => ({
  at,
  form: DW_FORM.sec_offset,
  write: (info) => info.u32(value),
});

export interface TreeSpec extends Omit<UnitSpec, "abbreviations"> {
  /** Of the unit's own entry. */
  readonly attributes?: readonly AttributeSpec[];
}

export interface Assembled {
  readonly debug: DwarfDebugInformation;
  readonly units: readonly Unit[];
  /** The entry with this name; the first in the order of the units. */
  entry(name: string): Entry;
}

/** Units one after the other, given as header and children; 32-bit DWARF with addresses of 4 bytes. */
export function assemble(
  units: readonly (readonly [TreeSpec, readonly EntrySpec[]])[],
  more: (dwarf: DwarfAssembler) => void = () => {},
  inSteps = false,
): Assembled {
  const dwarf = new DwarfAssembler();
  const abbreviations = new Map<string, AbbreviationSpec>();
  units.forEach(([spec, children], index) => {
    const root = die(DW_TAG.compile_unit, spec.attributes ?? [], children);
    dwarf.unit(spec, (info) => {
      writeEntry(root, info, `unit${index}`, abbreviations);
    });
  });
  dwarf.abbreviations(...abbreviations.values());
  more(dwarf);
  const debug = openDebugInformation(dwarf.sections(), { inSteps });
  const known = [...debug.units()];
  return {
    debug,
    units: known,
    entry: (wanted) =>
      find(
        known.map(({ root }) => root),
        wanted,
      ),
  };
}

function writeEntry(
  entry: EntrySpec,
  info: SectionAssembler,
  unit: string,
  abbreviations: Map<string, AbbreviationSpec>,
): void {
  const shape = entry.attributes.flatMap(({ at, form }) => [at, form]);
  const hasChildren = entry.children.length > 0 ? "yes" : "no";
  const key = [entry.tag, hasChildren, ...shape].join();
  let abbreviation = abbreviations.get(key);
  if (abbreviation === undefined) {
    abbreviation = [abbreviations.size + 1, entry.tag, hasChildren, shape];
    abbreviations.set(key, abbreviation);
  }
  if (entry.label !== undefined) info.label(entry.label);
  info.uleb(abbreviation[0]);
  for (const attribute of entry.attributes) attribute.write(info, unit);
  for (const child of entry.children) writeEntry(child, info, unit, abbreviations);
  if (entry.children.length > 0) info.u8(0);
}

function find(entries: Iterable<Entry>, wanted: string): Entry {
  const pending = [...entries];
  for (let entry = pending.shift(); entry !== undefined; entry = pending.shift()) {
    if (entry.name === wanted) return entry;
    pending.push(...entry.children());
  }
  throw new Error(`There is no entry ${wanted}`);
}
