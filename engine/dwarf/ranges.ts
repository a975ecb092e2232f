/**
 * Range lists: .debug_ranges of DWARF 2 to 4 (DWARF 4 §2.17.3) and .debug_rnglists of DWARF 5 (§7.25).
 */
import type { ByteReader } from "../bytes/reader";
import { DW_RLE } from "./constants";
import { addAddress, allOnes, type Encoding, isDiscardedCode, isTombstone, readAddress } from "./encoding";

/** What a list refers to beyond its own bytes. */
export interface ListContext {
  readonly encoding: Encoding;
  /** The unit's base address, which offsets count from until the list says otherwise; 0 when it has none. */
  readonly baseAddress: number;
  /** .debug_addr. */
  indexedAddress(index: number): number;
}

/**
 * Appends low and high of each range to `into`; empty ranges and those of discarded code are left out.
 *
 * @param reader stands at the list's first entry
 */
export function readRangeList(reader: ByteReader, context: ListContext, into: number[]): void {
  if (context.encoding.version >= 5) readRnglist(reader, context, into);
  else readRanges(reader, context, into);
}

function add(into: number[], low: number, high: number, addressSize: number): void {
  if (low < high && !isDiscardedCode(low, addressSize)) into.push(low, high);
}

/** DWARF 2 to 4: pairs of addresses; (0, 0) ends the list and (all ones, a) makes `a` the base. */
function readRanges(reader: ByteReader, context: ListContext, into: number[]): void {
  const size = context.encoding.addressSize;
  let base = context.baseAddress;
  for (;;) {
    const begin = readAddress(reader, size);
    const end = readAddress(reader, size);
    if (begin === 0 && end === 0) return;
    if (begin === allOnes(size)) base = end;
    else if (!isTombstone(base, size) && !isTombstone(begin, size))
      add(into, addAddress(base, begin, size), addAddress(base, end, size), size);
  }
}

function readRnglist(reader: ByteReader, context: ListContext, into: number[]): void {
  const size = context.encoding.addressSize;
  let base = context.baseAddress;
  for (;;) {
    const start = reader.position;
    const kind = reader.u8();
    switch (kind) {
      case DW_RLE.end_of_list:
        return;
      case DW_RLE.base_addressx:
        base = context.indexedAddress(reader.uleb());
        break;
      case DW_RLE.base_address:
        base = readAddress(reader, size);
        break;
      case DW_RLE.startx_endx: {
        const low = context.indexedAddress(reader.uleb());
        add(into, low, context.indexedAddress(reader.uleb()), size);
        break;
      }
      case DW_RLE.startx_length: {
        const low = context.indexedAddress(reader.uleb());
        add(into, low, low + reader.uleb(), size);
        break;
      }
      case DW_RLE.offset_pair: {
        const low = addAddress(base, reader.uleb(), size);
        const high = addAddress(base, reader.uleb(), size);
        if (!isTombstone(base, size)) add(into, low, high, size);
        break;
      }
      case DW_RLE.start_end: {
        const low = readAddress(reader, size);
        add(into, low, readAddress(reader, size), size);
        break;
      }
      case DW_RLE.start_length: {
        const low = readAddress(reader, size);
        add(into, low, low + reader.uleb(), size);
        break;
      }
      default:
        reader.fail(`Range list entry of unknown kind ${kind}`, undefined, start);
    }
  }
}
