/** The files of a module as the engine is given them: sources with the paths that people know them by. */
import type { ByteSource } from "../bytes/source";
import type { SplitReference } from "../dwarf/split";

/** A file given to the engine: its path for people, its bytes. */
export interface NamedSource {
  readonly path: string;
  readonly source: ByteSource;
}

/** Files that belong to a module, which its host finds when they are asked for. */
export interface CompanionFiles {
  /**
   * Files that may have the split unit that a skeleton refers to (.dwo), and packages (.dwp), likeliest first.
   * May throw BytesNotResident at each step: ask inside `settle`.
   */
  splitDebugInformation(reference: SplitReference): Iterable<NamedSource>;
}

/** A source map as its host has read it. */
export interface SourceMapFile {
  readonly path: string;
  readonly text: string;
}

/** A module's file and, when its debug information was split off, the file that has it. */
export interface ModuleFiles {
  readonly module: NamedSource;
  readonly debug?: NamedSource | undefined;
  /** Where the files with split DWARF are found; without, there are none. */
  readonly companions?: CompanionFiles | undefined;
  /** For a module without debug information. */
  readonly sourceMap?: SourceMapFile | undefined;
  /** Whether searches through the whole program are done in steps, by a host that awaits every answer in `settle`. */
  readonly inSteps?: boolean | undefined;
}
