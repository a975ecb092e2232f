/** The sections of a module as a list to which some are added: those that are missing stand where they have to be. */
import { ByteReader } from "../../bytes/reader";
import { ByteWriter } from "../../bytes/writer";
import type { ModulePart } from "../module-parts";

/** A section of the file; without one, an empty section of the specification's own. */
export interface Place {
  readonly id: number;
  readonly part: ModulePart | undefined;
}

/** Ids of the specification's sections in the order that they must have (Wasm spec §5.5.16). */
const order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** The parts in their order, and empty sections of these ids where there are none. */
export function withSections(parts: readonly ModulePart[], ids: readonly number[]): readonly Place[] {
  const places: Place[] = parts.map((part) => ({ id: part.section.id, part }));
  for (const id of ids) {
    if (places.some((place) => place.id === id)) continue;
    const rank = order.indexOf(id);
    const next = places.findIndex((place) => place.id !== 0 && order.indexOf(place.id) > rank);
    places.splice(next < 0 ? places.length : next, 0, { id, part: undefined });
  }
  return places;
}

/** A section with its header. */
export function standardSection(id: number, contents: Uint8Array): Uint8Array {
  return new ByteWriter().u8(id).uleb(contents.length).bytes(contents).finish();
}

/** A vector with more items behind its own. */
export function withMore(vector: Uint8Array, more: { count: number; bytes: Uint8Array }): Uint8Array {
  const reader = new ByteReader(vector, "vector");
  const count = reader.uleb();
  return new ByteWriter()
    .uleb(count + more.count)
    .bytes(reader.take(reader.remaining))
    .bytes(more.bytes)
    .finish();
}
