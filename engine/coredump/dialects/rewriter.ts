/**
 * wasm-coredump-rewriter, which makes a module write its own dump: four encodings in two years. Integers have
 * their full width, counts stand before the lists, no operand is ever written, and from 0.1.9 to 0.1.12 a
 * frame's code offset is always 0.
 */
import type { FrameLayout } from "../stack";
import type { Dialect, Draft, Refined } from "./dialect";
import { imageMemory, isImage, withoutPlaceholders } from "./image";
import { onlyDeclaredTypes } from "./untyped";

const layout: FrameLayout = {
  numbers: "leb",
  head: ["tag", "instance", "function", "offset"],
  lists: "counts-first",
  values: "fixed",
};
const early: FrameLayout = { ...layout, numbers: "fixed", sized: true, lists: "locals" };

export const rewriter: Dialect = {
  name: "rewriter-0.2.2",
  producer: "wasm-coredump-rewriter 0.2.2",
  layout,
  positions: ["instructions", "body"],
  refine,
};

export const rewriterWithoutInstances: Dialect = {
  name: "rewriter-0.1.14",
  producer: "wasm-coredump-rewriter 0.1.14 to 0.2.1",
  layout: { ...layout, head: ["tag", "function", "offset"] },
  positions: ["section", "none"],
  refine,
};

export const rewriterWithWords: Dialect = {
  name: "rewriter-0.1.9",
  producer: "wasm-coredump-rewriter 0.1.9 to 0.1.12",
  layout: { ...early, head: ["function", "offset"] },
  positions: ["none", "section"],
  refine,
};

export const firstRewriter: Dialect = {
  name: "rewriter-0.1.1",
  producer: "wasm-coredump-rewriter before 0.1.9",
  layout: { ...early, head: ["function"], values: "words" },
  positions: ["none"],
  refine,
  adapt: onlyDeclaredTypes,
};

function refine(draft: Draft): Refined {
  const { dump } = draft;
  const threads = dump.threads.map((thread) => ({
    ...thread,
    frames: thread.frames.map(withoutPlaceholders),
  }));
  if (!isImage(draft))
    return { dump: { ...dump, threads }, score: 0.5, why: "frames as instrumented code writes them" };
  const problems = dump.problems.filter((problem) => problem !== draft.contents.strayData);
  const instances = dump.instances.map((instance) => ({ ...instance, memories: [0] }));
  return {
    dump: { ...dump, threads, instances, memories: [imageMemory(draft)], problems },
    score: 1,
    certain: true,
    why: "a memory image that instrumented code wrote",
  };
}
