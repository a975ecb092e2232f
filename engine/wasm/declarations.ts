/**
 * What a module declares: imports, exports, globals, memories, tables and the entries of its tables
 * (binary format, "Modules"). All of them are small beside the code.
 */
import { type FunctionIndex, functionIndex } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import { type Constant, constantOffset, readConstant } from "./constant";
import {
  type GlobalType,
  type MemoryType,
  readCount,
  readGlobalType,
  readMemoryType,
  readReferenceType,
  readTableType,
  type TableType,
} from "./types";

export type ExternalKind = "function" | "table" | "memory" | "global" | "tag";
const externalKinds: readonly ExternalKind[] = ["function", "table", "memory", "global", "tag"];

export type Import = { readonly module: string; readonly name: string } & (
  | { readonly kind: "function"; readonly typeIndex: number }
  | { readonly kind: "table"; readonly type: TableType }
  | { readonly kind: "memory"; readonly type: MemoryType }
  | { readonly kind: "global"; readonly type: GlobalType }
  | { readonly kind: "tag"; readonly typeIndex: number }
);

export interface Export {
  readonly name: string;
  readonly kind: ExternalKind;
  /** In the index space of its kind. */
  readonly index: number;
}

export interface Global extends GlobalType {
  readonly imported: boolean;
  /** The initial value, where it is known without running the module. */
  readonly initial: Constant | undefined;
}

export interface Memory extends MemoryType {
  readonly imported: boolean;
}

export interface Table extends TableType {
  readonly imported: boolean;
  /** What every slot holds before segments fill it. */
  readonly initial: Constant | undefined;
}

/** What a table slot holds: a function, null, or something that is not known without running the module. */
export type TableEntry = FunctionIndex | "null" | undefined;

/** An element segment that fills a table at instantiation. */
export interface ActiveElements {
  readonly table: number;
  /** First slot; undefined when it depends on an import. */
  readonly offset: number | undefined;
  readonly entries: readonly TableEntry[];
}

type GlobalValue = (index: number) => Constant | undefined;

function readKind(reader: ByteReader): ExternalKind {
  const code = reader.u8();
  return externalKinds[code] ?? reader.fail(`Unknown kind ${code}`, undefined, reader.position - 1);
}

export function readImports(reader: ByteReader): Import[] {
  const imports: Import[] = [];
  for (let left = readCount(reader, "imports"); left > 0; left--) {
    const module = reader.name();
    const name = reader.name();
    const kind = readKind(reader);
    switch (kind) {
      case "function":
        imports.push({ module, name, kind, typeIndex: reader.uleb() });
        break;
      case "table":
        imports.push({ module, name, kind, type: readTableType(reader) });
        break;
      case "memory":
        imports.push({ module, name, kind, type: readMemoryType(reader) });
        break;
      case "global":
        imports.push({ module, name, kind, type: readGlobalType(reader) });
        break;
      case "tag":
        reader.u8(); // attribute: exception
        imports.push({ module, name, kind, typeIndex: reader.uleb() });
        break;
    }
  }
  return imports;
}

export function readExports(reader: ByteReader): Export[] {
  const exports: Export[] = [];
  for (let left = readCount(reader, "exports"); left > 0; left--) {
    exports.push({ name: reader.name(), kind: readKind(reader), index: reader.uleb() });
  }
  return exports;
}

/** Type indices of the functions that the module defines. */
export function readFunctions(reader: ByteReader): ArrayLike<number> {
  const types = new Float64Array(readCount(reader, "functions"));
  for (let i = 0; i < types.length; i++) types[i] = reader.uleb();
  return types;
}

/** Type indices of the tags that the module defines. */
export function readTags(reader: ByteReader): number[] {
  const types: number[] = [];
  for (let left = readCount(reader, "tags"); left > 0; left--) {
    reader.u8(); // attribute: exception
    types.push(reader.uleb());
  }
  return types;
}

export function readMemories(reader: ByteReader): Memory[] {
  const memories: Memory[] = [];
  for (let left = readCount(reader, "memories"); left > 0; left--) {
    memories.push({ ...readMemoryType(reader), imported: false });
  }
  return memories;
}

/** @param imported globals before the module's own; earlier globals are visible to later ones */
export function readGlobals(reader: ByteReader, imported: readonly Global[]): Global[] {
  const globals = [...imported];
  const value: GlobalValue = (index) => (globals[index]?.mutable ? undefined : globals[index]?.initial);
  for (let left = readCount(reader, "globals"); left > 0; left--) {
    const type = readGlobalType(reader);
    globals.push({ ...type, imported: false, initial: readConstant(reader, value) });
  }
  return globals.slice(imported.length);
}

export function readTables(reader: ByteReader, value: GlobalValue): Table[] {
  const tables: Table[] = [];
  for (let left = readCount(reader, "tables"); left > 0; left--) {
    const position = reader.position;
    if (reader.u8() === 0x40) {
      reader.u8(); // reserved
      const type = readTableType(reader);
      tables.push({ ...type, imported: false, initial: readConstant(reader, value) });
    } else {
      reader.position = position;
      tables.push({ ...readTableType(reader), imported: false, initial: { type: "null" } });
    }
  }
  return tables;
}

/** The active segments of an element section, in the order in which they are applied. */
export function readActiveElements(reader: ByteReader, value: GlobalValue): ActiveElements[] {
  const active: ActiveElements[] = [];
  for (let left = readCount(reader, "element segments"); left > 0; left--) {
    const start = reader.position;
    const flags = reader.uleb();
    if (flags > 7) reader.fail(`Unknown element segment ${flags}`, undefined, start);
    const isActive = (flags & 1) === 0;
    const table = isActive && (flags & 2) !== 0 ? reader.uleb() : 0;
    const offset = isActive ? constantOffset(readConstant(reader, value)) : undefined;
    const expressions = (flags & 4) !== 0;
    if ((flags & 3) !== 0) {
      if (expressions) readReferenceType(reader);
      else reader.u8(); // element kind
    }
    const entries: TableEntry[] = [];
    for (let count = readCount(reader, "elements"); count > 0; count--) {
      entries.push(expressions ? tableEntryOf(readConstant(reader, value)) : functionIndex(reader.uleb()));
    }
    if (isActive) active.push({ table, offset, entries });
  }
  return active;
}

export function tableEntryOf(constant: Constant | undefined): TableEntry {
  if (constant?.type === "function") return constant.index;
  return constant?.type === "null" ? "null" : undefined;
}
