/**
 * Reads a dump's sections under a dialect's rules. They are WebAssembly's own where there is one (memory, data,
 * global), so dialects differ in the frames alone, and in what their producers leave out.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { ByteReader } from "../../bytes/reader";
import type { ByteSource } from "../../bytes/source";
import type { Constant } from "../../wasm/constant";
import { readGlobals, readMemories } from "../../wasm/declarations";
import { type Section, sectionSource } from "../../wasm/sections";
import { readCount } from "../../wasm/types";
import { absentIndex, notesSection } from "../encoding";
import { type DataSegment, RecordedMemory, readDataSegments, zeroFilled } from "../memory";
import type { CoreInstance, CoreMemory, CoreModule, RecordedValue } from "../model";
import { readNotes } from "../notes";
import { expectRecord, readThread } from "../stack";
import type { Dialect, Draft, DumpFile } from "./dialect";

/** @throws FormatError when the frames are not laid out as the dialect says */
export function readDraft(file: DumpFile, dialect: Dialect): Draft {
  return new DraftReader(file, dialect).read();
}

/** A corestack section; `cut` when the file ends inside it. */
type ThreadReading = ReturnType<typeof readThread> & { readonly cut: boolean };

class DraftReader {
  private readonly problems: string[];

  constructor(
    private readonly file: DumpFile,
    private readonly dialect: Dialect,
  ) {
    this.problems = file.problems.map((problem) => problem.message);
  }

  read(): Draft {
    const readings = this.threads();
    const notes = this.custom(notesSection, {}, (_, source) => readNotes(source));
    const data = this.data();
    const { recorded, complete, strayData } = this.memories(data);
    // A file that is cut or damaged may have lost segments: then nothing is known of the gaps.
    const memories = complete && notes.memoryGaps === "zero" ? recorded.map(zeroFilled) : recorded;
    const globals = this.globals(notes.producer !== undefined || notes.memoryGaps !== undefined);
    const executable = this.executable();
    const { modules, instances, assumed } = this.program(executable, memories.length, globals.length);
    this.checkFrames(readings, instances.length, assumed);
    const threads = readings.map(({ thread }) => thread);
    return {
      file: this.file,
      dump: { executable, threads, modules, instances, memories, globals, notes, problems: this.problems },
      data: data.source,
      segments: data.segments,
      assumed,
      complete,
      strayData,
      sound: readings.every(({ problem }) => problem === undefined),
    };
  }

  // Sections

  private standard(id: number): ByteSource | undefined {
    const section = this.file.sections.find((candidate) => candidate.id === id);
    return section && sectionSource(this.file.source, section);
  }

  private customs(name: string): Section[] {
    if (this.dialect.unusable?.includes(name)) return [];
    return this.file.sections.filter((section) => section.id === 0 && section.name === name);
  }

  /** Reads a custom section that occurs once; a malformed one is reported and `otherwise` given. */
  private custom<T>(name: string, otherwise: T, read: (reader: ByteReader, source: ByteSource) => T): T {
    const found = this.customs(name);
    if (found.length === 0) return otherwise;
    if (found.length > 1) this.problems.push(`The section "${name}" occurs ${found.length} times`);
    return this.sound(sectionSource(this.file.source, found[0]!), otherwise, read);
  }

  private sound<T>(
    source: ByteSource | undefined,
    otherwise: T,
    read: (reader: ByteReader, source: ByteSource) => T,
  ): T {
    if (source === undefined) return otherwise;
    const result = attempt(() => read(new ByteReader(source.read(0, source.size), source.name), source));
    if (!(result instanceof FormatError)) return result;
    this.problems.push(result.message);
    return otherwise;
  }

  // The program

  private executable(): string {
    if (this.customs("core").length === 0) this.problems.push('The section "core" is absent');
    return this.custom("core", "", (reader) => {
      expectRecord(reader, "core");
      return reader.name();
    });
  }

  /** Modules and instances; those behind a malformed one are left out. */
  private program(executable: string, memoryCount: number, globalCount: number) {
    const modules: CoreModule[] = [];
    this.custom("coremodules", undefined, (reader) => {
      for (let left = readCount(reader, "modules"); left > 0; left--) {
        expectRecord(reader, "module");
        modules.push({ name: reader.name() });
      }
    });
    const instances: CoreInstance[] = [];
    this.custom("coreinstances", undefined, (reader) => {
      for (let left = readCount(reader, "instances"); left > 0; left--) {
        expectRecord(reader, "instance");
        const module = reader.uleb();
        if (module >= modules.length) reader.fail(`Instance ${instances.length} names module ${module}`);
        const memories = this.indices(reader, memoryCount, "memory");
        instances.push({ module, memories, globals: this.indices(reader, globalCount, "global") });
      }
    });
    const assumed = this.customs("coreinstances").length === 0 && modules.length <= 1;
    if (assumed) {
      const all = (length: number) => Array.from({ length }, (_, i) => i);
      if (modules.length === 0) modules.push({ name: executable });
      instances.push({ module: 0, memories: all(memoryCount), globals: all(globalCount) });
    }
    return { modules, instances, assumed };
  }

