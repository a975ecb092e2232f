/**
 * From an attribute's bytes to its value: every form of DWARF 2 to 5 and of the GNU and LLVM extensions
 * (DWARF 5 §7.5.5). Indexes are looked up and references made absolute, so that nobody above sees a form.
 */

import { sectionOffset } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import { DW_FORM, formName } from "./constants";
import { type Encoding, readAddress } from "./encoding";
import { readIndirectForm } from "./forms";
import type { AttributeValue } from "./model";

/** What forms refer to beyond their own bytes. */
export interface FormContext {
  readonly encoding: Encoding;
  /** Where the unit starts, which DW_FORM_ref1 to ref_udata count from. */
  readonly origin: number;
  /** .debug_str. */
  string(offset: number): string;
  /** .debug_line_str. */
  lineString(offset: number): string;
  /** .debug_str of the supplementary file; undefined when there is none. */
  supplementaryString(offset: number): string | undefined;
  /** .debug_str through .debug_str_offsets. */
  indexedString(index: number): string;
  /** .debug_addr. */
  indexedAddress(index: number): number;
  /** .debug_rnglists' offset of a list. */
  rangeListOffset(index: number): number;
  /** .debug_loclists' offset of a list. */
  locationListOffset(index: number): number;
}

const text = (value: string): AttributeValue => ({ kind: "string", value });
const address = (value: number): AttributeValue => ({ kind: "address", value });
const block = (bytes: Uint8Array): AttributeValue => ({ kind: "block", bytes });
const data = (value: bigint | number, size: number): AttributeValue => ({
  kind: "constant",
  value: BigInt(value),
  signed: false,
  size,
});
const offset = (value: number): AttributeValue => ({ kind: "section-offset", offset: sectionOffset(value) });
const reference = (value: number, supplementary = false): AttributeValue => ({
  kind: "reference",
  offset: sectionOffset(value),
  supplementary,
});

/**
 * Reads the value of an attribute; the reader stands at its first byte and moves past it. All of its bytes are
 * read before `context` is asked, which may have to read other attributes of the unit with the same reader.
 *
 * @param implicitConstant the abbreviation's value for DW_FORM_implicit_const
 * @returns undefined when the value is in a supplementary file that there is not
 */
export function readValue(
  reader: ByteReader,
  form: number,
  context: FormContext,
  implicitConstant?: bigint,
): AttributeValue | undefined {
  const { encoding, origin } = context;
  switch (form) {
    case DW_FORM.addr:
      return address(readAddress(reader, encoding.addressSize));
    case DW_FORM.addrx:
    case DW_FORM.GNU_addr_index:
      return address(context.indexedAddress(reader.uleb()));
    case DW_FORM.addrx1:
      return address(context.indexedAddress(reader.u8()));
    case DW_FORM.addrx2:
      return address(context.indexedAddress(reader.u16()));
    case DW_FORM.addrx3:
      return address(context.indexedAddress(reader.u24()));
    case DW_FORM.addrx4:
      return address(context.indexedAddress(reader.u32()));
    case DW_FORM.LLVM_addrx_offset: {
      const index = reader.uleb();
      const addend = reader.u32();
      return address(context.indexedAddress(index) + addend);
    }

    case DW_FORM.data1:
      return data(reader.u8(), 1);
    case DW_FORM.data2:
      return data(reader.u16(), 2);
    case DW_FORM.data4:
      return data(reader.u32(), 4);
    case DW_FORM.data8:
      return data(reader.u64(), 8);
    case DW_FORM.data16: {
      const low = reader.u64();
      return data(low | (reader.u64() << 64n), 16);
    }
    case DW_FORM.udata:
      return { kind: "constant", value: reader.ulebBig(), signed: false };
    case DW_FORM.sdata:
      return { kind: "constant", value: reader.slebBig(), signed: true };
    case DW_FORM.implicit_const:
      if (implicitConstant === undefined) return reader.fail("DW_FORM_implicit_const without its constant");
      return { kind: "constant", value: implicitConstant, signed: true };

    case DW_FORM.block1:
      return block(reader.take(reader.u8()));
    case DW_FORM.block2:
      return block(reader.take(reader.u16()));
    case DW_FORM.block4:
      return block(reader.take(reader.u32()));
    case DW_FORM.block:
      return block(reader.take(reader.uleb()));
    case DW_FORM.exprloc:
      return { kind: "exprloc", bytes: reader.take(reader.uleb()) };

    case DW_FORM.flag:
      return { kind: "flag", value: reader.u8() !== 0 };
    case DW_FORM.flag_present:
      return { kind: "flag", value: true };

    case DW_FORM.ref1:
      return reference(origin + reader.u8());
    case DW_FORM.ref2:
      return reference(origin + reader.u16());
    case DW_FORM.ref4:
      return reference(origin + reader.u32());
    case DW_FORM.ref8:
      return reference(origin + reader.u64Number());
    case DW_FORM.ref_udata:
      return reference(origin + reader.uleb());
    case DW_FORM.ref_addr:
      return reference(reader.unsigned(encoding.version <= 2 ? encoding.addressSize : encoding.offsetSize));
    case DW_FORM.ref_sup4:
      return reference(reader.u32(), true);
    case DW_FORM.ref_sup8:
      return reference(reader.u64Number(), true);
    case DW_FORM.GNU_ref_alt:
      return reference(reader.unsigned(encoding.offsetSize), true);
    case DW_FORM.ref_sig8:
      return { kind: "signature", value: reader.u64() };

    case DW_FORM.string:
      return text(reader.cstring());
    case DW_FORM.strp:
      return text(context.string(reader.unsigned(encoding.offsetSize)));
    case DW_FORM.line_strp:
      return text(context.lineString(reader.unsigned(encoding.offsetSize)));
    case DW_FORM.strx:
    case DW_FORM.GNU_str_index:
      return text(context.indexedString(reader.uleb()));
    case DW_FORM.strx1:
      return text(context.indexedString(reader.u8()));
    case DW_FORM.strx2:
      return text(context.indexedString(reader.u16()));
    case DW_FORM.strx3:
      return text(context.indexedString(reader.u24()));
    case DW_FORM.strx4:
      return text(context.indexedString(reader.u32()));
    case DW_FORM.strp_sup:
    case DW_FORM.GNU_strp_alt: {
      const found = context.supplementaryString(reader.unsigned(encoding.offsetSize));
      return found === undefined ? undefined : text(found);
    }

    case DW_FORM.sec_offset:
      return offset(reader.unsigned(encoding.offsetSize));
    case DW_FORM.rnglistx:
      return offset(context.rangeListOffset(reader.uleb()));
    case DW_FORM.loclistx:
      return offset(context.locationListOffset(reader.uleb()));

    case DW_FORM.indirect:
      return readIndirect(reader, context);
    default:
      return reader.fail(`${formName(form)} is not known`);
  }
}

/** DW_FORM_indirect: the form stands before the value, and with it an implicit constant. */
function readIndirect(reader: ByteReader, context: FormContext): AttributeValue | undefined {
  const form = readIndirectForm(reader);
  return readValue(reader, form, context, form === DW_FORM.implicit_const ? reader.slebBig() : undefined);
}
