/**
 * Where a frame must stand although its dump does not tell: where its function has only one instruction that the
 * frame can stand at. A caller stands at a call that can have led to the next younger frame, the youngest at an
 * instruction that can trap. With two of them nothing is said.
 */
import { FunctionCode } from "../wasm/function-code";
import type { Instruction } from "../wasm/instructions";
import type { WasmModule } from "../wasm/module";
import { canTrap, isCall } from "./frame-kinds";
import { LateFrame } from "./late-frame";
import type { CoreFrame } from "./model";
import { type ModuleOfInstance, unknownOffset } from "./placement";

/** The frames, those without a position at the only one that they can have. */
export function withDeducedPositions(
  frames: readonly CoreFrame[],
  moduleOf: ModuleOfInstance,
): readonly CoreFrame[] {
  return frames.map((frame, index) => {
    const module = moduleOf(frame.instance);
    if (frame.offset !== unknownOffset || module === undefined) return frame;
    // Its function is looked through when its position is asked for.
    return new LateFrame(frame, () => onlyPosition(frame, frames[index - 1], module));
  });
}

function onlyPosition(
  frame: CoreFrame,
  younger: CoreFrame | undefined,
  module: WasmModule,
): number | undefined {
  if (younger !== undefined && younger.instance !== frame.instance) return undefined;
  const possible = younger === undefined ? canTrap : callsOf(younger, module);
  let only: number | undefined;
  for (const instruction of liveInstructions(FunctionCode.of(module, frame.functionIndex))) {
    if (!possible(instruction)) continue;
    if (only !== undefined) return undefined;
    only = instruction.offset;
  }
  return only;
}

/** The instructions that can run: what follows an unconditional branch up to the end of its block cannot. */
function* liveInstructions(code: FunctionCode | undefined): Generator<Instruction, void> {
  /** Blocks that were opened since the branch; undefined where code is live. */
  let dead: number | undefined;
  for (const instruction of code?.instructions() ?? []) {
    const { mnemonic } = instruction;
    if (dead === undefined) {
      yield instruction;
      if (/^(unreachable|br|br_table|return|return_call.*|throw|throw_ref|rethrow)$/.test(mnemonic)) dead = 0;
    } else if (dead === 0 && /^(end|else|catch|catch_all|delegate)$/.test(mnemonic)) {
      dead = undefined;
    } else if (/^(block|loop|if|try|try_table)$/.test(mnemonic)) {
      dead++;
    } else if (/^(end|delegate)$/.test(mnemonic)) {
      dead--;
    }
  }
}

/** Whether a call may have led to this frame: by its index, by reference, or by way of the host. */
function callsOf(younger: CoreFrame, module: WasmModule): (instruction: Instruction) => boolean {
  const imports = module.imports.filter(({ kind }) => kind === "function");
  return (instruction) => {
    if (!isCall(instruction)) return false;
    const [target] = instruction.immediates;
    if (target?.kind !== "function") return true;
    // WASI's functions never call back.
    const host = imports[target.value];
    return host === undefined ? target.value === younger.functionIndex : !host.module.startsWith("wasi_");
  };
}
