/**
 * What a function declares where a frame stands. A copy of a function, inlined or not, leaves out what it has lost of
 * the abstract one that it comes from (DWARF 5 §3.3.8): a variable without a location, and a block without variables.
 * It is the program's all the same, and hides other variables of its name.
 */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import type { Activation } from "./inlining";

/** Nesting of blocks that is followed; real code stays far below. */
const MAX_DEPTH = 512;

/** Variables of one scope: the function's own, or those of a lexical block with the blocks around it that were lost. */
export interface DeclaredIn {
  readonly scope: Entry;
  readonly variables: readonly Entry[];
}

/** The formal parameters of a function, those that the compiler dropped from this copy included. */
export const parametersOf = (entry: Entry): readonly Entry[] => declared(entry, DW_TAG.formal_parameter);

/** Variables of the function and of each lexical block of it that the frame stands in, outermost first. */
export function localsOf({ entry, blocks }: Activation): readonly DeclaredIn[] {
  return [entry, ...blocks].map((scope, index, all) => ({
    scope,
    variables: [...lostBetween(all[index - 1], scope), ...declared(scope, DW_TAG.variable)],
  }));
}

/** Children of one tag that are variables of their own (a declaration is completed elsewhere), lost ones last. */
export function declared(scope: Entry, tag: number): readonly Entry[] {
  const origin = originOf(scope);
  const own = ownOf(scope, tag);
  if (origin === undefined) return own;
  const kept = new Set(Array.from(scope.children(), (child) => originOf(child)?.offset));
  return [...own, ...ownOf(origin, tag).filter(({ offset }) => !kept.has(offset))];
}

/** Variables of abstract blocks around a block of a copy of which the copy has none. */
function lostBetween(outer: Entry | undefined, inner: Entry): readonly Entry[] {
  const end = outer && originOf(outer)?.offset;
  const lost: Entry[][] = [];
  let block = originOf(inner)?.parent;
  if (end === undefined || block === undefined) return [];
  for (let depth = 0; block?.tag === DW_TAG.lexical_block && block.offset !== end; depth++) {
    if (depth === MAX_DEPTH) return [];
    lost.unshift(ownOf(block, DW_TAG.variable));
    block = block.parent;
  }
  return lost.flat();
}

const originOf = (entry: Entry): Entry | undefined =>
  entry.own(DW_AT.abstract_origin) && entry.reference(DW_AT.abstract_origin);

const ownOf = (scope: Entry, tag: number): Entry[] =>
  Array.from(scope.children()).filter(
    (child) => child.tag === tag && !child.flag(DW_AT.declaration) && child.name !== undefined,
  );
