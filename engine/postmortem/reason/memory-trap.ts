/** Traps of instructions that access linear memory: which bytes they wanted, and which there are. */
import type { Immediate, Instruction } from "../../wasm/instructions";
import type { PhysicalFrame, TrapKind } from "../model";
import { operandsAt } from "../operands";
import { integer } from "./registers";
import { hex, plain, plural, type Trap } from "./statement";

/** Loads, stores and atomic accesses, scalar and vector. */
export function memoryAccess(
  instruction: Instruction,
  memarg: Extract<Immediate, { kind: "memarg" }>,
  frame: PhysicalFrame,
  reported: TrapKind | undefined,
): Trap {
  const name = instruction.mnemonic;
  const width = accessWidth(name);
  const memory = memoryFacts(frame, memarg.memory);
  const text = `memory access out of bounds: ${purpose(name)} ${plural(width, "byte")}`;
  // The address is pushed before the values that stores and atomic accesses take.
  const base = integer(operandsAt(frame)[0], false);
  if (base === undefined) {
    // Atomic accesses trap at odd addresses too.
    const likely = name.includes("atomic") ? reported : (reported ?? "memory-out-of-bounds");
    if (likely === "memory-out-of-bounds") return plain(likely, text, memory.facts);
    return plain(reported ?? "unknown", `${name} trapped`, memory.facts);
  }
  const start = base + memarg.offset;
  const place = `at ${hex(start)}`;
  const sum = memarg.offset === 0n ? [] : [`base ${hex(base)} + offset ${memarg.offset}`];
  const fits = memory.size === undefined ? undefined : start + BigInt(width) <= BigInt(memory.size);
  const unaligned = name.includes("atomic") && start % BigInt(width) !== 0n;
  if (unaligned && (fits === true || reported === "unaligned-atomic"))
    return plain("unaligned-atomic", `unaligned atomic access ${place}`);
  if (fits === true || (unaligned && fits === undefined && reported === undefined))
    return plain(reported ?? "unknown", `${name} ${place} trapped`, memory.facts);
  return plain("memory-out-of-bounds", `${text} ${place}`, [...sum, ...memory.facts]);
}

function purpose(name: string): string {
  if (name.includes("store")) return "writing";
  return /rmw|wait|notify/.test(name) ? "atomic access of" : "reading";
}

/** Bytes that an access touches, from the width in its mnemonic. */
function accessWidth(name: string): number {
  if (name.startsWith("v128.")) {
    const narrow = /(?:load|store)(\d+)(?:_splat|_zero|_lane)|load(\d+)x(\d+)/.exec(name);
    if (narrow === null) return 16;
    return narrow[1] === undefined ? (Number(narrow[2]) * Number(narrow[3])) / 8 : Number(narrow[1]) / 8;
  }
  const narrow = /(?:load|store|rmw|notify|wait)(8|16|32|64)/.exec(name);
  if (narrow !== null) return Number(narrow[1]) / 8;
  return /^[if]64/.test(name) ? 8 : 4;
}

/** memory.copy, memory.fill and memory.init. */
export function bulkMemory(instruction: Instruction, frame: PhysicalFrame): Trap {
  const name = instruction.mnemonic;
  const [destination, source, length] = operandsAt(frame).map((operand) => integer(operand, false));
  const memories = instruction.immediates.flatMap((immediate) =>
    immediate.kind === "memory" ? [immediate.value] : [],
  );
  const facts = [...new Set(memories)].flatMap((memory) => memoryFacts(frame, memory).facts);
  if (length === undefined || source === undefined || destination === undefined) {
    return plain("memory-out-of-bounds", `${name}: memory access out of bounds`, facts);
  }
  const from = name === "memory.fill" ? "" : ` from ${hex(source)}`;
  return plain(
    "memory-out-of-bounds",
    `${name}: ${plural(length, "byte")} at ${hex(destination)}${from} are out of bounds`,
    facts,
  );
}

/** How large a memory was at the crash, in bytes, and as a sentence; nothing when the dump does not say. */
function memoryFacts(frame: PhysicalFrame, memory: number): { size: number | undefined; facts: string[] } {
  const size = frame.memorySize(memory);
  if (size === undefined) return { size, facts: [] };
  const pages = size / (frame.module.wasm.memories[memory]?.pageSize ?? 65536);
  const which = memory === 0 ? "the memory" : `memory ${memory}`;
  return { size, facts: [`${which} has ${hex(size)} bytes (${plural(pages, "page")})`] };
}
