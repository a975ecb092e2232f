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
 * Zeros at either end are always left out. Ascending; reads each byte once, copies nothing.
 */
export function runsWithoutZeros(bytes: Uint8Array, minimumGap: number): Run[] {
  const runs: Run[] = [];
  const next = zeroSkipper(bytes);
  let start = next(0);
  while (start < bytes.length) {
    let end = start + 1;
    let resume = next(end);
    while (resume < bytes.length && resume - end < minimumGap) {
      end = resume + 1;
      resume = next(end);
    }
    runs.push({ start, end });
    start = resume;
  }
  return runs;
}

/** A function that gives the index of the first non-zero byte at or after an index, or the length. */
function zeroSkipper(bytes: Uint8Array): (from: number) => number {
  const lead = (4 - (bytes.byteOffset & 3)) & 3; // bytes before the first aligned word
  const words = bytes.length > lead ? (bytes.length - lead) >>> 2 : 0;
  const view = words > 0 ? new Int32Array(bytes.buffer, bytes.byteOffset + lead, words) : new Int32Array(0);
  return (from) => {
    let at = from;
    while (at < bytes.length) {
      if (bytes[at] !== 0) return at;
      at++;
      if (at < lead || ((at - lead) & 3) !== 0) continue;
      let word = (at - lead) >>> 2;
      while (word < words && view[word] === 0) word++;
      at = lead + word * 4;
    }
    return bytes.length;
  };
}
