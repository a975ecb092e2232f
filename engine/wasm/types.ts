/**
 * The types of the Wasm specification and how they are read (binary format, "Types").
 *
 * A value type is kept as its text-format spelling ("i32", "funcref", "(ref null 4)"): that is what people
 * read, it is canonical, and it compares with `===`. Type indices stand in it as numbers.
 */
import type { ByteReader } from "../bytes/reader";
import type { ByteWriter } from "../bytes/writer";

export type NumberType = "i32" | "i64" | "f32" | "f64";
/** The spelling of a reference type. */
export type ReferenceType = `${string}ref` | `(ref ${string})`;
export type ValueType = NumberType | "v128" | ReferenceType;

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Limits of a memory or table, in its own unit (pages or elements). */
export interface Limits {
  readonly minimum: number;
  readonly maximum: number | undefined;
  readonly shared: boolean;
  /** The type of its addresses: "i64" for memory64 and table64. */
  readonly addressType: "i32" | "i64";
}

export interface MemoryType extends Limits {
  /** Bytes of a page: 65536 unless the custom page sizes proposal is used. */
  readonly pageSize: number;
}

export interface TableType extends Limits {
  readonly elements: ReferenceType;
}

export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

/** Type of a block: nothing, one result, or a function type's index. */
export type BlockType =
  | { readonly kind: "empty" }
  | { readonly kind: "result"; readonly type: ValueType }
  | { readonly kind: "type"; readonly index: number };

const abstractHeapTypes: Readonly<Record<number, string>> = {
  [0x68]: "cont",
  [0x69]: "exn",
  [0x6a]: "array",
  [0x6b]: "struct",
  [0x6c]: "i31",
  [0x6d]: "eq",
  [0x6e]: "any",
  [0x6f]: "extern",
  [0x70]: "func",
  [0x71]: "none",
  [0x72]: "noextern",
  [0x73]: "nofunc",
  [0x74]: "noexn",
  [0x75]: "nocont",
};

/** The short spelling of `(ref null t)` for the abstract heap types whose names differ from `<t>ref`. */
const nullReferences: Readonly<Record<string, ReferenceType>> = {
  none: "nullref",
  noextern: "nullexternref",
  nofunc: "nullfuncref",
  noexn: "nullexnref",
  nocont: "nullcontref",
};

const plainTypes: Readonly<Record<number, ValueType>> = {
  [0x7f]: "i32",
  [0x7e]: "i64",
  [0x7d]: "f32",
  [0x7c]: "f64",
  [0x7b]: "v128",
};

/** Heap type: an abstract one's name, or a type index as text. */
export function readHeapType(reader: ByteReader): string {
  const start = reader.position;
  const code = reader.sleb(); // s33: an index, or the negative number whose one byte names the type
  if (code >= 0) return String(code);
  const name = code >= -64 ? abstractHeapTypes[code & 0x7f] : undefined;
  return name ?? reader.fail(`Unknown heap type ${code}`, undefined, start);
}

export function readValueType(reader: ByteReader): ValueType {
  const start = reader.position;
  const code = reader.u8();
  return (
    valueTypeOf(code, reader) ?? reader.fail(`Unknown value type 0x${code.toString(16)}`, undefined, start)
  );
}

function valueTypeOf(code: number, reader: ByteReader): ValueType | undefined {
  const plain = plainTypes[code];
  if (plain !== undefined) return plain;
  if (code === 0x63) return `(ref null ${readHeapType(reader)})`;
  if (code === 0x64) return `(ref ${readHeapType(reader)})`;
  const heap = abstractHeapTypes[code];
  return heap === undefined ? undefined : (nullReferences[heap] ?? `${heap}ref`);
}

/** A value type as the binary format has it: what `readValueType` reads. */
export function writeValueType(out: ByteWriter, type: ValueType): ByteWriter {
  const byte = typeBytes.get(type);
  if (byte !== undefined) return out.u8(byte);
  const [, nullable, heap = ""] = /^\(ref (null )?(.*)\)$/.exec(type) ?? [];
  const code = Object.keys(abstractHeapTypes).find((known) => abstractHeapTypes[Number(known)] === heap);
  return out.u8(nullable ? 0x63 : 0x64).sleb(code === undefined ? Number(heap) : Number(code) - 0x80);
}

/** The types of one byte. */
const typeBytes: ReadonlyMap<ValueType, number> = new Map([
  ...Object.entries(plainTypes).map(([byte, type]): [ValueType, number] => [type, Number(byte)]),
  ...Object.entries(abstractHeapTypes).map(([byte, heap]): [ValueType, number] => [
    nullReferences[heap] ?? `${heap}ref`,
    Number(byte),
  ]),
]);

