/**
 * Writes a core dump in the specification's encoding, as wasm-tools and Wasmtime write it
 * (WebAssembly/tool-conventions, Coredump.md).
 *
 * What the format cannot hold is left out rather than approximated: v128 and reference values of frames
 * become "missing", globals that no constant expression can express become "not in the dump". Memory is
 * never copied: `coreDumpChunks` gives views of it between small chunks of headers.
 */
import { ByteWriter } from "../bytes/writer";
import { absentIndex, limitsFlag, notesSection, pageSize, tablesSection, valueTag } from "./encoding";
import type {
  CoreFrame,
  CoreInstance,
  CoreModule,
  CoreTable,
  CoreThread,
  CrashNotes,
  RecordedValue,
} from "./model";
import { tablesContent } from "./tables";
import { runsWithoutZeros } from "./zero-runs";

/** Recorded bytes of a memory and where they start. */
export interface MemoryPart {
  /** Address of `bytes[0]`. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** A linear memory to be written. */
export interface MemoryContents {
  /** Size at the crash, in bytes. */
  readonly size: number;
  /** What is known of it: ascending, not overlapping, inside `size`. One part from 0 is the usual case. */
  readonly parts: readonly MemoryPart[];
  /** Whether the memory is addressed by i64. */
  readonly memory64?: boolean;
}

/** What a producer gives the writer; indices are as in `CoreDump`. */
export interface CoreDumpContents {
  /** Name of the executable. */
  readonly executable: string;
  readonly threads: readonly CoreThread[];
  readonly modules: readonly CoreModule[];
  readonly instances: readonly CoreInstance[];
  readonly memories: readonly MemoryContents[];
  readonly globals: readonly RecordedValue[];
  /** None, when not given. */
  readonly tables?: readonly CoreTable[];
  /** `memoryGaps` is set by the writer, whatever is given here. */
  readonly notes: Omit<CrashNotes, "memoryGaps">;
}

/** The whole dump as one array. It holds a copy of the memory that is not zero; see `coreDumpChunks`. */
export function writeCoreDump(contents: CoreDumpContents): Uint8Array {
  const chunks = [...coreDumpChunks(contents)];
  const dump = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    dump.set(chunk, at);
    at += chunk.length;
  }
  return dump;
}

/**
 * The dump in chunks, to be written one after another. Chunks of memory are views of the given arrays:
 * write each out before the program runs on.
 * @throws RangeError when a memory's parts overlap, are out of order or reach past its size.
 */
export function* coreDumpChunks(contents: CoreDumpContents): Iterable<Uint8Array> {
  contents.memories.forEach(checkParts);
  const whole = contents.memories.every(isWhole);
  const notes: CrashNotes = { ...contents.notes, memoryGaps: whole ? "zero" : "absent" };
  const globals = renumber(contents.globals);

  yield Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  yield customSection("core", new ByteWriter().u8(0).name(contents.executable));
  if (contents.memories.length > 0) yield section(5, memories(contents.memories));
  if (globals.kept.length > 0) yield section(6, globalSection(globals.kept));
  yield* dataSection(contents.memories, whole);
  yield customSection("coremodules", coreModules(contents.modules));
  yield customSection("coreinstances", coreInstances(contents.instances, globals.index));
  for (const thread of contents.threads) yield customSection("corestack", coreStack(thread));
  const { tables, instances } = contents;
  if (tables !== undefined) yield customSection(tablesSection, tablesContent(tables, instances));
  yield customSection(notesSection, new ByteWriter().bytes(new TextEncoder().encode(JSON.stringify(notes))));
}

function section(id: number, payload: ByteWriter): Uint8Array {
  return new ByteWriter().u8(id).uleb(payload.length).bytes(payload.finish()).finish();
}

function customSection(name: string, payload: ByteWriter): Uint8Array {
  return section(0, new ByteWriter().name(name).bytes(payload.finish()));
}

// Memory

function checkParts(memory: MemoryContents): void {
  let end = 0;
  for (const part of memory.parts) {
    if (part.start < end) throw new RangeError(`Memory parts overlap or are out of order at ${part.start}`);
    end = part.start + part.bytes.length;
  }
  if (end > memory.size) throw new RangeError(`A memory part ends at ${end}, past the size ${memory.size}`);
}

/** Whether every byte is known, so that what is left out can only be zero. */
function isWhole(memory: MemoryContents): boolean {
  return memory.parts.reduce((known, part) => known + part.bytes.length, 0) === memory.size;
}

function isMemory64(memory: MemoryContents): boolean {
  return memory.memory64 === true || memory.size > 0x1_0000_0000;
}

function memories(list: readonly MemoryContents[]): ByteWriter {
  const out = new ByteWriter().uleb(list.length);
  for (const memory of list) {
    const wide = isMemory64(memory) ? limitsFlag.memory64 : 0;
    if (memory.size % pageSize === 0) {
      out.u8(wide).uleb(memory.size / pageSize);
    } else {
      out
        .u8(wide | limitsFlag.customPageSize)
        .uleb(memory.size)
        .uleb(0); // pages of 2^0 bytes
    }
  }
  return out;
}

/** Zeros shorter than this cost less to write than the header of one more segment. */
const smallestGap = 64;
/** Engines and tools refuse modules with more data segments than this. */
const mostSegments = 100_000;

