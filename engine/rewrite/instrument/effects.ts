/** What instructions do to the operand stack, for a cursor: `stackEffect` (wasm/operands.ts), remembered by opcode and index. */
import type { WasmModule } from "../../wasm/module";
import { type StackEffect, stackEffect } from "../../wasm/operands";
import type { CodeCursor } from "./cursor";

/** Immediates that an effect depends on. */
const counted: ReadonlySet<string> = new Set(["function", "type", "tag", "count"]);

/** Codes of opcodes are less: what lies above is an immediate. */
const CODES = 2 ** 24;

export class Effects {
  private readonly known = new Map<number, StackEffect>();

  constructor(private readonly module: WasmModule) {}

  /** Of the current instruction; undefined where it is not known. */
  of({ opcode, value, second }: CodeCursor): StackEffect | undefined {
    const { code, mnemonic } = opcode;
    const byIndex = code + CODES * (1 + value);
    const known = this.known.get(code) ?? this.known.get(byIndex);
    if (known !== undefined) return known;
    const kinds = opcode.immediates.filter((kind) => counted.has(kind));
    const immediates = kinds.map((kind, at) => ({ kind, value: at === 0 ? value : second }));
    const effect = stackEffect(this.module, { mnemonic, immediates } as never);
    if (effect !== undefined && kinds.length < 2) this.known.set(kinds.length === 0 ? code : byIndex, effect);
    return effect;
  }
}
