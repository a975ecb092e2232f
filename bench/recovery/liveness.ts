/** Which locals the code may still read, at each instruction: backward data flow over a function's blocks. */

import type { FunctionIndex } from "../../engine/bytes/offsets";
import { type Flow, flowTo } from "../../engine/postmortem/recovery/flow";
import { FunctionCode } from "../../engine/wasm/function-code";
import type { WasmModule } from "../../engine/wasm/module";
import { indexImmediate } from "../../engine/wasm/operands";

export class Liveness {
  private readonly flows = new Map<number, { flow: Flow; out: Set<number>[] } | undefined>();
  private readonly found = new Map<string, ReadonlySet<number>>();

  constructor(private readonly module: WasmModule) {}

  /** Locals that may be read after the instruction at `offset` has begun. */
  at(index: FunctionIndex, offset: number): ReadonlySet<number> {
    const key = `${index} ${offset}`;
    const known = this.found.get(key);
    if (known !== undefined) return known;
    const live = this.compute(index, offset);
    this.found.set(key, live);
    return live;
  }

  private compute(index: FunctionIndex, offset: number): ReadonlySet<number> {
    if (!this.flows.has(index)) this.flows.set(index, this.solve(index));
    const solved = this.flows.get(index);
    const { flow, out } = solved ?? {};
    const block = flow?.blocks.findIndex(
      ({ first, end }) =>
        flow.steps[first]!.instruction.offset <= offset && offset <= flow.steps[end - 1]!.instruction.offset,
    );
    if (flow === undefined || out === undefined || block === undefined || block < 0) return new Set();
    const { first, end } = flow.blocks[block]!;
    const live = new Set(out[block]);
    for (let at = end - 1; at >= first && flow.steps[at]!.instruction.offset >= offset; at--)
      step(flow, at, live);
    return live;
  }

  private solve(index: FunctionIndex): { flow: Flow; out: Set<number>[] } | undefined {
    const code = FunctionCode.of(this.module, index);
    if (code === undefined) return undefined;
    let flow: Flow;
    try {
      flow = flowTo(this.module, code, "return");
    } catch {
      return undefined;
    }
    const out = flow.blocks.map(() => new Set<number>());
    const into = flow.blocks.map(() => new Set<number>());
    for (let changed = true; changed; ) {
      changed = false;
      for (let block = flow.blocks.length - 1; block >= 0; block--) {
        const { first, end, ways } = flow.blocks[block]!;
        const before = into[block]!.size + out[block]!.size;
        for (const { to } of ways) for (const local of into[to]!) out[block]!.add(local);
        const live = new Set(out[block]);
        for (let at = end - 1; at >= first; at--) step(flow, at, live);
        into[block] = live;
        if (live.size + out[block]!.size !== before) changed = true;
      }
    }
    return { flow, out };
  }
}

function step(flow: Flow, at: number, live: Set<number>): void {
  const { instruction } = flow.steps[at]!;
  const local = indexImmediate(instruction, "local");
  if (local === undefined) return;
  if (instruction.mnemonic === "local.get") live.add(local);
  else live.delete(local);
}
