/**
 * What the slots of a program's tables hold while it stands still. V8 shows a table as JavaScript sees it: functions,
 * null, and references. Which function one is, is told by comparing it with those that V8 lists for each instance; a
 * function of an instance that is not on the stack stays unnamed.
 */
import { functionIndex } from "../../engine/bytes/offsets";
import type { CoreTable, CoreTableEntry } from "../../engine/coredump/model";
import type { Inspector, Runtime } from "./inspector";

/** Entries of a table that are recorded: a program's element segments fill fewer, all but always. */
export const MOST_ENTRIES = 65_536;
/** Entries in one answer. */
const PAGE = 4096;

/** An instance whose functions a table may hold: V8's `module` scope of it. */
export interface KnownInstance {
  readonly scope: Runtime.RemoteObject;
  readonly importedFunctions: number;
}

/** null, 0 for what cannot be named, or an instance's position and a function's index. */
type ToldEntry = null | 0 | readonly [instance: number, index: number];

/** @param instances those of the dump, in its order */
export function recordTable(
  inspector: Inspector,
  table: Runtime.RemoteObject,
  instances: readonly KnownInstance[],
): CoreTable {
  const size = inspector.callOn<number>(table, sizeOf);
  const imports = instances.map(({ importedFunctions }) => importedFunctions);
  const scopes = instances.map(({ scope }) => scope);
  const entries: CoreTableEntry[] = [];
  const end = Math.min(size, MOST_ENTRIES);
  while (entries.length < end) {
    const page = [entries.length, Math.min(PAGE, end - entries.length), imports];
    entries.push(...inspector.callOnWith<readonly ToldEntry[]>(table, entriesOf, page, scopes).map(entry));
  }
  return { size, entries };
}

function entry(told: ToldEntry): CoreTableEntry {
  if (told === null) return "null";
  return told === 0 ? undefined : { instance: told[0], functionIndex: functionIndex(told[1]) };
}

/** The program may have put a `length` and a `get` of its own on the table. A table of 64-bit indices gives a bigint. */
const sizeOf = `function () {
  return Number(Object.getOwnPropertyDescriptor(WebAssembly.Table.prototype, "length").get.call(this));
}`;

/** A function's name is its index in the module that defines it; one that is imported is also known by its import. */
const entriesOf = `function (start, count, imports, ...scopes) {
  let imported;
  const nameable = (entry) => {
    const index = Number(Object.getOwnPropertyDescriptor(entry, "name").value);
    const instance = scopes.findIndex(({ functions }) => functions[index] === entry);
    if (instance >= 0) return [instance, index];
    if (imported === undefined) {
      imported = new Map();
      scopes.forEach(({ functions }, instance) => {
        for (let index = 0; index < imports[instance]; index++)
          if (!imported.has(functions[index])) imported.set(functions[index], [instance, index]);
      });
    }
    return imported.get(entry) ?? 0;
  };
  const { get } = WebAssembly.Table.prototype;
  const { get: length } = Object.getOwnPropertyDescriptor(WebAssembly.Table.prototype, "length");
  const Index = Object(length.call(this)).constructor;
  return Array.from({ length: count }, (_, at) => {
    try {
      const entry = get.call(this, Index(start + at));
      return entry === null ? null : typeof entry === "function" ? nameable(entry) : 0;
    } catch {
      return 0;
    }
  });
}`;
