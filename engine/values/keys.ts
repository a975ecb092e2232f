/** Entries of maps, in whatever order the map keeps them: what `map[key]` is looked up in. */
import { Missing } from "../dwarf/missing";
import { pairAt } from "./cpp/containers";
import { libraryName as cppName, Part } from "./cpp/layout";
import { linkedElements } from "./cpp/linked";
import type { TypedValue } from "./presentation";
import { indexEntries } from "./rust/crates";
import { hashEntries } from "./rust/hash-tables";
import { treeEntriesOf } from "./rust/trees";

export interface KeyedEntry {
  readonly key: TypedValue;
  readonly value: TypedValue;
}

/** A map's entries; Missing when they cannot be read, undefined for what is no map. */
export function keyedEntries(map: TypedValue): Iterable<KeyedEntry | Missing> | Missing | undefined {
  const { type, storage, world } = map;
  const entries =
    hashEntries(type, storage, world) ??
    treeEntriesOf(type, storage, world) ??
    indexEntries(type, storage, world);
  if (entries !== undefined) {
    return entries instanceof Missing
      ? entries
      : each(entries.count, (index) => {
          const entry = entries.at(index);
          if (entry instanceof Missing || entry.value === undefined)
            return entry instanceof Missing ? entry : undefined;
          const { key, value } = entry;
          return { key: world.value(key.type, key.storage), value: world.value(value.type, value.storage) };
        });
  }
  const name = cppName(type);
  if (name !== "map" && name !== "unordered_map") return undefined;
  const elements = linkedElements(new Part(type, storage, world));
  if (elements === undefined || elements instanceof Missing) return elements;
  return each(elements.count, (index) => {
    const { key, mapped } = pairAt(elements, index, world);
    return key && mapped && { key: key.value, value: mapped.value };
  });
}

function* each(
  count: number,
  at: (index: number) => KeyedEntry | Missing | undefined,
): Iterable<KeyedEntry | Missing> {
  for (let index = 0; index < count; index++) {
    const entry = at(index);
    if (entry === undefined) return;
    yield entry;
    if (entry instanceof Missing) return;
  }
}
