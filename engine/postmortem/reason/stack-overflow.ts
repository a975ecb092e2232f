/**
 * The C stack ran out. LLVM's languages keep what needs an address on a stack of their own in linear memory, and
 * its pointer in the global `__stack_pointer`. Nothing checks it: a recursion that is too deep moves the pointer below
 * the stack. Where that lies lowest in memory, the next access is out of bounds; where it lies behind the data, the
 * program overwrites its data and goes on, until something else fails.
 */
import type { WasmModule } from "../../wasm/module";
import type { PhysicalFrame } from "../model";
import { StackPointer } from "../recovery/stack-pointer";
import { stackRegion } from "../stack-region";
import { integer } from "./registers";
import type { RuntimeReason } from "./runtime-call";
import { hex, type Trap } from "./statement";

/** What Emscripten's checks say (`-sSTACK_OVERFLOW_CHECK`): of the pointer, and of a word behind the stack's end. */
const CHECKED =
  /Attempt to set SP to (0x[0-9a-f]+)(?:, with stack limits \[(0x[0-9a-f]+) - (0x[0-9a-f]+)\])?|Stack cookie has been overwritten/i;

/** @returns undefined when the stack pointer lies within its stack, or that is not known */
export function findStackOverflow(
  frame: PhysicalFrame,
  trap: Trap,
  error: string | undefined,
): RuntimeReason | undefined {
  const checked = CHECKED.exec(error ?? "");
  if (checked !== null) return overflow(reported(checked));
  const region = isNamed(frame.module.wasm) ? stackRegion(frame.module.wasm) : undefined;
  const lowest = lowestUse(frame, BigInt(region?.start ?? 0));
  if (lowest === undefined) return undefined;
  const { what, at } = lowest;
  if (at < 0n) {
    const address = BigInt.asUintN(frame.machine.addressSize * 8, at);
    // In a memory of more than half the address space it may be a place like any other.
    const isOutside = address >= BigInt(frame.memorySize(0) ?? 0);
    return isOutside && trap.kind === "memory-out-of-bounds"
      ? overflow([`${what}, ${hex(address)}, has moved below address 0`, ...trap.details])
      : undefined;
  }
  if (region === undefined || at >= BigInt(region.start)) return undefined;
  return overflow([
    `${what}, ${hex(at)}, has moved below the stack's end, ${hex(region.start)}, into the program's data`,
    ...trap.details,
  ]);
}

/** Whether the module says which global is the pointer: one that only looks like it may count something else. */
function isNamed(wasm: WasmModule): boolean {
  const { global } = new StackPointer(wasm);
  return global !== undefined && wasm.globalName(global) !== undefined;
}

const overflow = (details: readonly string[]): RuntimeReason => ({
  language: "stack-overflow",
  title: "the recursion is too deep, or its locals are too large, for the program's stack",
  details,
});

function reported([, pointer, low, high]: RegExpExecArray): readonly string[] {
  if (pointer === undefined) return ["the word behind the stack's end has been overwritten"];
  const limits = low === undefined ? "" : `, the stack lies from ${low} to ${high}`;
  return [`the stack pointer was to be set to ${pointer}${limits}`];
}

/**
 * How far down the stack is used: to the stack pointer, or in a function that calls nobody, which leaves the pointer
 * where it is, to its frame's start. Signed, since it may have gone below address 0.
 * @returns undefined as well where it cannot reach below `end`, the stack's
 */
function lowestUse(
  frame: PhysicalFrame,
  end: bigint,
): { readonly what: string; readonly at: bigint } | undefined {
  const { global } = new StackPointer(frame.module.wasm);
  const pointer = global === undefined ? undefined : integer(frame.machine.global(global), true);
  // To know the frame's start exactly, all callers have to be followed.
  if (pointer === undefined || pointer - BigInt(frame.recovery.frameSize) >= end) return undefined;
  const own = integer(frame.recovery.frameStart, true);
  return own === undefined || own >= pointer
    ? { what: "the stack pointer", at: pointer }
    : { what: "the start of the youngest frame", at: own };
}
