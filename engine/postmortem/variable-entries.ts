/** The variables of a function in its debug information, those of its blocks and of calls inlined into it included. */
import { DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";

/** Entries of a function that are looked at, and how deep blocks and inlined calls are followed. */
const MAX_ENTRIES = 10_000;
const MAX_DEPTH = 64;

const BLOCKS: ReadonlySet<number> = new Set([DW_TAG.lexical_block, DW_TAG.inlined_subroutine]);
const VARIABLES: ReadonlySet<number> = new Set([DW_TAG.variable, DW_TAG.formal_parameter]);

export function* variableEntries(subprogram: Entry): Iterable<Entry> {
  const pending: { readonly entry: Entry; readonly depth: number }[] = [{ entry: subprogram, depth: 0 }];
  let seen = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const child of next.entry.children()) {
      if (++seen > MAX_ENTRIES) return;
      if (BLOCKS.has(child.tag) && next.depth < MAX_DEPTH)
        pending.push({ entry: child, depth: next.depth + 1 });
      if (VARIABLES.has(child.tag)) yield child;
    }
  }
}
