/** The source lines of a function's or a block's code. */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry, SourceFile } from "../dwarf/model";

/** Lines of one file, 1-based, the last one included. */
export interface LineRange {
  readonly file: SourceFile;
  readonly startLine: number;
  readonly endLine: number;
}

/** Nesting of blocks that is followed; real code stays far below. */
const MAX_DEPTH = 512;

/**
 * First and last line of an entry's code: without what was inlined into it, which is written elsewhere, but with the
 * lines of the calls.
 * @param file that the lines are of; by itself, that of the first row
 * @returns undefined where no line of it is known
 */
export function linesOf(entry: Entry, file?: SourceFile): LineRange | undefined {
  const { lines } = entry.unit;
  if (lines === undefined) return undefined;
  const inlined = inlinedInto(entry, 0);
  const ranges = inlined.flatMap((call) => call.ranges());
  const isInlined = (at: number): boolean => ranges.some(({ low, high }) => low <= at && at < high);
  let wanted = file;
  let [startLine, endLine] = [Number.POSITIVE_INFINITY, 0];
  const take = (line: number, of: SourceFile | undefined): void => {
    if (line === 0 || of === undefined) return;
    wanted ??= of;
    if (of.path !== wanted.path) return;
    startLine = Math.min(startLine, line);
    endLine = Math.max(endLine, line);
  };
  for (const range of entry.ranges())
    for (const row of lines.rowsIn(range)) if (!isInlined(row.address)) take(row.line, row.file);
  for (const call of inlined) {
    const number = call.unsigned(DW_AT.call_file);
    if (number !== undefined) take(call.unsigned(DW_AT.call_line) ?? 0, lines.file(number));
  }
  return wanted === undefined || endLine === 0 ? undefined : { file: wanted, startLine, endLine };
}

/** The calls that were inlined into a function or block itself, not those inside of these. */
function inlinedInto(entry: Entry, depth: number): Entry[] {
  const found: Entry[] = [];
  if (depth === MAX_DEPTH) return found;
  for (const child of entry.children()) {
    if (child.tag === DW_TAG.inlined_subroutine) found.push(child);
    else if (child.tag === DW_TAG.lexical_block) found.push(...inlinedInto(child, depth + 1));
  }
  return found;
}
