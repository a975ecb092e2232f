/**
 * The C stack ran out. LLVM's languages keep what needs an address on a stack of their own in linear memory, and
 * its pointer in the global `__stack_pointer`. Where that stack lies lowest in memory, as linkers lay it out, a
 * recursion that is too deep moves the pointer below address 0, and the next access is out of bounds.
 */
import type { PhysicalFrame } from "../model";
import { StackPointer } from "../recovery/stack-pointer";
import { integer } from "./registers";
import type { RuntimeReason } from "./runtime-call";
import { hex, type Trap } from "./statement";

/** @returns undefined when the stack pointer lies within memory, or is not known */
export function findStackOverflow(frame: PhysicalFrame, trap: Trap): RuntimeReason | undefined {
  if (trap.kind !== "memory-out-of-bounds") return undefined;
  const { wasm } = frame.module;
  const { global } = new StackPointer(wasm);
  const pointer = global === undefined ? undefined : integer(frame.machine.global(global), true);
  if (pointer === undefined || pointer >= 0n) return undefined;
  const unsigned = BigInt.asUintN(wasm.globals[global!]?.type === "i64" ? 64 : 32, pointer);
  return {
    language: "stack-overflow",
    title: "the recursion is too deep, or its locals are too large, for the program's stack",
    details: [`the stack pointer, ${hex(unsigned)}, has moved below address 0`, ...trap.details],
  };
}
