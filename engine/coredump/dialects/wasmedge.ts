/**
 * WasmEdge: since its rewrite of 2026-08 as the specification says, in an order of sections of its own and with
 * offsets that count from a body's first instruction, or in the layout that wasmgdb reads
 * (`--coredump-for-wasmgdb`); before, in an encoding of its own, where every value is a 32-bit word that calls
 * itself i32, globals have no value, and a frame records where it was called.
 */
import { FormatError } from "../../bytes/errors";
import { zeroFilled } from "../memory";
import { type FrameLayout, specifiedLayout } from "../stack";
import { areTrimmedChunks } from "./chunks";
import type { Dialect, Draft, Refined } from "./dialect";
import { onlyDeclaredTypes } from "./untyped";

const countsFirst: FrameLayout = { ...specifiedLayout, lists: "counts-first", values: "fixed" };

export const wasmedge: Dialect = {
  name: "wasmedge",
  producer: "WasmEdge since 2026-08",
  layout: specifiedLayout,
  positions: ["instructions", "body"],
  refine: (draft) => ordered(draft, areTrimmedChunks(draft.contents.data, draft.contents.segments)),
};

export const wasmedgeForWasmgdb: Dialect = {
  name: "wasmedge-wasmgdb",
  producer: "WasmEdge since 2026-08, for wasmgdb",
  layout: countsFirst,
  positions: ["instructions", "body"],
  refine: (draft) => ordered(draft, false),
};

const early: FrameLayout = { ...countsFirst, head: ["tag", "function", "offset"], mayEndEarly: true };
export const earlyWasmedge: Dialect = {
  name: "wasmedge-2024",
  producer: "WasmEdge before 2026-08",
  layout: early,
  positions: ["call-site"],
  // Names without their lengths, and a list of instances that is always empty.
  unusable: true,
  refine: refineEarly,
  adapt: onlyDeclaredTypes,
};

export const earlyWasmedgeForWasmgdb: Dialect = {
  name: "wasmedge-2024-wasmgdb",
  producer: "WasmEdge before 2026-08, for wasmgdb",
  layout: { ...early, lists: "operands-counted" },
  positions: ["call-site"],
  // Names without their lengths, and a list of instances that is always empty.
  unusable: true,
  refine: refineEarly,
  adapt: onlyDeclaredTypes,
};

/** @param whole whether what is not in the data is known to be zero */
function ordered(draft: Draft, whole: boolean): Refined {
  const order = draft.contents.file.sections.map(({ name }) => name).join();
  if (!/^(memory,)?(global,)?(data,)?core,coremodules,coreinstances,(corestack,?)+$/.test(order))
    refuse(draft);
  const { dump } = draft;
  const memories = whole && draft.contents.complete ? dump.memories.map(zeroFilled) : dump.memories;
  return { dump: { ...dump, memories }, score: 1, why: "sections in WasmEdge's order" };
}

function refineEarly(draft: Draft): Refined {
  const names = draft.contents.file.sections.map(({ name }) => name);
  const { dump } = draft;
  const values = dump.threads.flatMap(({ frames }) =>
    frames.flatMap(({ locals, stack }) => [...locals, ...stack]),
  );
  if (names.includes("data") || !names.includes("coremodules") || values.some(({ type }) => type !== "i32"))
    refuse(draft);
  return { dump, score: 0.9, why: "no data, and every value an i32, as WasmEdge wrote them" };
}

function refuse({ contents: { file } }: Draft): never {
  throw new FormatError("The sections are not as WasmEdge writes them", {
    section: file.source.name,
    offset: 0,
  });
}
