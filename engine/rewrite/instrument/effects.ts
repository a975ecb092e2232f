/** What instructions do to the operand stack, for a cursor: `stackEffect` (wasm/operands.ts), remembered by opcode and index. */
import type { WasmModule } from "../../wasm/module";
import { type StackEffect, stackEffect } from "../../wasm/operands";
import { ByOpcode } from "./by-opcode";
import type { CodeCursor } from "./cursor";

/** Immediates that an effect depends on. */
const counted: ReadonlySet<string> = new Set(["function", "type", "tag", "count"]);

export class Effects {
  private readonly known = new ByOpcode<StackEffect>();
  private readonly knownByIndex = new ByOpcode<Map<number, StackEffect>>();

  constructor(private readonly module: WasmModule) {}

  /** Of the current instruction; undefined where it is not known. */
  of({ opcode, value, second }: CodeCursor): StackEffect | undefined {
    const { code, mnemonic } = opcode;
    const known = this.known.get(code) ?? this.knownByIndex.get(code)?.get(value);
    if (known !== undefined) return known;
    const kinds = opcode.immediates.filter((kind) => counted.has(kind));
    const immediates = kinds.map((kind, at) => ({ kind, value: at === 0 ? value : second }));
    const effect = stackEffect(this.module, { mnemonic, immediates } as never);
    if (effect === undefined) return undefined;
    if (kinds.length === 0) this.known.set(code, effect);
    else if (kinds.length === 1) {
      const byIndex = this.knownByIndex.get(code) ?? new Map<number, StackEffect>();
      this.knownByIndex.set(code, byIndex.set(value, effect));
    }
    return effect;
  }
}
