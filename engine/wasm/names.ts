/**
 * The `name` section (Wasm spec, appendix "Name Section", and the extended name section proposal).
 *
 * A big module has megabytes of function names of which a crash needs a dozen. So a name map is scanned
 * once for where each name stands, and a name becomes a string when it is asked for. Few names of a large map
 * are found without scanning it (name-search.ts).
 */
import { attempt, FormatError } from "../bytes/errors";
import { decodeUtf8 } from "../bytes/reader";
import { type ByteSource, SlicedSource } from "../bytes/source";
import { searchName } from "./name-search";
import { Scanner } from "./scanner";

/** Subsections that hold one name an index. */
const nameMaps = {
  function: 1,
  type: 4,
  table: 5,
  memory: 6,
  global: 7,
  element: 8,
  data: 9,
  tag: 11,
} as const;
/** Subsections that hold a name map an index. */
const indirectNameMaps = { local: 2, label: 3, field: 10 } as const;

export type NameKind = keyof typeof nameMaps;
export type IndirectNameKind = keyof typeof indirectNameMaps;

/** Bytes from which on a map's names are searched for one by one. */
const large = 1024 * 1024;
/** Names that are searched for in a large map; who wants more is better served by reading the map. */
const maxSearches = 64;

/** Bytes scanned at a time. */
const windowSize = 64 * 1024;
/** The same for the names of one function's locals, one type's fields. */
const innerWindowSize = 512;

/** Told of malformed parts; what was read before them is kept. */
export type Report = (problem: FormatError) => void;

function keepSound(report: Report, scan: () => void): void {
  const outcome = attempt(scan);
  if (outcome instanceof FormatError) report(outcome);
}

/** Where the names of a name map stand: three columns, by ascending index. */
class NameMap {
  private readonly indices: Uint32Array;
  private readonly offsets: Uint32Array;
  private readonly lengths: Uint32Array;
  /** Names found. */
  private count = 0;

  /** @param scanner over `source`, standing where the map starts */
  constructor(
    readonly source: ByteSource,
    scanner: Scanner,
    report: Report,
  ) {
    const announced = attempt(() => scanner.uleb());
    if (announced instanceof FormatError) report(announced);
    const names = announced instanceof FormatError ? 0 : announced;
    // A name takes two bytes at least, so that a count that claims too much ends in a fault before the room does.
    const room = Math.min(names, scanner.remaining >>> 1);
    this.indices = new Uint32Array(room);
    this.offsets = new Uint32Array(room);
    this.lengths = new Uint32Array(room);
    keepSound(report, () => this.scan(scanner, names));
    if (!this.ascending) this.sort();
  }

  private scan(scanner: Scanner, names: number): void {
    const { indices, offsets, lengths } = this;
    for (let i = 0; i < names; i++) {
      indices[i] = scanner.uleb();
      const length = scanner.uleb();
      lengths[i] = length;
      offsets[i] = scanner.position;
      scanner.skip(length);
      this.count = i + 1;
    }
  }

  private get ascending(): boolean {
    for (let i = 1; i < this.count; i++) if (this.indices[i]! <= this.indices[i - 1]!) return false;
    return true;
  }

  /** The specification demands ascending indices; some tools write them otherwise. */
  private sort(): void {
    const order = Array.from({ length: this.count }, (_, i) => i);
    order.sort((a, b) => this.indices[a]! - this.indices[b]!);
    for (const column of [this.indices, this.offsets, this.lengths]) {
      const sorted = order.map((i) => column[i]!);
      column.set(sorted);
    }
  }

  get(index: number): string | undefined {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.indices[middle]! < index) low = middle + 1;
      else high = middle;
    }
    if (low === this.count || this.indices[low] !== index) return undefined;
    return this.nameAt(low);
  }

  *[Symbol.iterator](): Iterator<readonly [index: number, name: string]> {
    for (let at = 0; at < this.count; at++) yield [this.indices[at]!, this.nameAt(at)];
  }

  private nameAt(position: number): string {
    return decodeUtf8(this.source.read(this.offsets[position]!, this.lengths[position]!));
  }
}

