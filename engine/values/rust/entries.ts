/** What maps and sets have in common: entries that are found one after the other, shown by page. */
import { Missing, missing } from "../../dwarf/missing";
import { keyExpression } from "../key-text";
import type { Child } from "../model";
import {
  inner,
  type Presentation,
  type Style,
  SUMMARY_DEPTH,
  unavailable,
  type World,
} from "../presentation";
import { rust } from "../rust";
import { Storage } from "../storage";
import { cut } from "../text";
import { unknownType } from "../types";
import type { Part } from "./layout";
import { decoded } from "./shown";

/** An entry of a map, or an element of a set. */
export interface MapEntry {
  readonly key: Part;
  readonly value: Part | undefined;
}

/** Entries by index; the search for one goes on where the last one ended. */
export class Entries {
  private readonly found: MapEntry[] = [];
  private end: Missing | undefined;

  /** @param source gives entries in order, and may end in the reason why no further one was found */
  constructor(
    readonly count: number,
    private readonly source: Iterator<MapEntry, Missing | undefined>,
  ) {}

  at(index: number): MapEntry | Missing {
    while (this.end === undefined && this.found.length <= index) {
      const next = this.source.next();
      if (next.done)
        this.end =
          next.value ?? missing("malformed", `it counts ${this.count} entries, and has ${this.found.length}`);
      else this.found.push(next.value);
    }
    return this.found[index] ?? this.end!;
  }
}

/** Characters of a key in a child's name. */
const KEY_LIMIT = 60;

/** `{"k1": 1}` for a map, `{1, 2}` for a set, `[1, 2]` for a list. */
export function presentEntries(
  entries: Entries,
  world: World,
  [open, close]: readonly [string, string] = ["{", "}"],
): Presentation {
  const first = entries.count > 0 ? entries.at(0) : undefined;
  if (first instanceof Missing) return unavailable(first);
  return {
    summary: (style) => open + entriesText(entries, world, style) + close,
    children: {
      namedCount: 0,
      indexedCount: entries.count,
      named: () => [],
      indexed(start, count) {
        const children: Child[] = [];
        for (let i = Math.max(0, start); i < Math.min(start + count, entries.count); i++) {
          const entry = entries.at(i);
          children.push(entryChild(i, entry, world));
          if (entry instanceof Missing) break;
        }
        return children;
      },
    },
  };
}

function entryChild(index: number, entry: MapEntry | Missing, world: World): Child {
  if (entry instanceof Missing)
    return { name: `[${index}]`, value: missingEntry(entry, world), path: undefined };
  const { key, value } = entry;
  if (value === undefined) return { name: `[${index}]`, value: decoded(key, world), path: undefined };
  const text = cut(decoded(key, world).summary({ hex: false, budget: KEY_LIMIT, depth: 0 }), KEY_LIMIT);
  const written = keyExpression(decoded(key, world));
  const path = written === undefined ? undefined : (parent: string) => `${parent}[${written}]`;
  return { name: `[${text}]`, value: decoded(value, world), path };
}

function missingEntry(reason: Missing, world: World) {
  return world.value(unknownType(rust, ""), new Storage(reason, world.frame.machine));
}

function entriesText(entries: Entries, world: World, style: Style): string {
  if (entries.count === 0) return "";
  if (style.depth >= SUMMARY_DEPTH) return "…";
  let text = "";
  for (let i = 0; i < entries.count; i++) {
    if (text.length > style.budget - 4) return `${text}…`;
    const entry = entries.at(i);
    if (entry instanceof Missing) return `${text}<unavailable: ${entry.text}>`;
    text += decoded(entry.key, world).summary(inner(style, text.length + 2));
    if (entry.value !== undefined)
      text += `: ${decoded(entry.value, world).summary(inner(style, text.length + 4))}`;
    if (i + 1 < entries.count) text += ", ";
  }
  return text;
}
