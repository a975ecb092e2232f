/**
 * Wasmer (`--coredump-on-trap`), which writes frames through the crate wasm-coredump-builder: functions and
 * offsets, nothing else. Its memory of no pages and its empty segment say nothing of the program's memory.
 */
import { FormatError } from "../../bytes/errors";
import type { FrameLayout } from "../stack";
import type { Dialect, Draft, Refined } from "./dialect";

const layout: FrameLayout = {
  numbers: "leb",
  head: ["tag", "function", "offset"],
  lists: "counts-first",
  values: "fixed",
};

export const wasmer: Dialect = {
  name: "wasmer",
  producer: "Wasmer, with wasm-coredump-builder 0.1.14 or later",
  layout,
  positions: ["body", "instructions"],
  refine,
};

export const earlyWasmer: Dialect = {
  name: "wasmer-2023",
  producer: "Wasmer, with wasm-coredump-builder before 0.1.13",
  layout: { ...layout, head: ["function", "offset"], numbers: "fixed", sized: true, lists: "locals" },
  positions: ["body", "instructions"],
  refine,
};

function refine({ dump, contents: { file, data, segments } }: Draft): Refined {
  const order = file.sections.map(({ name }) => name).join();
  const bare = dump.threads.every(({ frames }) =>
    frames.every(({ locals, stack }) => locals.length === 0 && stack.length === 0),
  );
  const empty = data !== undefined && segments.every(({ length }) => length === 0);
  if (!/^core,(corestack,)+memory,data$/.test(order) || !bare || !empty || dump.memories[0]?.size !== 0) {
    throw new FormatError("The sections are not as Wasmer writes them", {
      section: file.source.name,
      offset: 0,
    });
  }
  const instances = dump.instances.map((instance) => ({ ...instance, memories: [undefined] }));
  return {
    dump: { ...dump, instances, memories: [] },
    score: 1,
    why: "frames without values beside a memory of no pages, as Wasmer writes them",
  };
}
