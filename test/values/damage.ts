/** Damage done to real crashes: to the module's debug information, and to what the core dump recorded. */
import fc from "fast-check";
import { attempt, FormatError } from "../../engine/bytes/errors";
import { bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource, SlicedSource } from "../../engine/bytes/source";
import type { CoreDump, CoreFrame, RecordedValue } from "../../engine/coredump/model";
import { readCoreDump } from "../../engine/coredump/reader";
import { type CoreDumpContents, writeCoreDump } from "../../engine/coredump/writer";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { WasmModule } from "../../engine/wasm/module";
import { type Fixture, loadDump, loadModule } from "../fixtures/index";
import { mutated } from "../wasm/support/mutations";

/** A module and a dump of it, whole or damaged. */
export interface CrashBytes {
  readonly module: Uint8Array;
  readonly dump: Uint8Array;
}

/** Copies: a Buffer's `slice` would share what is to be damaged. */
export function soundBytes(fixture: Fixture): CrashBytes {
  return { module: new Uint8Array(loadModule(fixture)), dump: new Uint8Array(loadDump(fixture)) };
}

export function open({ module, dump }: CrashBytes): Crash {
  return openCrash({
    dump: new MemorySource("app.coredump", dump),
    main: { module: { path: "app.wasm", source: new MemorySource("app.wasm", module) } },
  });
}

const SECTIONS = ["info", "abbrev", "loclists", "loc", "line", "str_offsets", "addr", "ranges", "rnglists"];

/** A stretch of the module's file. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The sections of debug information; of .debug_info the units that the program's own frames stand in. */
function stretches(bytes: CrashBytes): readonly Stretch[] {
  const wasm = WasmModule.open(new MemorySource("app.wasm", bytes.module));
  const found: Stretch[] = [];
  const units: Stretch[] = [];
  for (const name of SECTIONS) {
    const section = wasm.customSection(`.debug_${name}`);
    if (!(section instanceof SlicedSource) || section.size === 0) continue;
    const { start, size } = section;
    if (name !== "info") found.push({ start, end: start + size });
    else
      for (const unit of framesUnits(bytes, size))
        units.push({ start: start + unit.start, end: start + unit.end });
  }
  // As many changes of entries as of everything that they refer to.
  return [...found, ...found.flatMap((_, i) => units[i % units.length] ?? [])];
}

function framesUnits(bytes: CrashBytes, sectionSize: number): readonly Stretch[] {
  const crash = open(bytes);
  const starts = [...(crash.modules[0]?.debug?.units() ?? [])].map(({ offset }) => Number(offset));
  const frames = crash.threads.flatMap((thread) => thread.frames());
  const own = new Set(
    frames.flatMap(({ origin, unit }) => (origin === "program" && unit ? [Number(unit.offset)] : [])),
  );
  return [...own].map((start) => ({ start, end: starts.find((next) => next > start) ?? sectionSize }));
}

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff));
const change = fc.record({
  stretch: place,
  at: place,
  bytes: fc.oneof(
    { weight: 5, arbitrary: fc.tuple(byte) },
    { weight: 1, arbitrary: fc.array(byte, { minLength: 2, maxLength: 10 }) },
  ),
});

/** Modules with a few bytes of their debug information changed. */
export function damagedModules(bytes: CrashBytes): fc.Arbitrary<Uint8Array> {
  const places = stretches(bytes);
  return fc.array(change, { minLength: 1, maxLength: 8 }).map((changes) => {
    const module = bytes.module.slice();
    for (const { stretch, at, bytes: written } of changes) {
      const { start, end } = places[Math.floor(stretch * places.length)]!;
      const from = start + Math.floor(at * (end - start));
      module.set(written.slice(0, end - from), from);
    }
    return module;
  });
}

/** Dumps whose bytes, or whose frames and memory, are not what they were. */
export function damagedDumps({ dump }: CrashBytes): fc.Arbitrary<Uint8Array> {
  const sound = readCoreDump(new MemorySource("app.coredump", dump));
  const number = fc.oneof(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), fc.bigInt(-300n, 70_000n));
  const frameChange = fc.record({
    frame: place,
    register: place,
    number,
    offset: fc.option(fc.nat(3000), { freq: 6 }),
    functionIndex: fc.option(fc.nat(600), { freq: 10 }),
  });
  const memoryChange = fc.record({ at: place, bytes: fc.array(byte, { minLength: 1, maxLength: 12 }) });
  const rewritten = fc
    .tuple(fc.array(frameChange, { minLength: 1, maxLength: 4 }), fc.array(memoryChange, { maxLength: 12 }))
    .map(([frames, memory]) => writeCoreDump(contentsOf(sound, frames, memory)));
  return fc.oneof({ weight: 1, arbitrary: mutated(dump) }, { weight: 2, arbitrary: rewritten });
}

interface FrameChange {
  readonly frame: number;
  readonly register: number;
  readonly number: bigint;
  readonly offset: number | null;
  readonly functionIndex: number | null;
}

function contentsOf(
  dump: CoreDump,
  frames: readonly FrameChange[],
  memory: readonly { readonly at: number; readonly bytes: readonly number[] }[],
): CoreDumpContents {
  return {
    ...dump,
    threads: dump.threads.map((thread) => {
      const changed = [...thread.frames];
      for (const change of frames) {
        const at = Math.floor(change.frame * changed.length);
        if (changed[at] !== undefined) changed[at] = damagedFrame(changed[at], change);
      }
      return { ...thread, frames: changed };
    }),
    memories: dump.memories.map((recorded) => {
      const parts = recorded.ranges.map(({ start, length }) => ({
        start: Number(start),
        bytes: recorded.read(start, length).slice(),
      }));
      for (const { at, bytes } of memory) {
        const part = parts[Math.floor(at * parts.length)];
        if (part === undefined) continue;
        const from = Math.floor(((at * parts.length) % 1) * part.bytes.length);
        part.bytes.set(bytes.slice(0, part.bytes.length - from), from);
      }
      return { size: recorded.size, parts };
    }),
  };
}

function damagedFrame(frame: CoreFrame, change: FrameChange): CoreFrame {
  const damaged = (values: readonly RecordedValue[]): readonly RecordedValue[] =>
    values.map((value, i) =>
      i === Math.floor(change.register * values.length) ? otherValue(value, change.number) : value,
    );
  return {
    ...frame,
    locals: damaged(frame.locals),
    stack: damaged(frame.stack),
    offset: change.offset === null ? frame.offset : bodyOffset(change.offset),
    functionIndex: change.functionIndex === null ? frame.functionIndex : functionIndex(change.functionIndex),
  };
}

function otherValue(value: RecordedValue, number: bigint): RecordedValue {
  if (value.type === "i32") return { type: "i32", value: Number(BigInt.asIntN(32, number)) };
  if (value.type === "i64") return { type: "i64", value: number };
  return { type: "missing" };
}

/** What a question gives, or undefined where it ends in a FormatError; any other error passes through. */
export function tolerate<T>(question: () => T): T | undefined {
  const answer = attempt(question);
  return answer instanceof FormatError ? undefined : answer;
}
