/**
 * The height of the operand stack before each instruction of a function, as validation knows it
 * (Wasm core specification, "Validation Algorithm"), counting operands without their types.
 */
import type { BodyOffset } from "../bytes/offsets";
import type { FunctionCode } from "./function-code";
import type { Instruction } from "./instructions";
import type { WasmModule } from "./module";
import { blockArity, endsStraightCode, type StackEffect, stackEffect } from "./operands";

/**
 * Operands on the stack; "unreachable" behind an unconditional branch, where the stack is polymorphic;
 * "unknown" where an instruction's operands could not be counted.
 */
export type Height = number | "unreachable" | "unknown";

export interface StackState {
  readonly instruction: Instruction;
  /** Before the instruction. */
  readonly height: Height;
  /** What it takes and leaves; undefined when that is not known. */
  readonly effect: StackEffect | undefined;
}

/** A block (or the function) that has not ended yet. */
interface Block {
  /** Operands below the block's parameters. */
  readonly base: Height;
  readonly parameters: number;
  readonly results: number;
  /** Whether its type is known. */
  readonly typed: boolean;
}

/**
 * The stack before each instruction, in order.
 * @throws FormatError at the first malformed instruction; those before it were given
 */
export function* stackStates(module: WasmModule, code: FunctionCode): Generator<StackState, void> {
  const results = module.functionType(code.body.index)?.results.length;
  const blocks: Block[] = [{ base: 0, parameters: 0, results: results ?? 0, typed: results !== undefined }];
  let height: Height = 0;
  for (const instruction of code.instructions()) {
    const effect = stackEffect(module, instruction);
    yield { instruction, height, effect };
    const { mnemonic, opcode } = instruction;
    const innermost = blocks.at(-1);
    if (innermost === undefined) return;
    if (opcode.structure === "closes") {
      blocks.pop();
      height = behind(innermost, height);
    } else if (opcode.structure === "divides") {
      height = divided(module, instruction, innermost, height);
    } else {
      height = endsStraightCode(mnemonic) ? "unreachable" : applied(effect, height, innermost);
      if (opcode.structure === "opens") blocks.push(opened(module, instruction, height));
    }
  }
}

/**
 * The stack before the instruction that starts at `offset`.
 * @returns undefined when no instruction starts there
 * @throws FormatError when the body is malformed before `offset`
 */
export function stackStateAt(
  module: WasmModule,
  code: FunctionCode,
  offset: BodyOffset,
): StackState | undefined {
  for (const state of stackStates(module, code)) {
    if (state.instruction.offset >= offset) return state.instruction.offset === offset ? state : undefined;
  }
  return undefined;
}

function plus(height: Height, count: number): Height {
  return typeof height === "number" ? height + count : height;
}

function applied(effect: StackEffect | undefined, height: Height, block: Block): Height {
  if (typeof height !== "number") return height;
  if (effect === undefined || typeof block.base !== "number") return "unknown";
  const rest = height - effect.pops;
  return rest < block.base ? "unknown" : rest + effect.pushes;
}

function opened(module: WasmModule, { immediates }: Instruction, height: Height): Block {
  const immediate = immediates.find(({ kind }) => kind === "block");
  const arity = immediate?.kind === "block" ? blockArity(module, immediate.type) : undefined;
  if (arity === undefined) return { base: "unknown", parameters: 0, results: 0, typed: false };
  return { base: plus(height, -arity.parameters), ...arity, typed: true };
}

/** Behind `end`: the block's results on what lay below it, unless the block does not add up. */
function behind(block: Block, height: Height): Height {
  const expected = plus(block.base, block.results);
  return block.typed && addsUp(block, height) ? expected : "unknown";
}

/** Behind `else` and the clauses of the legacy `try`: as the block began, or what was caught. */
function divided(module: WasmModule, instruction: Instruction, block: Block, height: Height): Height {
  if (!block.typed || !addsUp(block, height)) return "unknown";
  if (instruction.mnemonic === "else") return plus(block.base, block.parameters);
  if (instruction.mnemonic === "catch_all") return block.base;
  const tag = instruction.immediates[0];
  const caught = tag?.kind === "tag" ? module.tagType(tag.value)?.parameters.length : undefined;
  return caught === undefined ? "unknown" : plus(block.base, caught);
}

/** Whether a part of a block ends with the block's results on the stack. An unknown height may. */
function addsUp(block: Block, height: Height): boolean {
  return typeof height !== "number" || height === plus(block.base, block.results);
}
