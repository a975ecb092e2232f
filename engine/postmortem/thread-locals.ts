/**
 * Where thread-locals lie in a program that was built without threads: LLVM turns them into plain statics then,
 * whose address is all that their location still says, while `__tls_base`, which it adds, is no global at all.
 */
import { attempt, FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import type { WasmModule } from "../wasm/module";

/** Segments whose names are looked at: linkers write a handful. */
const MOST_SEGMENTS = 64;

/**
 * Whether the module has no storage of its own for each thread: no shared memory, no atomics among its features
 * (tool-conventions, Linking.md, "Target Features"), and no segment of initial values for threads.
 */
export function threadLocalsAreStatic(wasm: WasmModule): boolean {
  const known = attempt(() => {
    if (wasm.memories.some(({ shared }) => shared)) return false;
    for (let index = 0; index < MOST_SEGMENTS; index++)
      if (wasm.dataName(index)?.startsWith(".tdata")) return false;
    return !features(wasm).includes("+atomics");
  });
  return !(known instanceof FormatError) && known;
}

/** What the target_features section says is used (`+`), not used (`-`) or required (`=`). */
function features(wasm: WasmModule): readonly string[] {
  const section = wasm.customSection("target_features");
  if (section === undefined) return [];
  const reader = new ByteReader(section.read(0, section.size), section.name);
  const listed: string[] = [];
  for (let left = reader.uleb(); left > 0; left--) {
    const prefix = String.fromCharCode(reader.u8());
    listed.push(prefix + reader.name());
  }
  return listed;
}
