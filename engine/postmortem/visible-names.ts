/**
 * Which variable a name means on each line of a frame's function, for values beside the lines. One that another
 * shadows means something else on the lines above, and one of a block that has ended is no variable any more.
 *
 * DWARF tells it by lexical blocks (DWARF 5 §3.5) and the lines of declarations: a variable is named on the line that
 * declares it, and from there on wherever its block has code. (In Rust the block of a `let` begins behind its
 * statement, whose other lines still mean what was there before.)
 */
import type { CodeOffset } from "../bytes/offsets";
import { DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import type { Variable } from "../values/model";
import { linesOf } from "./code-lines";
import { declarationOf } from "./declarations";
import { declared, parametersOf } from "./declared";
import type { Lines, VisibleName, VisibleNames } from "./model";

/** Nesting that is followed; real code stays far below. */
const MAX_DEPTH = 512;

/**
 * @param entry the frame's DW_TAG_subprogram or DW_TAG_inlined_subroutine
 * @param pc where the frame stands
 * @param variableOf the variable of an entry that the frame sees
 * @returns undefined where no line of the function is known
 * @throws FormatError
 */
export function visibleNames(
  entry: Entry,
  pc: CodeOffset,
  variableOf: (entry: Entry) => Variable,
): VisibleNames | undefined {
  const whole = linesOf(entry);
  if (whole === undefined) return undefined;
  const { file } = whole;
  const lineOf = (described: Entry): number | undefined => {
    const declaration = declarationOf(described);
    return declaration?.file.path === file.path ? declaration.line : undefined;
  };
  const first = lineOf(entry) ?? whole.startLine;
  const lines = { startLine: first, endLine: Math.max(first, whole.endLine) };
  /** Whether a function is written inside of these lines: not where they begin, as the function itself is. */
  const isInside = (line: number | undefined): line is number =>
    line !== undefined && line > lines.startLine && line <= lines.endLine;
  const names: VisibleName[] = [];
  const inner: Lines[] = [];

  const add = (variables: readonly Entry[], block: Lines, live: boolean): void => {
    for (const variable of variables) {
      const line = lineOf(variable) ?? block.startLine;
      names.push({
        name: variable.name!,
        extent: {
          declared: line,
          startLine: Math.max(line, block.startLine),
          endLine: Math.max(line, block.endLine),
        },
        variable: live ? variableOf(variable) : undefined,
      });
    }
  };
  const addScope = (scope: Entry, block: Lines, live: boolean, depth: number): void => {
    add(declared(scope, DW_TAG.variable), block, live);
    if (depth === MAX_DEPTH) return;
    for (const child of scope.children()) {
      if (child.tag === DW_TAG.lexical_block)
        addScope(child, linesOf(child, file) ?? block, live && covers(child, pc), depth + 1);
      if (child.tag === DW_TAG.inlined_subroutine) addInner(child, depth + 1);
    }
  };
  const addInner = (of: Entry, depth: number): void => {
    const line = lineOf(of);
    if (!isInside(line)) return;
    const block = { startLine: line, endLine: linesOf(of, file)?.endLine ?? lines.endLine };
    if (block.endLine > line) inner.push({ startLine: line + 1, endLine: block.endLine });
    add(parametersOf(of), block, false);
    addScope(of, block, false, depth);
  };

  add(parametersOf(entry), lines, true);
  addScope(entry, lines, true, 0);
  for (const other of entry.unit.subprograms()) addInner(other, 0);
  return { file, lines, names, inner };
}

const covers = (entry: Entry, pc: CodeOffset): boolean =>
  entry.ranges().some(({ low, high }) => low <= pc && pc < high);
