/**
 * Which of the given files is which module of a dump. A dump names its modules, as far as its producer knew the
 * names; a frame read beside another module would show wrong lines and values, so a module that no file was given
 * for stays without one.
 */
import { attempt, FormatError } from "../bytes/errors";
import { MemorySource } from "../bytes/source";
import { fitOfThreads } from "../coredump/frame-fit";
import { LateFrame } from "../coredump/late-frame";
import type { CoreDump, CoreFrame } from "../coredump/model";
import type { ModuleOfInstance, Positions } from "../coredump/placement";
import { CodeMap } from "../wasm/code-map";
import { WasmModule } from "../wasm/module";
import type { CrashModule } from "./model";
import { baseName, type ModuleFiles, openModule, openWasm } from "./modules";

export interface ProgramFiles {
  /** The main module's files: the only module's, or that of the name or the frames that fit. */
  readonly main: ModuleFiles;
  /** Files of other modules, by the name that the dump has for them, or by their position in it. */
  readonly modules?: ReadonlyMap<string, ModuleFiles> | undefined;
}

/** What a dump says of modules and instances. */
type Recorded = Pick<CoreDump, "modules" | "instances" | "threads" | "notes">;

/** How well frames must fit the main module for it to be theirs, when names do not tell. */
const CONVINCING = 0.9;

export class Program {
  private readonly opened = new Map<ModuleFiles, OpenedFiles>();

  /** @throws FormatError when a file is not WebAssembly */
  constructor(private readonly files: ProgramFiles) {
    for (const module of [files.main, ...(files.modules?.values() ?? [])]) {
      this.opened.set(module, openFiles(module));
    }
  }

  /** The module that ran. */
  private wasm(files: ModuleFiles): WasmModule {
    return this.opened.get(files)!.wasm;
  }

  /** The modules of a dump's instances, as far as files were given: those that its frames are told of. */
  modulesOf(dump: Recorded, positions: Positions = "body"): ModuleOfInstance {
    const files = this.filesOf(dump, positions);
    return (instance) => {
      const found = files[moduleIndex(dump, instance)];
      if (found === undefined) return undefined;
      return dump.notes.original ? readFrom(this.opened.get(found)!) : this.wasm(found);
    };
  }

  /** The dump with frames as the modules have them that it is shown with: the originals of instrumented ones. */
  toOriginals(dump: CoreDump): CoreDump {
    if (dump.notes.original || ![...this.opened.values()].some(({ original }) => original)) return dump;
    const files = this.filesOf(dump);
    const mapOf = ({ instance }: Pick<CoreFrame, "instance">) => {
      const found = files[moduleIndex(dump, instance)];
      const opened = found && this.opened.get(found);
      return opened?.original && opened.map;
    };
    const threads = dump.threads.map((thread) => ({
      ...thread,
      frames: thread.frames.map((frame) => {
        const map = mapOf(frame);
        if (map === undefined) return frame;
        const moved = {
          ...frame,
          functionIndex: map.functionIndex(frame.functionIndex),
          offset: frame.offset,
        };
        return new LateFrame(moved, () => map.offset(frame.functionIndex, frame.offset));
      }),
    }));
    const tables = dump.tables?.map(({ size, entries }) => ({
      size,
      entries: entries.map((entry) => {
        const map = typeof entry === "object" ? mapOf(entry) : undefined;
        if (map === undefined || typeof entry !== "object") return entry;
        return { ...entry, functionIndex: map.functionIndex(entry.functionIndex) };
      }),
    }));
    return { ...dump, threads, ...(tables && { tables }) };
  }

  /** The dump's modules in its order; where it names none, the main one. */
  open(dump: Recorded): readonly CrashModule[] {
    const files = this.filesOf(dump);
    return files.map((found, id) => {
      const name = dump.modules[id]?.name;
      if (found === undefined) return absentModule(id, name ?? "");
      const opened = this.opened.get(found)!;
      const shown = files.length === 1 || found !== this.files.main ? name : undefined;
      if (opened.original === undefined)
        return openModule(id, shown, found, readFrom(opened, dump.notes.original));
      return openModule(id, shown, opened.original.files, opened.original.wasm);
    });
  }

