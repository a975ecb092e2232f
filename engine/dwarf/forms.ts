/**
 * How wide each form is, and how to step over it without decoding (DWARF 5 §7.5.6).
 *
 * Nearly every entry is stepped over, not read, so the forms of an abbreviation are compiled once into a
 * short list of steps: fixed widths are summed up, and only what carries its own length stays apart.
 */
import type { ByteReader } from "../bytes/reader";
import { DW_FORM } from "./constants";
import type { Encoding } from "./encoding";

/** Steps that are no fixed widths; a step of 0 or more is a number of bytes. */
export const Step = {
  leb: -1,
  cstring: -2,
  block1: -3,
  block2: -4,
  block4: -5,
  block: -6,
  indirect: -7,
  /** ULEB128 and then 4 bytes (DW_FORM_LLVM_addrx_offset). */
  lebAndFour: -8,
  /** A form that is not known: nothing after it in the entry, nor any entry after it, can be found. */
  unknown: -9,
} as const;

/** The step over a form: a number of bytes, or one of `Step`. */
export function stepOver(form: number, encoding: Encoding): number {
  switch (form) {
    case DW_FORM.flag_present:
    case DW_FORM.implicit_const:
      return 0;
    case DW_FORM.data1:
    case DW_FORM.flag:
    case DW_FORM.ref1:
    case DW_FORM.strx1:
    case DW_FORM.addrx1:
      return 1;
    case DW_FORM.data2:
    case DW_FORM.ref2:
    case DW_FORM.strx2:
    case DW_FORM.addrx2:
      return 2;
    case DW_FORM.strx3:
    case DW_FORM.addrx3:
      return 3;
    case DW_FORM.data4:
    case DW_FORM.ref4:
    case DW_FORM.ref_sup4:
    case DW_FORM.strx4:
    case DW_FORM.addrx4:
      return 4;
    case DW_FORM.data8:
    case DW_FORM.ref8:
    case DW_FORM.ref_sup8:
    case DW_FORM.ref_sig8:
      return 8;
    case DW_FORM.data16:
      return 16;
    case DW_FORM.addr:
      return encoding.addressSize;
    case DW_FORM.ref_addr:
      return encoding.version <= 2 ? encoding.addressSize : encoding.offsetSize;
    case DW_FORM.sec_offset:
    case DW_FORM.strp:
    case DW_FORM.line_strp:
    case DW_FORM.strp_sup:
    case DW_FORM.GNU_ref_alt:
    case DW_FORM.GNU_strp_alt:
      return encoding.offsetSize;
    case DW_FORM.sdata:
    case DW_FORM.udata:
    case DW_FORM.ref_udata:
    case DW_FORM.strx:
    case DW_FORM.addrx:
    case DW_FORM.loclistx:
    case DW_FORM.rnglistx:
    case DW_FORM.GNU_addr_index:
    case DW_FORM.GNU_str_index:
      return Step.leb;
    case DW_FORM.string:
      return Step.cstring;
    case DW_FORM.block1:
      return Step.block1;
    case DW_FORM.block2:
      return Step.block2;
    case DW_FORM.block4:
      return Step.block4;
    case DW_FORM.block:
    case DW_FORM.exprloc:
      return Step.block;
    case DW_FORM.indirect:
      return Step.indirect;
    case DW_FORM.LLVM_addrx_offset:
      return Step.lebAndFour;
    default:
      return Step.unknown;
  }
}

/** Levels of DW_FORM_indirect that are followed: one is legal, more is nonsense. */
const MAX_INDIRECT = 4;

/** The form that DW_FORM_indirect names; the reader moves past the name. */
export function readIndirectForm(reader: ByteReader): number {
  for (let i = 0; i < MAX_INDIRECT; i++) {
    const form = reader.uleb();
    if (form !== DW_FORM.indirect) return form;
  }
  return reader.fail("DW_FORM_indirect leads to itself");
}

/**
 * The index after one step from index `at`, on raw bytes since this runs for every entry of a unit. It does
 * not throw: where the bytes end too early, or a form is not known, the result is past the end or NaN, which
 * the caller must check once for all steps.
 */
export function stepFrom(bytes: Uint8Array, at: number, step: number, encoding: Encoding): number {
  switch (step) {
    case Step.leb:
      return afterLeb(bytes, at);
    case Step.cstring: {
      const end = bytes.indexOf(0, at);
      return end < 0 ? Number.NaN : end + 1;
    }
    case Step.block1:
      return at + 1 + (bytes[at] ?? Number.NaN);
    case Step.block2:
      return at + 2 + littleEndian(bytes, at, 2);
    case Step.block4:
      return at + 4 + littleEndian(bytes, at, 4);
    case Step.block:
      return afterLeb(bytes, at) + uleb(bytes, at);
    case Step.lebAndFour:
      return afterLeb(bytes, at) + 4;
    case Step.indirect: {
      let next = at;
      for (let i = 0; i < MAX_INDIRECT; i++) {
        const form = uleb(bytes, next);
        next = afterLeb(bytes, next);
        // Here the constant stands in the entry, not in the abbreviation.
        if (form === DW_FORM.implicit_const) return afterLeb(bytes, next);
        if (form !== DW_FORM.indirect) return stepFrom(bytes, next, stepOver(form, encoding), encoding);
      }
      return Number.NaN;
    }
    case Step.unknown:
      return Number.NaN;
    default:
      return at + step;
  }
}

function afterLeb(bytes: Uint8Array, at: number): number {
  let next = at;
  while (bytes[next++]! >= 0x80);
  return next;
}

function uleb(bytes: Uint8Array, at: number): number {
  let value = 0;
  let scale = 1;
  for (let next = at; ; next++) {
    const byte = bytes[next] ?? Number.NaN;
    value += (byte & 0x7f) * scale;
    if (!(byte >= 0x80)) return byte < 0x80 ? value : Number.NaN;
    scale *= 128;
  }
}

function littleEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? Number.NaN);
  return value;
}
