/**
 * Location lists: which expression tells where a variable is at a pc. .debug_loc of DWARF 2 to 4 (DWARF 4
 * §2.6.2, §7.7.3), its variant in split files before DWARF 5, and .debug_loclists (DWARF 5 §7.7.3).
 */
import type { ByteReader } from "../bytes/reader";
import { DW_LLE, DW_LLE_GNU } from "./constants";
import { addAddress, allOnes, isTombstone, readAddress } from "./encoding";
import { ListBounds, type ListContext } from "./list-bounds";

/** An entry of a list: the code it is for (`undefined`: wherever no other entry says), and its expression. */
export interface LocationListEntry {
  readonly low: number;
  readonly high: number;
  readonly isDefault: boolean;
  readonly expression: Uint8Array;
}

/**
 * The entries of a list, one after the other, those of discarded code left out.
 *
 * @param reader stands at the list's first entry
 * @param split whether the list is of a split file (.dwo), which before DWARF 5 had an encoding of its own
 */
export function locationListEntries(
  reader: ByteReader,
  context: ListContext,
  split: boolean,
): Iterable<LocationListEntry> {
  if (context.encoding.version >= 5) return loclistEntries(reader, context);
  return split ? splitLocEntries(reader, context) : locEntries(reader, context);
}

/** What the list says for `pc`: by the first entry that covers it, else by the default one. */
export function locationFor(
  entries: Iterable<LocationListEntry>,
  pc: number | undefined,
): LocationListEntry | undefined {
  let fallback: LocationListEntry | undefined;
  for (const entry of entries) {
    if (entry.isDefault) fallback ??= entry;
    else if (pc !== undefined && pc >= entry.low && pc < entry.high) return entry;
  }
  return fallback;
}

/** An expression for a range of code; undefined when the code is discarded. */
function bounded(
  low: number,
  high: number,
  expression: Uint8Array,
  size: number,
): LocationListEntry | undefined {
  return isTombstone(low, size) ? undefined : { low, high, isDefault: false, expression };
}

function* locEntries(reader: ByteReader, context: ListContext): Iterable<LocationListEntry> {
  const size = context.encoding.addressSize;
  let base = context.baseAddress;
  for (;;) {
    const begin = readAddress(reader, size);
    const end = readAddress(reader, size);
    if (begin === 0 && end === 0) return;
    if (begin === allOnes(size)) {
      base = end;
      continue;
    }
    const expression = reader.take(reader.u16());
    if (isTombstone(base, size) || isTombstone(begin, size)) continue;
    const low = addAddress(base, begin, size);
    yield { low, high: addAddress(base, end, size), isDefault: false, expression };
  }
}

/** DWARF 4's split files: like DWARF 5, with a 4-byte length and a 2-byte expression size (GNU DebugFission). */
function* splitLocEntries(reader: ByteReader, context: ListContext): Iterable<LocationListEntry> {
  const size = context.encoding.addressSize;
  let base = context.baseAddress;
  for (;;) {
    const start = reader.position;
    const kind = reader.u8();
    let low: number;
    let high: number;
    switch (kind) {
      case DW_LLE_GNU.end_of_list_entry:
        return;
      case DW_LLE_GNU.base_address_selection_entry:
        base = context.indexedAddress(reader.uleb());
        continue;
      case DW_LLE_GNU.start_end_entry:
        low = context.indexedAddress(reader.uleb());
        high = context.indexedAddress(reader.uleb());
        break;
      case DW_LLE_GNU.start_length_entry:
        low = context.indexedAddress(reader.uleb());
        high = low + reader.u32();
        break;
      case DW_LLE.offset_pair:
        low = addAddress(base, reader.u32(), size);
        high = addAddress(base, reader.u32(), size);
        break;
      default:
        return reader.fail(`Location list entry of unknown kind ${kind}`, undefined, start);
    }
    const entry = bounded(low, high, reader.take(reader.u16()), size);
    if (entry !== undefined) yield entry;
  }
}

function* loclistEntries(reader: ByteReader, context: ListContext): Iterable<LocationListEntry> {
  const size = context.encoding.addressSize;
  const bounds = new ListBounds(reader, context);
  for (;;) {
    const start = reader.position;
    const kind = reader.u8();
    switch (kind) {
      case DW_LLE.end_of_list:
        return;
      case DW_LLE.GNU_view_pair:
        reader.skipLeb();
        reader.skipLeb();
        continue;
      case DW_LLE.default_location:
        yield { low: 0, high: 0, isDefault: true, expression: reader.take(reader.uleb()) };
        continue;
    }
    // Behind the default location, which range lists do not have, the kinds are numbered one higher.
    const isBounded = bounds.read(kind > DW_LLE.default_location ? kind - 1 : kind);
    if (isBounded === undefined)
      return reader.fail(`Location list entry of unknown kind ${kind}`, undefined, start);
    if (!isBounded) continue;
    const entry = bounded(bounds.low, bounds.high, reader.take(reader.uleb()), size);
    if (entry !== undefined) yield entry;
  }
}
