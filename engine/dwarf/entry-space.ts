/**
 * One number line for all entries. DWARF 4 keeps type units in a section of their own, .debug_types, whose
 * offsets would collide with .debug_info's; here they go on where .debug_info ends, so that an offset alone
 * identifies an entry.
 */
import { FormatError } from "../bytes/errors";
import type { ByteSource } from "../bytes/source";

export class JoinedSource implements ByteSource {
  constructor(
    private readonly first: ByteSource,
    private readonly second: ByteSource,
  ) {}

  get name(): string {
    return `${this.first.name}+${this.second.name}`;
  }

  get size(): number {
    return this.first.size + this.second.size;
  }

  read(offset: number, length: number): Uint8Array {
    const boundary = this.first.size;
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw new FormatError(`Need ${length} bytes, which lie outside`, { section: this.name, offset });
    }
    if (offset >= boundary) return this.second.read(offset - boundary, length);
    if (offset + length <= boundary) return this.first.read(offset, length);
    const joined = new Uint8Array(length);
    joined.set(this.first.read(offset, boundary - offset));
    joined.set(this.second.read(0, offset + length - boundary), boundary - offset);
    return joined;
  }
}
