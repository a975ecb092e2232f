/** What DW_AT_producer tells of how far a compiler's locations can be trusted (DWARF 5 §3.1.1). */

/** Compilers by their own name and number: the first release that came with LLVM 17, as [major, minor]. */
const WITH_LLVM_17: readonly (readonly [release: RegExp, since: readonly [number, number]])[] = [
  [/\bclang version (\d+)\.(\d+)/, [17, 0]],
  [/\brustc version (\d+)\.(\d+)/, [1, 73]],
  [/^zig (\d+)\.(\d+)/, [0, 12]],
];

/**
 * Whether the compiler ends the location of a variable in a Wasm local where `local.set` brings the local another
 * value. LLVM does since 17: before, its pass that lets values share a local left the locations of both to the end
 * of the block. A compiler that is not known is taken for one that does not.
 */
export function endsLocationsAtSets(producer: string | undefined): boolean {
  for (const [release, [major, minor]] of WITH_LLVM_17) {
    const found = release.exec(producer ?? "");
    if (found === null) continue;
    const difference = Number(found[1]) - major;
    return difference > 0 || (difference === 0 && Number(found[2]) >= minor);
  }
  return false;
}
