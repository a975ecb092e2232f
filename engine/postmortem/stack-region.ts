/**
 * Where the program's own stack lies in linear memory: LLVM's linker puts it below the data (`--stack-first`, the
 * default since LLVM 22) or behind it, and starts `__stack_pointer` at its upper end.
 */
import type { WasmModule } from "../wasm/module";
import { StackPointer } from "./recovery/stack-pointer";

export interface StackRegion {
  /** The lowest address that may belong to it: what lies below is the data's. */
  readonly start: number;
  /** The address behind its last byte. */
  readonly end: number;
}

/** @returns undefined where that cannot be told, or the host may give the program another stack */
export function stackRegion(wasm: WasmModule): StackRegion | undefined {
  const { initial } = new StackPointer(wasm);
  if (initial === undefined) return undefined;
  const end = Number(initial);
  // Symbols of the linker's, where the program exports them; else what the module's own data takes.
  const named = ["__stack_low", "__data_end"].flatMap((name) => exportedAddress(wasm, name) ?? []);
  const data = wasm.activeData.flatMap(({ memory, offset, size }) =>
    memory !== 0 || offset === undefined || size === 0 || offset >= end ? [] : [offset + size],
  );
  const start = Math.max(0, ...data, ...named.filter((address) => address < end));
  return start < end ? { start, end } : undefined;
}

function exportedAddress(wasm: WasmModule, symbol: string): number | undefined {
  const found = wasm.exports.find(({ kind, name }) => kind === "global" && name === symbol);
  const initial = found && wasm.globals[found.index]?.initial;
  if (initial?.type === "i32") return initial.value >>> 0;
  return initial?.type === "i64" ? Number(BigInt.asUintN(64, initial.value)) : undefined;
}
