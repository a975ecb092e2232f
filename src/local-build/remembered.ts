/**
 * What a user has told about his builds, kept for the workspace so that he is asked once: which module a dump was
 * opened with, and where the build machine's sources are here.
 */
import type { DumpFile, ModuleFile } from "../crash-files/inspect";

/** Where it is kept: a `vscode.Memento`. */
export interface Store {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** A dump and the module that the user opened it with. */
interface Pair {
  readonly dump: string;
  /** The dump's; another dump of the same build is of the same module. */
  readonly buildId?: string;
  readonly program: string;
  /** Which build it was then: the file may be another one by now. */
  readonly programBuild: string;
}

const PAIRS = "wasm-postmortem.pairs";
const SOURCES = "wasm-postmortem.sources";
const LEFT_OUT = "wasm-postmortem.sourcesLeftOut";
/** Pairs that are kept: the newest. */
const MOST_PAIRS = 100;

export class Remembered {
  constructor(private readonly store: Store) {}

  /** The module that a dump was opened with, else one of its build; undefined when none was. */
  programOf({ path, buildId }: DumpFile): string | undefined {
    const pairs = this.pairs;
    const same =
      pairs.find((pair) => pair.dump === path) ??
      pairs.find((pair) => buildId !== undefined && pair.buildId === buildId);
    return same?.program;
  }

  /** Whether the user has put the two together himself, this very build, knowing what speaks against it. */
  isPair(dump: DumpFile, module: ModuleFile): boolean {
    const { path: program } = module;
    return this.pairs.some(
      (pair) => pair.dump === dump.path && pair.program === program && pair.programBuild === buildOf(module),
    );
  }

  async keepPair({ path, buildId }: DumpFile, module: ModuleFile): Promise<void> {
    const others = this.pairs.filter((pair) => pair.dump !== path);
    const build = buildId === undefined ? {} : { buildId };
    const pair: Pair = { dump: path, ...build, program: module.path, programBuild: buildOf(module) };
    await this.store.update(PAIRS, [pair, ...others].slice(0, MOST_PAIRS));
  }

  /** Prefixes of the build machine → what they are here, as a launch configuration's `sourceMap`. */
  get sources(): Readonly<Record<string, string>> {
    return this.store.get<Record<string, string>>(SOURCES) ?? {};
  }

  async keepSources(from: string, to: string): Promise<void> {
    await this.store.update(SOURCES, { ...this.sources, [from]: to });
  }

  /** Whether the user said that the sources of a folder are not here. */
  isLeftOut(from: string): boolean {
    return this.leftOut.includes(from);
  }

  async leaveOut(from: string): Promise<void> {
    await this.store.update(LEFT_OUT, [...this.leftOut, from]);
  }

  async forget(): Promise<void> {
    for (const key of [PAIRS, SOURCES, LEFT_OUT]) await this.store.update(key, undefined);
  }

  private get pairs(): readonly Pair[] {
    return this.store.get<Pair[]>(PAIRS) ?? [];
  }

  private get leftOut(): readonly string[] {
    return this.store.get<string[]>(LEFT_OUT) ?? [];
  }
}

/** The build id; of a module without one its size, which another build seldom has. */
const buildOf = ({ buildId, size }: ModuleFile): string => buildId ?? `${size} bytes`;
