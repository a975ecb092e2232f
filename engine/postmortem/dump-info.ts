/**
 * What a core dump is and has, in one plain object: who wrote it and how that was told, its threads, modules,
 * instances, memories with what of them is present, globals. It is what `wasm-postmortem info --json` prints.
 */
import type { CoreDump, CoreFrame, CoreMemory, RecordedValue } from "../coredump/model";
import { unknownOffset } from "../coredump/placement";
import { type Contradiction, contradictions } from "./contradictions";
import type { Crash } from "./model";

export interface DumpInfo {
  readonly format: "wasm-postmortem.info";
  readonly version: 1;
  readonly dialect: {
    readonly name: string;
    readonly why: string;
    readonly others: readonly { readonly name: string; readonly why: string }[];
  };
  /** As the dump says; null where it does not. */
  readonly producer: string | null;
  readonly executable: string;
  readonly error: string | null;
  readonly buildId: string | null;
  readonly threads: readonly ThreadInfo[];
  readonly modules: readonly ModuleInfo[];
  readonly instances: readonly InstanceInfo[];
  readonly memories: readonly MemoryInfo[];
  readonly globals: readonly GlobalInfo[];
  readonly tables: readonly TableInfo[];
  readonly warnings: readonly string[];
}

export interface ThreadInfo {
  readonly name: string;
  /** Youngest first, as recorded: inlined calls are not told apart. Long stacks are cut. */
  readonly frames: readonly FrameInfo[];
  readonly frameCount: number;
}

export interface FrameInfo {
  readonly instance: number;
  readonly functionIndex: number;
  /** Null without the module, or where neither it nor its debug information names the function. */
  readonly function: string | null;
  /** Bytes from the start of the function's body; null where the dump does not tell. */
  readonly offset: number | null;
  /** How many locals and operands were recorded, missing ones not counted. */
  readonly locals: number;
  readonly operands: number;
  /** Recorded locals that differ from what code and memory tell (docs/RECOVERY.md); 0 without the module. */
  readonly contradictions: number;
}

export interface ModuleInfo {
  readonly name: string;
  /** The file that was given for it; null without one. */
  readonly path: string | null;
  readonly buildId: string | null;
}

export interface InstanceInfo {
  readonly module: number;
  /** For each memory and global of the module, which of the dump's; null where it is not in the dump. */
  readonly memories: readonly (number | null)[];
  readonly globals: readonly (number | null)[];
  /** The same of tables; empty where the dump has none at all. */
  readonly tables: readonly (number | null)[];
}

export interface MemoryInfo {
  /** Bytes at the crash. */
  readonly size: number;
  /** Bytes that were recorded. */
  readonly recorded: number;
  readonly ranges: number;
  /** What the bytes that were not recorded are. */
  readonly rest: "none" | "zero" | "unknown";
  readonly memory64: boolean;
  readonly shared: boolean;
}

export interface GlobalInfo {
  readonly type: string;
  /** In decimal; v128 in hexadecimal. Null where it was not recorded. */
  readonly value: string | null;
}

export interface TableInfo {
  /** Entries at the crash. */
  readonly size: number;
  /** The first entries, as many as were recorded. */
  readonly recorded: number;
  /** How many of them hold a function. */
  readonly functions: number;
}

/** Frames of a thread that are listed. */
const MAX_FRAMES = 200;

/** @param crash the dump beside its modules, where they are given */
export function dumpInfo(dump: CoreDump, crash?: Crash): DumpInfo {
  const { dialect, notes } = dump;
  return {
    format: "wasm-postmortem.info",
    version: 1,
    dialect: { name: dialect.name, why: dialect.why, others: dialect.others ?? [] },
    producer: notes.producer ?? null,
    executable: dump.executable,
    error: notes.error ?? null,
    buildId: notes.buildId ?? null,
    threads: dump.threads.map(({ name, frames }, thread) => {
      const names = functionNames(crash, thread);
      const differing = crash === undefined ? [] : contradictionsOf(crash, thread);
      const listed = frames.slice(0, MAX_FRAMES).map((frame, index) => {
        const count = differing.filter((one) => one.frame === index).length;
        return frameInfo(frame, names[index], count);
      });
      return { name, frames: listed, frameCount: frames.length };
    }),
    modules: dump.modules.map(({ name }, index) => moduleInfo(name, crash, index)),
    instances: dump.instances.map(({ module, memories, globals, tables = [] }) => ({
      module,
      memories: memories.map((index) => index ?? null),
      globals: globals.map((index) => index ?? null),
      tables: tables.map((index) => index ?? null),
    })),
    memories: dump.memories.map(memoryInfo),
    globals: dump.globals.map((value) => ({ type: value.type, value: valueText(value) })),
    tables: (dump.tables ?? []).map(({ size, entries }) => ({
      size,
      recorded: entries.length,
      functions: entries.filter((entry) => typeof entry === "object").length,
    })),
    warnings: crash?.warnings ?? dump.problems,
  };
}

/** Names of a thread's physical frames. */
function functionNames(crash: Crash | undefined, thread: number): readonly string[] {
  const names: string[] = [];
  for (const frame of crash?.threads[thread]?.frames() ?? []) {
    if (frame.physical.index >= MAX_FRAMES) break;
    names[frame.physical.index] = frame.fullName;
  }
  return names;
}

function contradictionsOf(crash: Crash, thread: number): readonly Contradiction[] {
  const physical = new Set(crash.threads[thread]?.frames().map((frame) => frame.physical));
  return contradictions(crash.dump, thread, [...physical]);
}

function frameInfo(frame: CoreFrame, name: string | undefined, differing: number): FrameInfo {
  const known = (values: readonly RecordedValue[]) => values.filter(({ type }) => type !== "missing").length;
  return {
    instance: frame.instance,
    functionIndex: frame.functionIndex,
    function: name ?? null,
    offset: frame.offset === unknownOffset ? null : frame.offset,
    locals: known(frame.locals),
    operands: known(frame.stack),
    contradictions: differing,
  };
}

function moduleInfo(name: string, crash: Crash | undefined, index: number): ModuleInfo {
  const module = crash?.modules[index];
  const path = module?.path ?? "";
  return { name, path: path === "" ? null : path, buildId: module?.buildId ?? null };
}

function memoryInfo(memory: CoreMemory): MemoryInfo {
  const recorded = memory.ranges.reduce((sum, { length }) => sum + length, 0);
  return {
    size: memory.size,
    recorded,
    ranges: memory.ranges.length,
    rest: recorded === memory.size ? "none" : memory.gapsAreZero ? "zero" : "unknown",
    memory64: memory.memory64 === true,
    shared: memory.shared === true,
  };
}

function valueText(value: RecordedValue): string | null {
  switch (value.type) {
    case "missing":
      return null;
    case "ref":
      return value.isNull ? "null" : "not null";
    case "v128":
      return Array.from(value.bytes.toReversed(), (byte) => byte.toString(16).padStart(2, "0")).join("");
    default:
      return Object.is(value.value, -0) ? "-0" : String(value.value);
  }
}
