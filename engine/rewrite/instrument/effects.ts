/** What instructions do to the operand stack, for a cursor: `stackEffect` (wasm/operands.ts), remembered by opcode. */
import type { WasmModule } from "../../wasm/module";
import { type StackEffect, stackEffect } from "../../wasm/operands";
import type { CodeCursor } from "./cursor";

/** Immediates that an effect depends on. */
const counted: ReadonlySet<string> = new Set(["function", "type", "tag", "count"]);

export class Effects {
  private readonly known = new Map<number, StackEffect | undefined>();

  constructor(private readonly module: WasmModule) {}

  /** Of the current instruction; undefined where it is not known. */
  of({ opcode, value, second }: CodeCursor): StackEffect | undefined {
    const { code, mnemonic } = opcode;
    if (this.known.has(code)) return this.known.get(code);
    const kinds = opcode.immediates.filter((kind) => counted.has(kind));
    const immediates = kinds.map((kind, at) => ({ kind, value: at === 0 ? value : second }));
    const effect = stackEffect(this.module, { mnemonic, immediates } as never);
    if (kinds.length === 0) this.known.set(code, effect);
    return effect;
  }
}
