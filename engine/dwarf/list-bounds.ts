/**
 * From where to where an entry of a DWARF 5 list goes: range lists and location lists say it alike (§7.25, §7.7.3), in
 * kinds that DW_RLE numbers, and DW_LLE as well but for its default location.
 */
import type { ByteReader } from "../bytes/reader";
import { DW_RLE } from "./constants";
import { addAddress, type Encoding, isTombstone, readAddress } from "./encoding";

/** What a list refers to beyond its own bytes. */
export interface ListContext {
  readonly encoding: Encoding;
  /** The unit's base address, which offsets count from until the list says otherwise; 0 when it has none. */
  readonly baseAddress: number;
  /** .debug_addr. */
  indexedAddress(index: number): number;
}

export class ListBounds {
  low = 0;
  high = 0;
  private base: number;

  constructor(
    private readonly reader: ByteReader,
    private readonly context: ListContext,
  ) {
    this.base = context.baseAddress;
  }

  /**
   * Reads what follows a kind: `low` and `high`, or another base. Of discarded code, `low` is a tombstone.
   * @param kind a DW_RLE other than the list's end
   * @returns whether the entry has bounds; undefined for a kind that is not known
   */
  read(kind: number): boolean | undefined {
    const { reader, context } = this;
    const size = context.encoding.addressSize;
    switch (kind) {
      case DW_RLE.base_addressx:
        this.base = context.indexedAddress(reader.uleb());
        return false;
      case DW_RLE.base_address:
        this.base = readAddress(reader, size);
        return false;
      case DW_RLE.startx_endx:
        this.low = context.indexedAddress(reader.uleb());
        this.high = context.indexedAddress(reader.uleb());
        return true;
      case DW_RLE.startx_length:
        this.low = context.indexedAddress(reader.uleb());
        this.high = this.low + reader.uleb();
        return true;
      case DW_RLE.offset_pair:
        this.low = addAddress(this.base, reader.uleb(), size);
        this.high = addAddress(this.base, reader.uleb(), size);
        if (isTombstone(this.base, size)) this.low = this.base;
        return true;
      case DW_RLE.start_end:
        this.low = readAddress(reader, size);
        this.high = readAddress(reader, size);
        return true;
      case DW_RLE.start_length:
        this.low = readAddress(reader, size);
        this.high = this.low + reader.uleb();
        return true;
      default:
        return undefined;
    }
  }
}
