/**
 * One name of a large name map, found without reading the map: C++ modules have hundreds of megabytes of names.
 *
 * A name map ascends by index, so it can be bisected by bytes, once entries are recognised in the middle of it:
 * by a chain of several, each with the index after the last one's. That only says where to look. The answer
 * comes from a walk, entry by entry, from the map's start or through `certain` consecutive indices. Those cannot
 * be the contents of a name, whatever it holds: among their first bytes is every one from 0x80 to 0xFF, of which
 * UTF-8 never has 0xFF. What is not as expected, gaps included, ends the search, and the map is read after all.
 */
import { attempt, FormatError } from "../bytes/errors";
import type { ByteSource } from "../bytes/source";
import { Scanner } from "./scanner";

/** Consecutive entries by which a place in the middle of a map is recognised. */
const chain = 8;
/** Consecutive entries that are certainly entries: as many as a LEB128's first byte has values when it goes on. */
const certain = 128;
/** Bytes among which a chain is looked for. */
const probeSize = 64 * 1024;
/** Bytes that are sooner walked through than bisected. */
const walkable = 512 * 1024;

/** Where an entry starts, and the index that it names. */
interface Anchor {
  readonly position: number;
  readonly index: number;
}

/**
 * The bytes of the name of `wanted`.
 *
 * @param map a name map, from its count on
 * @returns undefined when the map has to be read to know: the name may be there or not
 */
export function searchName(
  map: ByteSource,
  wanted: number,
): { readonly offset: number; readonly length: number } | undefined {
  const found = attempt(() => {
    const scanner = new Scanner(map, 16);
    const count = scanner.uleb();
    const position = scanner.position;
    const first: Anchor = { position, index: scanner.uleb() };
    if (wanted < first.index || wanted - first.index >= count) return undefined;
    return walk(map, bisect(map, first, wanted), wanted);
  });
  return found instanceof FormatError ? undefined : found;
}

/** An entry from which to walk to `wanted`: the first one, or one that is `certain` entries before it at least. */
function bisect(map: ByteSource, first: Anchor, wanted: number): Anchor {
  let low = first;
  let high = map.size;
  while (high - low.position > walkable) {
    const middle = low.position + Math.floor((high - low.position) / 2);
    const anchor = findChain(map, middle);
    if (anchor === undefined) break;
    if (anchor.index + certain > wanted) high = middle;
    else if (anchor.index > low.index) low = anchor;
    else break;
  }
  return low;
}

/** The first place from `position` on where a chain of entries starts. */
function findChain(map: ByteSource, position: number): Anchor | undefined {
  const bytes = map.read(position, Math.min(probeSize, map.size - position));
  for (let at = 0; at < bytes.length; at++) {
    // Indices from 128 on go on after their first byte; hardly any byte of a name looks like that.
    if (bytes[at]! >= 0x80 && startsChain(bytes, at)) {
      return { position: position + at, index: leb(bytes, at) };
    }
  }
  return undefined;
}

function startsChain(bytes: Uint8Array, start: number): boolean {
  const index = leb(bytes, start);
  if (index < certain) return false; // padded: the next one may be a single byte
  let at = start;
  for (let i = 0; i < chain; i++) {
    if (leb(bytes, at) !== index + i) return false;
    at += lebSize(bytes, at);
    at += lebSize(bytes, at) + leb(bytes, at);
  }
  return at <= bytes.length;
}

/** The u32 at `at`; NaN when there is none. */
function leb(bytes: Uint8Array, at: number): number {
  let result = 0;
  for (let i = 0, scale = 1; i < 5; i++, scale *= 128) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    result += (byte & 0x7f) * scale;
    if (byte < 0x80) return result;
  }
  return Number.NaN;
}

function lebSize(bytes: Uint8Array, at: number): number {
  let size = 1;
  while (size < 5 && bytes[at + size - 1]! >= 0x80) size++;
  return size;
}

function walk(
  map: ByteSource,
  from: Anchor,
  wanted: number,
): { readonly offset: number; readonly length: number } | undefined {
  const scanner = new Scanner(map, probeSize, from.position);
  for (let index = from.index; index <= wanted; index++) {
    if (scanner.uleb() !== index) return undefined;
    const length = scanner.uleb();
    const offset = scanner.position;
    scanner.skip(length);
    if (index === wanted) return { offset, length };
  }
  return undefined;
}
