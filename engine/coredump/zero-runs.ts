/**
 * Where memory is not zero: most of a crashed program's memory is, and a dump leaves it out.
 */

/** A run of bytes, in bytes from the start of what was searched. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * The runs of `bytes` that remain when every stretch of at least `minimumGap` zero bytes is left out.
 * Zeros at either end are always left out. Ascending; copies nothing.
 *
 * Every stretch of that length has one of each `minimumGap` bytes in it: where memory is not zero only those are looked
 * at, and where it is, whole words.
 */
export function runsWithoutZeros(bytes: Uint8Array, minimumGap: number): Run[] {
  const runs: Run[] = [];
  const { length } = bytes;
  const skipZeros = zeroSkipper(bytes);
  let start = skipZeros(0);
  for (let probe = start; start < length; probe += minimumGap) {
    if (probe < length && bytes[probe]) continue;
    let end = Math.min(probe, length);
    while (!bytes[end - 1]) end--;
    const resume = skipZeros(end);
    if (resume < length && resume - end < minimumGap) {
      probe = resume;
      continue;
    }
    runs.push({ start, end });
    probe = start = resume;
  }
  return runs;
}

/** A function that gives the index of the first non-zero byte at or after an index, or the length. */
function zeroSkipper(bytes: Uint8Array): (from: number) => number {
  const { buffer, byteOffset, length } = bytes;
  const lead = -byteOffset & 3; // bytes before the first aligned word
  const count = Math.floor((length - lead) / 16) * 4;
  const words = count > 0 ? new Int32Array(buffer, byteOffset + lead, count) : [];
  return (at) => {
    for (; ; at++) {
      if ((at - lead) % 16 === 0) {
        let word = (at - lead) / 4;
        while (word < count && !(words[word]! | words[word + 1]! | words[word + 2]! | words[word + 3]!))
          word += 4;
        at = lead + word * 4;
      }
      if (at >= length || bytes[at]) return at;
    }
  };
}
