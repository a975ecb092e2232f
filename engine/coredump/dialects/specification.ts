/**
 * The specification's own dialects (WebAssembly/tool-conventions, Coredump.md): as it stands, written by
 * wasm-tools, our own writer and Wasmtime; and as it stood before frames named their instance (2023-05-09),
 * and their function (2023-03-01).
 */
import { withNamedParts } from "../named-parts";
import { specifiedLayout } from "../stack";
import type { Dialect, Draft, Refined } from "./dialect";
import { isImage } from "./image";

export const specification: Dialect = {
  name: "specification",
  producer: "a tool that follows Coredump.md of 2023-05-09 or later",
  layout: specifiedLayout,
  positions: ["body", "instructions"],
  refine(draft) {
    const { producer, codeOffsets, problems = [] } = draft.dump.notes;
    const judged = judge(draft, draft.assumed ? 0.8 : 1);
    if (producer === undefined) return judged;
    const dump = { ...judged.dump, problems: [...judged.dump.problems, ...problems] };
    // Our own writers alone leave notes, and say so where their offsets are not as specified.
    const positions = [codeOffsets ?? "body"] as const;
    return { ...judged, dump, why: `${judged.why}; written by ${producer}`, positions };
  },
  adapt: withNamedParts,
};

export const specificationWithoutInstances: Dialect = {
  name: "specification-2023-03",
  producer: "a tool that follows Coredump.md of 2023-03-01 to 2023-05-08",
  layout: { ...specifiedLayout, head: ["tag", "function", "offset"] },
  positions: ["body", "instructions"],
  refine: (draft) => judge(draft, draft.assumed ? 0.7 : 0.3),
};

export const specificationWithoutFunctions: Dialect = {
  name: "specification-2023-02",
  producer: "a tool that follows Coredump.md of February 2023",
  layout: { ...specifiedLayout, head: ["offset"], reserved: true },
  positions: ["code-section", "file"],
  refine: (draft) => judge(draft, draft.assumed ? 0.6 : 0.3),
};

/** A memory image could be read by these rules, but its data would be at wrong addresses. */
function judge(draft: Draft, score: number): Refined {
  const why = draft.assumed
    ? "without coreinstances, so one module with one instance is assumed"
    : "coreinstances agree";
  return { dump: draft.dump, score: isImage(draft) ? score / 4 : score, why };
}