export function readReferenceType(reader: ByteReader): ReferenceType {
  const start = reader.position;
  const type = readValueType(reader);
  if (type === "v128" || type === "i32" || type === "i64" || type === "f32" || type === "f64")
    return reader.fail(`${type} is not a reference type`, undefined, start);
  return type;
}

export function readBlockType(reader: ByteReader): BlockType {
  const start = reader.position;
  const code = reader.u8();
  if (code === 0x40) return { kind: "empty" };
  const type = valueTypeOf(code, reader);
  if (type !== undefined) return { kind: "result", type };
  reader.position = start;
  const index = reader.sleb();
  if (index < 0) reader.fail(`Unknown block type ${index}`, undefined, start);
  return { kind: "type", index };
}

/** A count of things of at least one byte each: more than there are bytes is malformed. */
export function readCount(reader: ByteReader, what: string): number {
  const start = reader.position;
  const count = reader.uleb();
  if (count > reader.remaining) {
    reader.fail(`${count} ${what} cannot fit into ${reader.remaining} bytes`, undefined, start);
  }
  return count;
}

export function readValueTypes(reader: ByteReader): ValueType[] {
  const types: ValueType[] = [];
  for (let left = readCount(reader, "types"); left > 0; left--) types.push(readValueType(reader));
  return types;
}

function readLimits(reader: ByteReader): { flags: number; limits: Limits } {
  const flags = reader.u8();
  const minimum = reader.uleb();
  const maximum = flags & 0x01 ? reader.ulebBig() : undefined;
  return {
    flags,
    limits: {
      minimum,
      maximum: maximum === undefined ? undefined : Number(maximum),
      shared: (flags & 0x02) !== 0,
      addressType: flags & 0x04 ? "i64" : "i32",
    },
  };
}

export function readTableType(reader: ByteReader): TableType {
  const elements = readReferenceType(reader);
  return { ...readLimits(reader).limits, elements };
}

export function readMemoryType(reader: ByteReader): MemoryType {
  const { flags, limits } = readLimits(reader);
  const start = reader.position;
  const logarithm = flags & 0x08 ? reader.uleb() : 16;
  if (logarithm > 16) reader.fail(`Pages of 2^${logarithm} bytes are not supported`, undefined, start);
  const pageSize = 2 ** logarithm;
  if (!Number.isSafeInteger(limits.minimum * pageSize)) {
    reader.fail(`A memory of ${limits.minimum} pages is too large`, undefined, start);
  }
  return { ...limits, pageSize };
}

export function readGlobalType(reader: ByteReader): GlobalType {
  const type = readValueType(reader);
  return { type, mutable: (reader.u8() & 0x01) !== 0 };
}

/** A type section's entry as far as instructions' operands need it; arrays and continuations are "other". */
export type DefinedType =
  | { readonly kind: "function"; readonly type: FunctionType }
  | { readonly kind: "struct"; readonly fields: number }
  | { readonly kind: "other" };

/** The types of a type section by index. */
export function readTypeSection(reader: ByteReader): DefinedType[] {
  const types: DefinedType[] = [];
  for (let left = readCount(reader, "types"); left > 0; left--) {
    const position = reader.position;
    if (reader.u8() === 0x4e) {
      for (let group = readCount(reader, "types"); group > 0; group--) types.push(readSubType(reader));
    } else {
      reader.position = position;
      types.push(readSubType(reader));
    }
  }
  return types;
}

function readSubType(reader: ByteReader): DefinedType {
  let code = reader.u8();
  if (code === 0x4f || code === 0x50) {
    for (let left = readCount(reader, "supertypes"); left > 0; left--) reader.uleb();
    code = reader.u8();
  }
  switch (code) {
    case 0x60: {
      const parameters = readValueTypes(reader);
      return { kind: "function", type: { parameters, results: readValueTypes(reader) } };
    }
    case 0x5f: {
      const fields = readCount(reader, "fields");
      for (let left = fields; left > 0; left--) skipFieldType(reader);
      return { kind: "struct", fields };
    }
    case 0x5e:
      skipFieldType(reader);
      return { kind: "other" };
    case 0x5d:
      reader.uleb();
      return { kind: "other" };
    default:
      return reader.fail(`Unknown type 0x${code.toString(16)}`, undefined, reader.position - 1);
  }
}

function skipFieldType(reader: ByteReader): void {
  const position = reader.position;
  const code = reader.u8();
  if (code !== 0x77 && code !== 0x78) {
    reader.position = position;
    readValueType(reader);
  }
  reader.u8();
}

/** `[i32 i64] -> [f32]`, as the specification writes function types. */
export function functionTypeText(type: FunctionType): string {
  return `[${type.parameters.join(" ")}] -> [${type.results.join(" ")}]`;
}