/** Parts as they are written: as given for a partial dump, without long zeros for a whole one. */
function segments(list: readonly MemoryContents[], whole: boolean): { memory: number; part: MemoryPart }[] {
  for (let gap = smallestGap; ; gap *= 4) {
    const found: { memory: number; part: MemoryPart }[] = [];
    list.forEach(({ parts }, memory) => {
      for (const part of parts) {
        const runs = whole ? runsWithoutZeros(part.bytes, gap) : [{ start: 0, end: part.bytes.length }];
        for (const { start, end } of runs) {
          if (start === end) continue;
          found.push({ memory, part: { start: part.start + start, bytes: part.bytes.subarray(start, end) } });
        }
      }
    });
    if (!whole || found.length <= mostSegments || gap > 0x1000_0000) return found;
  }
}

function* dataSection(list: readonly MemoryContents[], whole: boolean): Iterable<Uint8Array> {
  const found = segments(list, whole);
  if (found.length === 0) return;
  const headers = found.map(({ memory, part }) => segmentHeader(memory, list[memory]!, part));
  const count = new ByteWriter().uleb(found.length);
  let size = count.length;
  found.forEach(({ part }, i) => {
    size += headers[i]!.length + part.bytes.length;
  });
  yield new ByteWriter().u8(11).uleb(size).bytes(count.finish()).finish();
  for (let i = 0; i < found.length; i++) {
    yield headers[i]!;
    yield found[i]!.part.bytes;
  }
}

/** An active segment up to its bytes: mode, memory, offset expression, length. */
function segmentHeader(index: number, memory: MemoryContents, part: MemoryPart): Uint8Array {
  const out = new ByteWriter();
  if (index === 0) out.u8(0);
  else out.u8(2).uleb(index);
  if (isMemory64(memory)) out.u8(0x42).sleb(BigInt.asIntN(64, BigInt(part.start)));
  else out.u8(0x41).sleb(part.start | 0);
  return out.u8(0x0b).uleb(part.bytes.length).finish().slice();
}

// Globals

/** The globals that a constant expression can express, and where each given one went. */
function renumber(globals: readonly RecordedValue[]) {
  const kept: RecordedValue[] = [];
  const places = globals.map((global) => {
    const expressible = global.type === "ref" ? global.isNull : global.type !== "missing";
    return expressible ? kept.push(global) - 1 : absentIndex;
  });
  const index = (given: number): number => {
    const place = places[given];
    if (place === undefined) throw new RangeError(`An instance names global ${given}, which was not given`);
    return place;
  };
  return { kept, index };
}

function globalSection(globals: readonly RecordedValue[]): ByteWriter {
  const out = new ByteWriter().uleb(globals.length);
  const mutable = 1;
  for (const global of globals) {
    switch (global.type) {
      case "i32":
        out.u8(0x7f).u8(mutable).u8(0x41).sleb(global.value);
        break;
      case "i64":
        out.u8(0x7e).u8(mutable).u8(0x42).sleb(global.value);
        break;
      case "f32":
        out.u8(0x7d).u8(mutable).u8(0x43).u32(global.bits);
        break;
      case "f64":
        out.u8(0x7c).u8(mutable).u8(0x44).u64(global.bits);
        break;
      case "v128":
        out.u8(0x7b).u8(mutable).u8(0xfd).uleb(0x0c).bytes(global.bytes);
        break;
      case "ref": // externref, ref.null extern
        out.u8(0x6f).u8(mutable).u8(0xd0).u8(0x6f);
        break;
      case "missing":
        throw new RangeError("A missing global has no constant expression");
    }
    out.u8(0x0b);
  }
  return out;
}

// The program

function coreModules(modules: readonly CoreModule[]): ByteWriter {
  const out = new ByteWriter().uleb(modules.length);
  for (const module of modules) out.u8(0).name(module.name);
  return out;
}

function coreInstances(
  instances: readonly CoreInstance[],
  globalIndex: (given: number) => number,
): ByteWriter {
  const out = new ByteWriter().uleb(instances.length);
  for (const instance of instances) {
    out.u8(0).uleb(instance.module).uleb(instance.memories.length);
    for (const memory of instance.memories) out.uleb(memory ?? absentIndex);
    out.uleb(instance.globals.length);
    for (const global of instance.globals) out.uleb(global === undefined ? absentIndex : globalIndex(global));
  }
  return out;
}

function coreStack(thread: CoreThread): ByteWriter {
  const out = new ByteWriter().u8(0).name(thread.name).uleb(thread.frames.length);
  for (const frame of thread.frames) coreFrame(out, frame);
  return out;
}

function coreFrame(out: ByteWriter, frame: CoreFrame): void {
  out.u8(0).uleb(frame.instance).uleb(frame.functionIndex).uleb(frame.offset);
  out.uleb(frame.locals.length);
  for (const value of frame.locals) frameValue(out, value);
  out.uleb(frame.stack.length);
  for (const value of frame.stack) frameValue(out, value);
}

function frameValue(out: ByteWriter, value: RecordedValue): void {
  switch (value.type) {
    case "i32":
      out.u8(valueTag.i32).sleb(value.value);
      break;
    case "i64":
      out.u8(valueTag.i64).sleb(value.value);
      break;
    case "f32":
      out.u8(valueTag.f32).u32(value.bits);
      break;
    case "f64":
      out.u8(valueTag.f64).u64(value.bits);
      break;
    case "missing":
    case "v128":
    case "ref":
      out.u8(valueTag.missing);
      break;
  }
}
