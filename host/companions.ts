/**
 * The files that lie beside a module and have its split DWARF: a package (`app.wasm.dwp`, `app.dwp`), or a
 * `.dwo` file for each unit. They are looked for when a unit is first asked for; which of those found is the
 * right one the engine tells by its id.
 */
import { RemoteAnswer } from "../engine/bytes/remote-answer";
import type { SplitReference } from "../engine/dwarf/split";
import type { CompanionFiles, NamedSource } from "../engine/postmortem/modules";
import { type Host, HostError } from "./host";
import type { LaunchArguments } from "./launch";
import { PathMap } from "./path-map";
import { isAbsolute, parentFolder, segments, under } from "./paths";

export class Companions implements CompanionFiles {
  private readonly answers = new Map<string, RemoteAnswer<readonly NamedSource[]>>();
  private readonly sources = new Map<string, Promise<NamedSource | undefined>>();
  private readonly map: PathMap;
  private readonly places: readonly string[];

  /** @param files paths of the module, and of the file with its debug information where that is another one */
  constructor(
    private readonly files: readonly string[],
    args: Pick<LaunchArguments, "debugInfo" | "sourceMap">,
    private readonly host: Host,
  ) {
    this.map = new PathMap(args.sourceMap);
    this.places = args.debugInfo ?? [];
  }

  *splitDebugInformation(reference: SplitReference): Iterable<NamedSource> {
    yield* this.found("packages", () => this.packages());
    yield* this.found(`${reference.directory} ${reference.name}`, () => this.splitFiles(reference));
  }

  private found(key: string, paths: () => Promise<readonly string[]>): readonly NamedSource[] {
    let answer = this.answers.get(key);
    if (answer === undefined) {
      answer = new RemoteAnswer(key, async () => this.openAll(await paths()));
      this.answers.set(key, answer);
    }
    return answer.value;
  }

  private async packages(): Promise<readonly string[]> {
    const beside = this.files.flatMap((file) => [`${file}.dwp`, `${file.replace(/\.[^./\\]*$/, "")}.dwp`]);
    const given = await Promise.all(
      this.places.map(async (place) => {
        const names = await this.host.list(place);
        return names.length === 0 ? [place] : names.map((name) => under(place, [name]));
      }),
    );
    return [...beside, ...given.flat().filter((path) => path.endsWith(".dwp"))];
  }

  /** The path as it is and as the user maps it, then its ends under the folders where the files lie. */
  private async splitFiles({ name, directory }: SplitReference): Promise<readonly string[]> {
    const full = isAbsolute(name) || directory === undefined ? name : under(directory, [name]);
    const names = segments(name).filter((part) => part !== "..");
    const ends = names.map((_, index) => names.slice(index));
    const folders = [...this.files.map((file) => parentFolder(file)), ...this.places];
    return [
      ...this.map.mapped(full),
      ...(isAbsolute(full) ? [full] : []),
      ...folders.flatMap((folder) =>
        ends.map((end) => (folder === undefined ? end.join("/") : under(folder, end))),
      ),
      ...this.places.filter((place) => place.endsWith(".dwo")),
    ];
  }

  private async openAll(paths: readonly string[]): Promise<readonly NamedSource[]> {
    const opened = await Promise.all([...new Set(paths)].map((path) => this.open(path)));
    return opened.filter((file) => file !== undefined);
  }

  /** A file; undefined where there is none that can be read. */
  private open(path: string): Promise<NamedSource | undefined> {
    let opening = this.sources.get(path);
    if (opening === undefined) {
      opening = this.openNow(path);
      this.sources.set(path, opening);
    }
    return opening;
  }

  private async openNow(path: string): Promise<NamedSource | undefined> {
    if (!(await this.host.exists(path))) return undefined;
    try {
      return { path, source: await this.host.open(path) };
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }
}
