/** The user's `sourceMap`: prefixes of paths on the machine that built the program → prefixes here. */
import { restAfter, segments, under } from "./paths";

export class PathMap {
  private readonly mappings: readonly (readonly [from: string, to: string])[];

  constructor(sourceMap: Readonly<Record<string, string>> = {}) {
    this.mappings = Object.entries(sourceMap).sort(([a], [b]) => segments(b).length - segments(a).length);
  }

  /** What the path may be here, by the longest prefix first; empty when no prefix fits. */
  mapped(path: string): readonly string[] {
    return this.mappings.flatMap(([from, to]) => {
      const rest = restAfter(path, from);
      return rest === undefined ? [] : [under(to, rest)];
    });
  }
}
