/**
 * Which of the given files is which module of a dump. A dump names its modules, as far as its producer knew the
 * names; a frame read beside another module would show wrong lines and values, so a module that no file was given
 * for stays without one.
 */
import { MemorySource } from "../bytes/source";
import { fitOfThreads } from "../coredump/frame-fit";
import type { CoreDump } from "../coredump/model";
import type { ModuleOfInstance, Positions } from "../coredump/placement";
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
type Recorded = Pick<CoreDump, "modules" | "instances" | "threads">;

/** How well frames must fit the main module for it to be theirs, when names do not tell. */
const CONVINCING = 0.9;

export class Program {
  private readonly opened = new Map<ModuleFiles, WasmModule>();

  /** @throws FormatError when a file is not WebAssembly */
  constructor(private readonly files: ProgramFiles) {
    for (const module of [files.main, ...(files.modules?.values() ?? [])]) {
      this.opened.set(module, openWasm(module));
    }
  }

  private wasm(files: ModuleFiles): WasmModule {
    return this.opened.get(files)!;
  }

  /** The modules of a dump's instances, as far as files were given. */
  modulesOf(dump: Recorded, positions: Positions = "body"): ModuleOfInstance {
    const files = this.filesOf(dump, positions);
    return (instance) => {
      const found = files[moduleIndex(dump, instance)];
      return found && this.wasm(found);
    };
  }

  /** The dump's modules in its order; where it names none, the main one. */
  open(dump: Recorded): readonly CrashModule[] {
    const files = this.filesOf(dump);
    return files.map((found, id) => {
      const name = dump.modules[id]?.name;
      if (found === undefined) return absentModule(id, name ?? "");
      return openModule(
        id,
        files.length === 1 || found !== this.files.main ? name : undefined,
        found,
        this.wasm(found),
      );
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
