/**
 * The calls that the compiler inlined at a pc: from one physical frame's function down to the innermost
 * inlined subroutine (DWARF 5 §3.3.8), and the lexical blocks that cover the pc in each of them.
 */
import type { CodeOffset } from "../bytes/offsets";
import { DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";

/** A subprogram or inlined subroutine that is active at a pc. */
export interface Activation {
  /** DW_TAG_subprogram or DW_TAG_inlined_subroutine. */
  readonly entry: Entry;
  /** Lexical blocks of it that cover the pc, outermost first. */
  readonly blocks: readonly Entry[];
}

/** Nesting that is followed; real code stays far below. */
const MAX_DEPTH = 512;

/** Outermost first: the subprogram itself, then each inlined call. */
export function activationsAt(subprogram: Entry, pc: CodeOffset): readonly Activation[] {
  const activations: { entry: Entry; blocks: Entry[] }[] = [{ entry: subprogram, blocks: [] }];
  let within: Entry | undefined = subprogram;
  for (let depth = 0; within !== undefined && depth < MAX_DEPTH; depth++) {
    within = childCovering(within, pc);
    if (within === undefined) break;
    if (within.tag === DW_TAG.inlined_subroutine) activations.push({ entry: within, blocks: [] });
    else activations.at(-1)!.blocks.push(within);
  }
  return activations;
}

function childCovering(entry: Entry, pc: CodeOffset): Entry | undefined {
  for (const child of entry.children()) {
    if (child.tag !== DW_TAG.inlined_subroutine && child.tag !== DW_TAG.lexical_block) continue;
    if (child.ranges().some((range) => range.low <= pc && pc < range.high)) return child;
  }
  return undefined;
}
