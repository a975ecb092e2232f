/** Places in sources that variables lead to, by the numbers that the client was given for them. */
import type { FunctionIndex } from "../../engine/bytes/offsets";
import type { Declaration } from "../../engine/postmortem/declarations";
import type { CrashModule } from "../../engine/postmortem/model";
import { Handles } from "./handles";

export type Location =
  | { readonly kind: "declaration"; readonly at: Declaration }
  /** Looked up when it is asked for: its unit may be one that nobody needed yet. */
  | { readonly kind: "function"; readonly module: CrashModule; readonly index: FunctionIndex };

export class Locations {
  private readonly locations = new Handles<Location>();
  private readonly references = new Map<string, number>();

  /** The location's number, the same at each call. */
  reference(location: Location): number {
    const key = keyOf(location);
    let reference = this.references.get(key);
    if (reference === undefined) this.references.set(key, (reference = this.locations.add(location)));
    return reference;
  }

  /** The location; undefined when the client was never given this number. */
  get(reference: number): Location | undefined {
    return this.locations.get(reference);
  }
}

const keyOf = (location: Location): string =>
  location.kind === "declaration"
    ? `${location.at.file.path}:${location.at.line}`
    : `function ${location.module.id}:${location.index}`;
