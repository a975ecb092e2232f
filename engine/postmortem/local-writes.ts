/**
 * Whether a frame's locals still hold what they held at an earlier instruction.
 *
 * Values that do not live at the same time share a local. Compilers are to end a value's location where the next
 * one moves in, and LLVM often does not, least of all where the local holds the address of an argument passed by
 * pointer, or is the frame base's, which is done with as soon as a call does not return. The code tells.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import type { BodyOffset, FunctionIndex } from "../bytes/offsets";
import { FunctionCode } from "../wasm/function-code";
import type { Instruction } from "../wasm/instructions";
import type { WasmModule } from "../wasm/module";
import { indexImmediate } from "../wasm/operands";

/**
 * Which assignments count: all of them, or those that LLVM does not end a location at. These are by `local.tee`, and by
 * `local.set` in the basic block in which the frame stands: it looks at what a `local.set` replaces only where it takes
 * locations on from one block to the next.
 */
export type Assignments = "any" | "overlooked";

/**
 * Whether a local may have been assigned since the instruction at `from`. `"first"` is the local's first assignment,
 * which does not count.
 */
export type LocalWrites = (local: number, from: number | "first", by: Assignments) => boolean;

/**
 * For a frame that stands at `offset`, from the function's code, which is read when first asked for; always false
 * where that is not in the file or malformed.
 */
export function localWrites(module: WasmModule, index: FunctionIndex, offset: BodyOffset): LocalWrites {
  const read = once(() => {
    const code = FunctionCode.of(module, index);
    return code && latestWrites(code, offset);
  });
  return (local, from, by) => {
    const latest = attempt(read);
    if (latest === undefined || latest instanceof FormatError) return false;
    const at = latest[by].get(local) ?? -1;
    return from === "first" ? at > (latest.first.get(local) ?? at) : at >= from;
  };
}

type Latest = Readonly<Record<Assignments | "first", Map<number, number>>>;

interface Write {
  readonly local: number;
  readonly at: number;
  readonly isTee: boolean;
}

/**
 * For each local its first assignment, and the last in front of `offset`, unless the code ends before it gets to
 * `offset`. An assignment behind `offset` gets there through a loop around both, and counts as the loop's start.
 */
function latestWrites(code: FunctionCode, offset: BodyOffset): Latest {
  const latest: Latest = { any: new Map(), overlooked: new Map(), first: new Map() };
  const noteAs = (kind: Assignments, { local, at }: Write): void => {
    latest[kind].set(local, Math.max(at, latest[kind].get(local) ?? -1));
  };
  const note = (write: Write): void => {
    noteAs("any", write);
    if (write.isTee) noteAs("overlooked", write);
  };
  /** Assignments in front of `offset` in its basic block. */
  let block: Write[] = [];
  /** Assignments since the last place from which execution may have gone elsewhere. */
  let straight: Write[] = [];
  /** Assignments that a `br` takes to the end of an open block, by its depth: past `offset`, if the block ends there. */
  const arriving = new Map<number, Write[]>();
  /** Open loops that started in front of `offset`, the innermost last. */
  const loops: { readonly start: number; readonly depth: number }[] = [];
  let handlers = false;
  for (const instruction of code.instructions()) {
    const { mnemonic, depth } = instruction;
    const before = instruction.offset < offset;
    if (mnemonic === "end" && loops.at(-1)?.depth === depth) loops.pop();
    if (!before && loops.length === 0) break;
    if (mnemonic === "end") {
      straight.push(...(arriving.get(depth) ?? []));
      arriving.delete(depth);
    }
    if (mnemonic === "loop" && before) loops.push({ start: instruction.offset, depth });
    handlers ||= mnemonic.startsWith("try");
    const isTee = mnemonic === "local.tee";
    const local = isTee || mnemonic === "local.set" ? indexImmediate(instruction, "local") : undefined;
    if (local !== undefined) {
      if (!latest.first.has(local)) latest.first.set(local, instruction.offset);
      const write = { local, at: before ? instruction.offset : loops.at(-1)!.start, isTee };
      straight.push(write);
      if (before) block.push(write);
    }
    if (before && /^(if|else|loop|end|br.*|catch.*|delegate)$/.test(mnemonic)) block = [];
    const ahead = before && !handlers && mnemonic === "br" ? branchTarget(instruction) : undefined;
    if (ahead !== undefined && loops.every((loop) => loop.depth !== ahead)) {
      arriving.set(ahead, [...(arriving.get(ahead) ?? []), ...straight]);
      straight = [];
    } else if (!before || handlers || /^(if|else|br.*)$/.test(mnemonic)) {
      straight.forEach(note);
      straight = [];
    } else if (/^(unreachable|return.*|throw.*)$/.test(mnemonic)) straight = [];
  }
  straight.forEach(note);
  for (const write of block) noteAs("overlooked", write);
  return latest;
}

/** The depth of the block that a branch leaves or, if it is a loop, starts again; below 0 for the function. */
function branchTarget(instruction: Instruction): number | undefined {
  const label = indexImmediate(instruction, "label");
  return label === undefined ? undefined : instruction.depth - 1 - label;
}