export class NameSection {
  private readonly subsections = new Map<number, ByteSource>();
  private readonly maps = new Map<ByteSource, NameMap>();
  /** Names of large maps that were searched for. */
  private readonly searched = new Map<ByteSource, Map<number, string>>();
  /** For each kind of indirect map: where the map of an index starts. */
  private readonly starts = new Map<ByteSource, ReadonlyMap<number, number>>();
  /** The inner maps that were asked for, by where they start. */
  private readonly innerMaps = new Map<number, NameMap>();

  /** @param source contents of the custom section `name` */
  constructor(
    source: ByteSource,
    private readonly report: Report,
  ) {
    const scanner = new Scanner(source, 16);
    keepSound(report, () => {
      while (!scanner.atEnd) {
        const id = scanner.uleb();
        const size = scanner.uleb();
        const subsection = new SlicedSource(source.name, source, scanner.position, size);
        if (!this.subsections.has(id)) this.subsections.set(id, subsection);
        scanner.skip(size);
      }
    });
  }

  /** The module's own name. */
  get module(): string | undefined {
    const source = this.subsections.get(0);
    if (source === undefined) return undefined;
    const scanner = new Scanner(source, 16);
    const name = attempt(() => {
      const length = scanner.uleb();
      return decodeUtf8(source.read(scanner.position, length));
    });
    return name instanceof FormatError ? undefined : name;
  }

  /** The name of an index; undefined when the section gives none. */
  name(kind: NameKind, index: number): string | undefined {
    const source = this.subsections.get(nameMaps[kind]);
    if (source === undefined) return undefined;
    return this.search(source, index) ?? this.read(source, index);
  }

  /** A name of a large map; undefined when it takes reading the map to know. */
  private search(source: ByteSource, index: number): string | undefined {
    if (source.size < large || this.maps.has(source)) return undefined;
    let known = this.searched.get(source);
    if (known === undefined) {
      known = new Map();
      this.searched.set(source, known);
    }
    const name = known.get(index);
    if (name !== undefined || known.size === maxSearches) return name;
    const place = searchName(source, index);
    if (place === undefined) return undefined;
    const found = decodeUtf8(source.read(place.offset, place.length));
    known.set(index, found);
    return found;
  }

  private read(source: ByteSource, index: number): string | undefined {
    return this.mapOf(source).get(index);
  }

  /** All names of a kind, by ascending index. */
  *all(kind: NameKind): Iterable<readonly [index: number, name: string]> {
    const source = this.subsections.get(nameMaps[kind]);
    if (source !== undefined) yield* this.mapOf(source);
  }

  private mapOf(source: ByteSource): NameMap {
    let map = this.maps.get(source);
    if (map === undefined) {
      map = new NameMap(source, new Scanner(source, windowSize), this.report);
      this.maps.set(source, map);
    }
    return map;
  }

  /** The name of e.g. local `inner` of function `outer`. */
  indirectName(kind: IndirectNameKind, outer: number, inner: number): string | undefined {
    const source = this.subsections.get(indirectNameMaps[kind]);
    if (source === undefined) return undefined;
    let starts = this.starts.get(source);
    if (starts === undefined) {
      starts = this.scanStarts(source);
      this.starts.set(source, starts);
    }
    const start = starts.get(outer);
    if (start === undefined) return undefined;
    let map = this.innerMaps.get(start);
    if (map === undefined || map.source !== source) {
      map = new NameMap(source, new Scanner(source, innerWindowSize, start), this.report);
      this.innerMaps.set(start, map);
    }
    return map.get(inner);
  }

  private scanStarts(source: ByteSource): ReadonlyMap<number, number> {
    const starts = new Map<number, number>();
    const scanner = new Scanner(source, windowSize);
    keepSound(this.report, () => {
      for (let outer = scanner.uleb(); outer > 0; outer--) {
        const index = scanner.uleb();
        starts.set(index, scanner.position);
        for (let inner = scanner.uleb(); inner > 0; inner--) {
          scanner.uleb();
          scanner.skip(scanner.uleb());
        }
      }
    });
    return starts;
  }
}
