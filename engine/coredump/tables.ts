/**
 * The custom section `wasm-postmortem.tables`: what the slots of the program's tables held, as V8's inspector shows it
 * to our own producer. Coredump.md has no place for tables, and other readers skip the section.
 *
 *     tables   = vec(table) vec(instance)
 *     table    = 0x00 size:u32 vec(entry)                the first entries of `size`
 *     entry    = 0x00                                     null
 *              | 0x01                                     something else, that the producer cannot name
 *              | 0x02 instanceidx:u32 funcidx:u32         a function; the instance is one of `coreinstances`
 *     instance = 0x00 vec(tableidx:u32)                   one for each of `coreinstances`, in its order; tableidx is a
 *                                                         position in the first vec, 0xFFFFFFFF where there is none
 *
 * All u32 are ULEB128.
 */
import { functionIndex } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import { ByteWriter } from "../bytes/writer";
import { readCount } from "../wasm/types";
import { absentIndex } from "./encoding";
import type { CoreDump, CoreInstance, CoreTable, CoreTableEntry } from "./model";
import { expectRecord } from "./stack";

const kind = { null: 0x00, other: 0x01, function: 0x02 } as const;

/** The section's content. */
export function tablesContent(tables: readonly CoreTable[], instances: readonly CoreInstance[]): ByteWriter {
  const out = new ByteWriter().uleb(tables.length);
  for (const { size, entries } of tables) {
    out.u8(0).uleb(size).uleb(entries.length);
    for (const entry of entries) {
      if (entry === "null") out.u8(kind.null);
      else if (entry === undefined) out.u8(kind.other);
      else out.u8(kind.function).uleb(entry.instance).uleb(entry.functionIndex);
    }
  }
  out.uleb(instances.length);
  for (const { tables: places = [] } of instances) {
    out.u8(0).uleb(places.length);
    for (const place of places) out.uleb(place ?? absentIndex);
  }
  return out;
}

/**
 * The tables, and the instances with which of them each one has.
 * @throws FormatError where the section is malformed, or names what is not there
 */
export function readTables(
  reader: ByteReader,
  instances: readonly CoreInstance[],
): Pick<CoreDump, "tables" | "instances"> {
  const tables: CoreTable[] = [];
  for (let left = readCount(reader, "tables"); left > 0; left--) tables.push(readTable(reader, instances));
  const count = readCount(reader, "instances");
  if (count !== instances.length)
    reader.fail(`Tables of ${count} instances are given, the dump has ${instances.length}`);
  const holders = instances.map((instance) => ({ ...instance, tables: readPlaces(reader, tables.length) }));
  return { tables, instances: holders };
}

function readTable(reader: ByteReader, instances: readonly CoreInstance[]): CoreTable {
  expectRecord(reader, "table");
  const size = reader.uleb();
  const entries: CoreTableEntry[] = [];
  for (let left = readCount(reader, "entries"); left > 0; left--) entries.push(readEntry(reader, instances));
  if (entries.length > size) reader.fail(`A table of ${size} entries has ${entries.length}`);
  return { size, entries };
}

function readEntry(reader: ByteReader, instances: readonly CoreInstance[]): CoreTableEntry {
  const start = reader.position;
  const tag = reader.u8();
  switch (tag) {
    case kind.null:
      return "null";
    case kind.other:
      return undefined;
    case kind.function: {
      const instance = reader.uleb();
      if (instance >= instances.length) reader.fail(`An entry names instance ${instance}`, undefined, start);
      return { instance, functionIndex: functionIndex(reader.uleb()) };
    }
    default:
      return reader.fail(`A table's entry starts with 0x${tag.toString(16)}`, undefined, start);
  }
}

function readPlaces(reader: ByteReader, limit: number): (number | undefined)[] {
  expectRecord(reader, "instance");
  const places: (number | undefined)[] = [];
  for (let left = readCount(reader, "tables"); left > 0; left--) {
    const place = reader.uleb();
    if (place >= limit && place !== absentIndex) reader.fail(`An instance names table ${place} of ${limit}`);
    places.push(place === absentIndex ? undefined : place);
  }
  return places;
}
