/** What a module fills its first memory with when it is instantiated: where its constants lie. */
import { once } from "../bytes/errors";
import type { InitialData } from "../values/presentation";
import type { WasmModule } from "../wasm/module";

/** The active segments whose place is known; their bytes are read when they are asked for. */
export function initialData(wasm: WasmModule): readonly InitialData[] {
  return wasm.activeData.flatMap((segment) =>
    segment.memory !== 0 || segment.offset === undefined
      ? []
      : [{ address: segment.offset, size: segment.size, bytes: once(() => wasm.dataOf(segment)) }],
  );
}
