/**
 * .debug_aranges: from code to units without a look at the units (DWARF 5 §6.1.2). Few producers for Wasm
 * write it, and those that do may leave units out, so a miss in it means nothing.
 */
import { attempt, FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { isDiscardedCode, readAddress, readInitialLength } from "./encoding";
import { IntervalTable } from "./intervals";

/** Code of the units that have a set; payload: the unit's offset in .debug_info. */
export function readAddressRanges(source: ByteSource, report: (problem: FormatError) => void): IntervalTable {
  const intervals: number[] = [];
  const reader = new ByteReader(source.read(0, source.size), source.name);
  const fault = attempt(() => {
    while (!reader.atEnd) {
      const start = reader.position;
      const { length, offsetSize } = readInitialLength(reader);
      const set = reader.sub(length);
      const version = set.u16();
      if (version !== 2) continue;
      const unit = set.unsigned(offsetSize);
      const addressSize = set.u8();
      const segmentSize = set.u8();
      if ((addressSize !== 4 && addressSize !== 8) || segmentSize !== 0) continue;
      // The first tuple is aligned to the size of a tuple, counted from the set's start.
      const tuple = 2 * addressSize;
      const header = set.position - start;
      set.skip(Math.min(set.remaining, (tuple - (header % tuple)) % tuple));
      while (set.remaining >= tuple) {
        const low = readAddress(set, addressSize);
        const size = readAddress(set, addressSize);
        if (low === 0 && size === 0) break;
        if (size > 0 && !isDiscardedCode(low, addressSize)) intervals.push(low, low + size, unit);
      }
    }
  });
  if (fault instanceof FormatError) report(fault);
  return new IntervalTable(intervals);
}
