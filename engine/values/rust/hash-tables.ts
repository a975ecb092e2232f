/**
 * HashMap and HashSet: hashbrown's tables. A byte of control per bucket says whether it is full (its top bit
 * is clear); buckets lie in front of the control bytes, the first one nearest. Groups, by which programs
 * probe, play no part in reading, so tables of every group width are alike.
 */
import { address } from "../../bytes/offsets";
import { Missing, missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { type Presentation, unavailable, type View, type World } from "../presentation";
import type { Storage } from "../storage";
import { strip, type Type } from "../types";
import { Entries, type MapEntry, presentEntries } from "./entries";
import { innerPointer, member, type Part, parameter, targetOf, wholePart } from "./layout";
import { libraryName } from "./library";
import { partAt } from "./pointees";

/** Members that lead from std's types through hashbrown's to the table. */
const WAY = ["base", "map", "table"] as const;

/** std's HashSet, hashbrown's, its HashMap, the table. */
const WAY_LIMIT = 6;

export const hashView: View = (type, storage, world): Presentation | undefined => {
  const entries = hashEntries(type, storage, world);
  return entries instanceof Missing ? unavailable(entries) : entries && presentEntries(entries, world);
};

/** The entries of a HashMap or a HashSet; undefined for every other type. */
export function hashEntries(type: Type, storage: Storage, world: World): Entries | Missing | undefined {
  const name = libraryName(type);
  if (name !== "HashMap" && name !== "HashSet") return undefined;
  const table = rawTable(wholePart(type, storage), world);
  return table && tableEntries(table, name === "HashMap", world);
}

function rawTable(outer: Part, world: World): Part | undefined {
  let inner: Part = outer;
  for (let depth = 0; depth < WAY_LIMIT; depth++) {
    if (libraryName(inner.type) === "RawTable") return inner;
    const at = inner;
    const next = WAY.map((name) => member(at, world, name)).find((found) => found !== undefined);
    if (next === undefined) return undefined;
    inner = next;
  }
  return undefined;
}

/** Control bytes read at once. */
const CHUNK = 4096;

function tableEntries(table: Part, isMap: boolean, world: World): Entries | Missing | undefined {
  const type = strip(table.type);
  const bucket = type.kind === "record" ? parameter(type, "T") : undefined;
  const inner = member(table, world, "table") ?? table;
  const [mask, items] = ["bucket_mask", "items"].map((name) => {
    const found = member(inner, world, name);
    return found && integerOf(found.type, found.storage);
  });
  const control = member(inner, world, "ctrl");
  const pointer = control && innerPointer(control.type, control.storage, world);
  if (mask instanceof Missing) return mask;
  if (items instanceof Missing) return items;
  if (bucket?.size === undefined || mask === undefined || items === undefined || pointer === undefined)
    return undefined;
  if (items === 0n) return new Entries(0, [][Symbol.iterator]());
  const start = targetOf(pointer);
  if (start instanceof Missing) return start;
  const buckets = Number(mask) + 1;
  const sound = (mask & (mask + 1n)) === 0n && Number(items) <= buckets && buckets * bucket.size <= start;
  if (!sound) return missing("malformed", `a table of ${buckets} buckets with ${items} entries`);
  const entry = entryReader(bucket, isMap, control!, world);
  return entry && new Entries(Number(items), scan(start, buckets, Number(items), entry, bucket.size, world));
}

/** How a bucket is read: a pair, of which a set's second half is `()`. */
function entryReader(
  bucket: Type,
  isMap: boolean,
  like: Part,
  world: World,
): ((at: number) => MapEntry | undefined) | undefined {
  const read = (at: number): MapEntry | undefined => {
    const pair = partAt(bucket, at, like.storage);
    const key = member(pair, world, "__0");
    const value = member(pair, world, "__1");
    return key && value && { key, value: isMap ? value : undefined };
  };
  return read(0) === undefined ? undefined : read;
}

function* scan(
  start: number,
  buckets: number,
  items: number,
  entry: (at: number) => MapEntry | undefined,
  size: number,
  world: World,
): Generator<MapEntry, Missing | undefined> {
  let found = 0;
  for (let base = 0; base < buckets && found < items; base += CHUNK) {
    const bytes = world.frame.machine.memory(address(start + base), Math.min(CHUNK, buckets - base));
    if (bytes instanceof Missing) return bytes;
    for (let i = 0; i < bytes.length && found < items; i++) {
      if (bytes[i]! & 0x80) continue;
      const next = entry(start - (base + i + 1) * size);
      if (next === undefined) return missing("malformed", "a bucket of a hash table");
      found++;
      yield next;
    }
  }
  return undefined;
}
