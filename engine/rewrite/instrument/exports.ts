/**
 * Exports that are added, so that the capture library sees what the module keeps to itself: globals, the stack pointer
 * before all, and memories. Their names say the index, which the reader of the dump understands.
 */
import { ByteWriter } from "../../bytes/writer";
import { indexedName } from "../../wasm/indexed-names";
import type { WasmModule } from "../../wasm/module";
import { isRecordable } from "./handler";

const kinds = { memory: 2, global: 3 } as const;

/** The entries of an export section for what can change while the program runs, and no export gives yet. */
export function addedExports(module: WasmModule): { readonly count: number; readonly bytes: Uint8Array } {
  const names = new Set(module.exports.map(({ name }) => name));
  const entries = (kind: "memory" | "global", indices: readonly number[]) => {
    const exported = new Set(module.exports.filter((entry) => entry.kind === kind).map(({ index }) => index));
    return indices
      .filter((index) => !exported.has(index) && !names.has(indexedName(kind, index)))
      .map((index) => new ByteWriter().name(indexedName(kind, index)).u8(kinds[kind]).uleb(index).finish());
  };
  const globals = module.globals.flatMap(({ type, mutable, initial }, index) =>
    isRecordable(type) && (mutable || initial === undefined) ? [index] : [],
  );
  const added = [...entries("memory", [...module.memories.keys()]), ...entries("global", globals)];
  const out = new ByteWriter();
  for (const entry of added) out.bytes(entry);
  return { count: added.length, bytes: out.finish() };
}