  private filesOf(dump: Recorded, positions: Positions = "body"): readonly (ModuleFiles | undefined)[] {
    if (dump.modules.length === 0) return [this.files.main];
    const files = dump.modules.map(
      ({ name }, index) => this.files.modules?.get(name) ?? this.files.modules?.get(String(index)),
    );
    for (const index of this.mainModules(dump, files, positions)) files[index] = this.files.main;
    return files;
  }

  /** Positions of the modules that the main file is, among those without a file of their own. */
  private mainModules(
    dump: Recorded,
    files: readonly (ModuleFiles | undefined)[],
    positions: Positions,
  ): readonly number[] {
    const open = files.flatMap((found, index) => (found === undefined ? [index] : []));
    if (dump.modules.length === 1 || open.length === 0) return open;
    const named = open.filter((index) => this.isMainName(dump.modules[index]!.name));
    if (named.length > 0) return named;
    return open.filter((index) => {
      const fit = this.fitOfMain(dump, index, positions);
      return fit !== undefined && fit >= CONVINCING;
    });
  }

  private isMainName(name: string): boolean {
    const { main } = this.files;
    const file = baseName(main.module.path);
    return [this.wasm(main).moduleName, file, file.replace(/\.wasm$/, "")].includes(baseName(name));
  }

  /** How well the frames of one of the dump's modules fit the main file. */
  private fitOfMain(dump: Recorded, module: number, positions: Positions): number | undefined {
    const threads = dump.threads.map((thread) => ({
      ...thread,
      frames: thread.frames.filter((frame) => dump.instances[frame.instance]?.module === module),
    }));
    return fitOfThreads(threads, positions, () => this.wasm(this.files.main));
  }
}

/** A module's files, opened. */
interface OpenedFiles {
  /** The module that ran. */
  readonly wasm: WasmModule;
  /** Of an instrumented module the way back, and the original where it is there. */
  readonly map: CodeMap | undefined;
  readonly original: { readonly files: ModuleFiles; readonly wasm: WasmModule } | undefined;
}

function openFiles(files: ModuleFiles): OpenedFiles {
  const wasm = openWasm(files);
  const map = CodeMap.of(wasm);
  const debug = map && files.debug && attempt(() => WasmModule.open(files.debug!.source));
  const isOriginal =
    debug !== undefined &&
    !(debug instanceof FormatError) &&
    debug.codeSection !== undefined &&
    debug.buildId === wasm.buildId;
  if (!isOriginal) return { wasm, map, original: undefined };
  return {
    wasm,
    map,
    original: { files: { ...files, module: files.debug!, debug: undefined }, wasm: debug },
  };
}

/**
 * The module that frames are read with which are told of the original.
 * @throws FormatError when the original of an instrumented module is not there: its frames would be read from other code
 */
function readFrom({ wasm, map, original }: OpenedFiles, isNeeded: boolean | undefined = true): WasmModule {
  if (map === undefined || original !== undefined || !isNeeded) return original?.wasm ?? wasm;
  throw new FormatError(
    `${wasm.name} is instrumented, and the core dump is told of the module that it was made of`,
    { section: wasm.name, offset: 0 },
    `Give that module as the program, or as debug information: ${wasm.externalDebugInfo ?? "the debug file of its build id"}.`,
  );
}

/** The position of an instance's module; of the only one also for an instance that the dump does not have. */
export function moduleIndex(dump: Pick<CoreDump, "modules" | "instances">, instance: number): number {
  return dump.instances[instance]?.module ?? (dump.modules.length > 1 ? -1 : 0);
}

/** Magic number and version: a module of nothing. */
const emptyModule = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** A module that no file was given for: its frames are shown by their function's index. */
export function absentModule(id: number, name: string): CrashModule {
  const shown = name === "" ? `module ${id}` : name;
  return {
    id,
    name: shown,
    path: "",
    wasm: WasmModule.open(new MemorySource(shown, emptyModule)),
    buildId: undefined,
    symbols: { state: "none", why: `its file was not given: name it in "modules" as "${name || id}"` },
    debug: undefined,
  };
}
