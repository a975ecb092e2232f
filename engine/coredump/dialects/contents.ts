/**
 * What a dump's sections say under every dialect's rules: memory, data and globals are WebAssembly's own sections,
 * and modules and instances have been written in one way only. Read once, however many dialects try.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { ByteReader } from "../../bytes/reader";
import type { ByteSource } from "../../bytes/source";
import type { Constant } from "../../wasm/constant";
import { readGlobals, readMemories } from "../../wasm/declarations";
import { type Section, sectionSource } from "../../wasm/sections";
import { readCount } from "../../wasm/types";
import { absentIndex, notesSection, tablesSection } from "../encoding";
import { type DataSegment, RecordedMemory, readDataSegments, zeroFilled } from "../memory";
import type { CoreInstance, CoreMemory, CoreModule, CoreTable, CrashNotes, RecordedValue } from "../model";
import { readNotes } from "../notes";
import { expectRecord } from "../stack";
import { readTables } from "../tables";
import type { DumpFile } from "./dialect";

export interface Contents {
  readonly file: DumpFile;
  readonly executable: string;
  readonly notes: CrashNotes;
  /** The data section's contents, and the segments as they stand there. */
  readonly data: ByteSource | undefined;
  readonly segments: readonly DataSegment[];
  readonly memories: readonly CoreMemory[];
  /** Whether no segment is cut off, lost with the file's end or outside of its memory. */
  readonly complete: boolean;
  /** That of `problems` which says that segments lie outside of their memory. */
  readonly strayData: string | undefined;
  readonly globals: readonly RecordedValue[];
  readonly problems: readonly string[];
  /** Modules and instances, as far as they are sound, and what is not. */
  readonly program: {
    readonly modules: readonly CoreModule[];
    readonly instances: readonly CoreInstance[];
    readonly tables?: readonly CoreTable[];
    /** Whether there is a list of instances at all. */
    readonly hasInstances: boolean;
    readonly problems: readonly string[];
  };
}

export const readContents = (file: DumpFile): Contents => new ContentsReader(file).read();

class ContentsReader {
  /** Where what is found malformed goes. */
  private problems: string[];

  constructor(private readonly file: DumpFile) {
    this.problems = file.problems.map((problem) => problem.message);
  }

  read(): Contents {
    const notes = this.custom(notesSection, {}, (_, source) => readNotes(source));
    const data = this.data();
    const { recorded, complete, strayData } = this.memories(data);
    // A file that is cut or damaged may have lost segments: then nothing is known of the gaps.
    const memories = complete && notes.memoryGaps === "zero" ? recorded.map(zeroFilled) : recorded;
    const globals = this.globals(notes.producer !== undefined || notes.memoryGaps !== undefined);
    const executable = this.executable();
    const { problems } = this;
    this.problems = [];
    const program = { ...this.program(memories.length, globals.length), problems: this.problems };
    const { source, segments } = data;
    return {
      file: this.file,
      executable,
      notes,
      data: source,
      segments,
      memories,
      complete,
      strayData,
      globals,
      problems,
      program,
    };
  }

  // Sections

  private standard(id: number): ByteSource | undefined {
    const section = this.file.sections.find((candidate) => candidate.id === id);
    return section && sectionSource(this.file.source, section);
  }

  /** Reads a custom section that occurs once; a malformed one is reported and `otherwise` given. */
  private custom<T>(name: string, otherwise: T, read: (reader: ByteReader, source: ByteSource) => T): T {
    const found = customSections(this.file, name);
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
    if (customSections(this.file, "core").length === 0) this.problems.push('The section "core" is absent');
    return this.custom("core", "", (reader) => {
      expectRecord(reader, "core");
      return reader.name();
    });
  }

  /** Modules and instances; those behind a malformed one are left out. */
  private program(memoryCount: number, globalCount: number) {
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
    const hasInstances = customSections(this.file, "coreinstances").length > 0;
    const held = this.custom(tablesSection, { instances }, (reader) => readTables(reader, instances));
    return { modules, hasInstances, ...held };
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

  // Memory and globals

  private data() {
    const source = this.standard(11);
    if (source === undefined) return { source, segments: [], sound: true };
    const { segments, problem } = readDataSegments(source);
    if (problem !== undefined) this.problems.push(problem.message);
    return { source, segments, sound: problem === undefined };
  }

  private memories(
    data: ReturnType<ContentsReader["data"]>,
  ): Pick<Contents, "complete" | "strayData"> & { recorded: CoreMemory[] } {
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

/** The custom sections of a name. */
export function customSections(file: DumpFile, name: string): readonly Section[] {
  return file.sections.filter((section) => section.id === 0 && section.name === name);
}
