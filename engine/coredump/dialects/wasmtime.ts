/**
 * Wasmtime (`-D coredump`, `Config::coredump_on_trap`), which names no producer and is known by the order of its
 * sections, its one thread, frames without values and trimmed data. It has all of every memory, writes null for
 * each reference, leaves shared memories out of an instance's list without leaving a gap, where a module has
 * several instances calls the last one the frame's, counts a memory's pages without saying how large they are, and where a branch guards an `unreachable`, makes one
 * conditional trap of both that stands at the branch.
 */
import { attempt, FormatError } from "../../bytes/errors";
import type { BodyOffset } from "../../bytes/offsets";
import { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import { pageSize, unknownOffset } from "../encoding";
import { resized, zeroFilled } from "../memory";
import type { CoreDump, CoreFrame, CoreInstance, CoreThread } from "../model";
import type { ModuleOfInstance } from "../placement";
import { specifiedLayout } from "../stack";
import { areTrimmedChunks, chunk } from "./chunks";
import type { Dialect, Draft, Refined } from "./dialect";

const sectionOrder = ["core", "memory", "global", "data", "coremodules", "coreinstances", "corestack"];

/** Frames that Wasmtime records unless it is told otherwise (`wasm_backtrace_max_frames`). */
const usualLimit = 20;

export const wasmtime: Dialect = {
  name: "wasmtime",
  producer: "Wasmtime",
  layout: specifiedLayout,
  positions: ["body"],
  refine,
  adapt: (dump, moduleOf) =>
    standAtTrap(countOwnPages(restoreSharedMemories(dump, moduleOf), moduleOf), moduleOf),
};

function refine(draft: Draft): Refined {
  const { dump } = draft;
  const { file, data, segments, complete } = draft.contents;
  const [thread] = dump.threads;
  const isWasmtime =
    file.sections.map(({ name }) => name).join() === sectionOrder.join() &&
    thread?.name === "main" &&
    thread.frames.every(({ locals, stack }) => locals.length === 0 && stack.length === 0) &&
    areTrimmedChunks(data, segments);
  if (!isWasmtime) {
    throw new FormatError("The sections and data are not laid out as Wasmtime does", {
      section: file.source.name,
      offset: 0,
    });
  }
  const memories = complete ? dump.memories.map(zeroFilled) : dump.memories;
  const { threads, problems } = cut(thread, dump);
  return {
    dump: shareInstances({ ...dump, threads, memories, problems }),
    score: 1,
    why: "sections and data as Wasmtime lays them out",
  };
}

/** Says of a stack as long as those that Wasmtime cuts that it may be one: in its thread's name, and as a problem. */
function cut(
  thread: CoreThread,
  { threads, problems }: Draft["dump"],
): Pick<CoreDump, "threads" | "problems"> {
  if (thread.frames.length !== usualLimit) return { threads, problems };
  return {
    threads: [{ ...thread, name: `${thread.name} (the ${usualLimit} youngest frames)` }],
    problems: [
      ...problems,
      `The stack has ${usualLimit} frames, as many as Wasmtime records by default: older ones may be missing. ` +
        "A host that embeds it can have more (Config::wasm_backtrace_max_frames)",
    ],
  };
}

// Several instances of one module

/**
 * Where a module has several instances, it is not known which one a frame belongs to. Such frames get an
 * instance of which only that is known in which all of them agree.
 */
function shareInstances(dump: Draft["dump"]): Draft["dump"] {
  const instances: CoreInstance[] = [...dump.instances];
  const shared = new Map<number, number>();
  dump.modules.forEach(({ name }, module) => {
    const all = dump.instances.filter((instance) => instance.module === module);
    if (all.length < 2) return;
    shared.set(module, instances.length);
    instances.push(agreement(module, all));
    dump = { ...dump, problems: [...dump.problems, ambiguous(name, all.length)] };
  });
  if (shared.size === 0) return dump;
  const place = (frame: CoreFrame): CoreFrame => {
    const instance = shared.get(dump.instances[frame.instance]?.module ?? -1);
    return instance === undefined ? frame : { ...frame, instance };
  };
  const threads = dump.threads.map((thread) => ({ ...thread, frames: thread.frames.map(place) }));
  return { ...dump, instances, threads };
}

function agreement(module: number, all: readonly CoreInstance[]): CoreInstance {
  const [first, ...others] = all as [CoreInstance, ...CoreInstance[]];
  const agreed = (list: "memories" | "globals") =>
    first[list].map((index, i) => (others.every((other) => other[list][i] === index) ? index : undefined));
  return { module, memories: agreed("memories"), globals: agreed("globals") };
}

const ambiguous = (name: string, count: number): string =>
  `${name} has ${count} instances, and Wasmtime does not say which one a frame belongs to: ` +
  "memories and globals that are not the same in all of them are left out";

// Shared memories

/** Puts the memories of an instance to their places: those that are shared are in the module, not in the dump. */
function restoreSharedMemories(dump: CoreDump, moduleOf: ModuleOfInstance): CoreDump {
  const instances = dump.instances.map((instance, index): CoreInstance => {
    const declared = moduleOf(index)?.memories ?? [];
    const listed = declared.filter(({ shared }) => !shared).length;
    if (listed === declared.length || instance.memories.length !== listed) return instance;
    let next = 0;
    return {
      ...instance,
      memories: declared.map(({ shared }) => (shared ? undefined : instance.memories[next++])),
    };
  });
  return { ...dump, instances };
}

// Pages of another size

/**
 * The memories in pages of their own size (custom page sizes proposal). Wasmtime drops what does not fill its
 * last chunk: such a memory's gaps are not known to be zero.
 */
function countOwnPages(dump: CoreDump, moduleOf: ModuleOfInstance): CoreDump {
  const memories = [...dump.memories];
  dump.instances.forEach((instance, index) => {
    moduleOf(index)?.memories.forEach((declared, position) => {
      const recorded = instance.memories[position];
      const memory = recorded === undefined ? undefined : dump.memories[recorded];
      if (memory === undefined || declared.pageSize === pageSize) return;
      const size = (memory.size / pageSize) * declared.pageSize;
      memories[recorded!] = resized(memory, size, memory.gapsAreZero && size % chunk === 0);
    });
  });
  return { ...dump, memories };
}

// Conditional traps

/**
 * The youngest frame at the `unreachable` that trapped, where Wasmtime has it at the branch before. Without the code it
 * is not known whether it has.
 */
function standAtTrap(dump: CoreDump, moduleOf: ModuleOfInstance): CoreDump {
  const threads = dump.threads.map((thread) => {
    const [youngest, ...callers] = thread.frames;
    const module = youngest && moduleOf(youngest.instance);
    if (youngest === undefined || module === undefined) return thread;
    const offset =
      module.codeSection === undefined ? unknownOffset : attempt(() => guardedTrap(youngest, module));
    if (offset === undefined || offset instanceof FormatError) return thread;
    return { ...thread, frames: [{ ...youngest, offset }, ...callers] };
  });
  return { ...dump, threads };
}

/** Where the `unreachable` is that follows the frame's `br_if` or begins one arm of its `if`. */
function guardedTrap(frame: CoreFrame, module: WasmModule): BodyOffset | undefined {
  const code = FunctionCode.of(module, frame.functionIndex);
  let depth = 0;
  let armBegins = false;
  for (const { offset, mnemonic } of code?.instructions() ?? []) {
    if (offset < frame.offset) continue;
    if (offset === frame.offset) {
      if (mnemonic !== "br_if" && mnemonic !== "if") return undefined;
      depth = mnemonic === "if" ? 1 : 0;
      armBegins = true;
    } else {
      if (armBegins && mnemonic === "unreachable") return offset;
      armBegins = depth === 1 && mnemonic === "else";
      if (/^(block|loop|if|try|try_table)$/.test(mnemonic)) depth++;
      else if (mnemonic === "end") depth--;
      if (depth <= 0) return undefined;
    }
  }
  return undefined;
}