  private indices(reader: ByteReader, limit: number, what: string): (number | undefined)[] {
    const indices: (number | undefined)[] = [];
    let stray: number | undefined;
    for (let left = readCount(reader, "indices"); left > 0; left--) {
      const index = reader.uleb();
      if (index >= limit && index !== absentIndex) stray ??= index;
      indices.push(index < limit ? index : undefined);
    }
    if (stray !== undefined) this.problems.push(`An instance names ${what} ${stray}, the dump has ${limit}`);
    return indices;
  }

  // Threads

  private threads(): ThreadReading[] {
    const readings = this.customs("corestack").map((section) => {
      const source = sectionSource(this.file.source, section);
      const reading = readThread(
        new ByteReader(source.read(0, source.size), source.name),
        this.dialect.layout,
      );
      const isLast = section.start + section.size === this.file.source.size;
      return { ...reading, cut: isLast && this.file.problems.length > 0 };
    });
    if (readings.length === 0) this.problems.push('The dump has no stack: no section "corestack"');
    return readings;
  }

  /**
   * Frames before a fault are kept where the file is visibly cut, or where they agree with coreinstances;
   * else they were most likely read by the wrong rules.
   * @throws FormatError when the frames are written in another dialect
   */
  private checkFrames(readings: readonly ThreadReading[], instances: number, assumed: boolean): void {
    const frames = readings.flatMap(({ thread }) => thread.frames);
    const stray = frames.filter((frame) => frame.instance >= instances);
    for (const { thread, problem, cut } of readings) {
      if (problem === undefined) continue;
      if (!cut && (assumed || stray.length > 0 || instances === 0)) throw this.foreign(problem);
      this.problems.push(
        `${problem.message}. Thread "${thread.name}" has ${thread.frames.length} frames before`,
      );
    }
    if (stray.length > 0) {
      this.problems.push(
        `${stray.length} frames name an instance that is not in the dump, the first one ${stray[0]!.instance} of ${instances}`,
      );
    }
  }

  private foreign(problem: FormatError): FormatError {
    return new FormatError(problem.problem, problem.where);
  }

  // Memory and globals

  private data() {
    const source = this.standard(11);
    if (source === undefined) return { source, segments: [], sound: true };
    const { segments, problem } = readDataSegments(source);
    if (problem !== undefined) this.problems.push(problem.message);
    return { source, segments, sound: problem === undefined };
  }

  private memories(
    data: ReturnType<DraftReader["data"]>,
  ): Pick<Draft, "complete" | "strayData"> & { recorded: CoreMemory[] } {
    const declared = this.sound(this.standard(5), [], readMemories);
    const sizes = declared.map((memory) => memory.minimum * memory.pageSize);
    const held: DataSegment[][] = sizes.map(() => []);
    let outside = 0;
    for (const segment of data.segments) {
      const size = sizes[segment.memory];
      const length = size === undefined ? 0 : Math.min(segment.length, size - segment.start);
      if (length < segment.length) outside++;
      if (length > 0) held[segment.memory]!.push({ ...segment, length });
    }
    const strayData =
      outside === 0 ? undefined : `${outside} data segments reach past the end of their memory`;
    if (strayData !== undefined) this.problems.push(strayData);
    return {
      strayData,
      recorded: sizes.map((size, i) => new RecordedMemory(data.source, size, held[i]!, false, declared[i])),
      complete: outside === 0 && data.sound && this.file.problems.length === 0,
    };
  }

  /** @param nullIsReal whether a recorded null says that the reference was null; runtimes write null for every one */
  private globals(nullIsReal: boolean): RecordedValue[] {
    const globals = this.sound(this.standard(6), [], (reader) => readGlobals(reader, []));
    return globals.map(({ initial }) => recorded(initial, nullIsReal));
  }
}

function recorded(constant: Constant | undefined, nullIsReal: boolean): RecordedValue {
  if (constant === undefined) return { type: "missing" };
  switch (constant.type) {
    case "function":
      return { type: "ref", isNull: false };
    case "null":
      return nullIsReal ? { type: "ref", isNull: true } : { type: "missing" };
    default:
      return constant;
  }
}
