/**
 * Memory as text, 16 bytes a line: `0x000fff20  48 65 6c 6c 6f …  Hello…`. A byte that the core dump does not have is
 * `··`, never a zero.
 */

export const PER_LINE = 16;
const UNKNOWN = "··";

/**
 * @param start address of the first byte, a multiple of 16
 * @param bytes undefined for each that is not known
 */
export function hexDump(start: number, bytes: readonly (number | undefined)[]): string {
  const width = Math.max(8, (start + bytes.length).toString(16).length);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const row = bytes.slice(at, at + PER_LINE);
    const cells = row.map((byte) => (byte === undefined ? UNKNOWN : byte.toString(16).padStart(2, "0")));
    const halves = [cells.slice(0, 8).join(" "), cells.slice(8).join(" ")].join("  ");
    const text = row.map(character).join("");
    lines.push(`0x${(start + at).toString(16).padStart(width, "0")}  ${halves.padEnd(48)}  ${text}`);
  }
  return lines.join("\n");
}

const character = (byte: number | undefined): string =>
  byte === undefined ? " " : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";

/** Column of a byte's first digit in its line. @param end address of the last byte of the text plus 1 */
export function columnOf(byteInLine: number, end: number): number {
  const width = Math.max(8, end.toString(16).length);
  return 2 + width + 2 + 3 * byteInLine + (byteInLine >= 8 ? 1 : 0);
}
