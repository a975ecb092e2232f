/**
 * What lies where in a linear memory, as LLVM's linker lays programs out: the stack that grows down from the
 * initial `__stack_pointer`, the data that the module brought, and what its allocator got behind both.
 */
import { attempt, FormatError } from "../bytes/errors";
import type { CoreMemory } from "../coredump/model";
import type { Crash, PhysicalFrame } from "./model";
import { integer } from "./reason/registers";
import { StackPointer } from "./recovery/stack-pointer";
import { stackRegion } from "./stack-region";

export type RegionKind = "stack" | "data" | "heap";

export interface Region {
  readonly kind: RegionKind;
  /** `.rodata`, `stack`, `bss and heap`: where one ends and the other begins is not told. */
  readonly name: string;
  /** First address, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Of a stack: the address down to which it was in use at the crash. */
  readonly used?: number | undefined;
}

export interface MemoryMap {
  /** Index in the dump. */
  readonly index: number;
  /** Bytes at the crash. */
  readonly size: number;
  /** Ascending; what lies between is not known to be of any kind. */
  readonly regions: readonly Region[];
  /** Ranges that the dump holds, ascending. */
  readonly recorded: readonly { readonly start: number; readonly end: number }[];
  /** Whether what lies outside of `recorded` was zero. */
  readonly gapsAreZero: boolean;
}

/** The memory of the youngest frame; undefined when the dump has none. */
export function memoryMap(crash: Crash): MemoryMap | undefined {
  const frame = crash.threads[0]?.frames(0, 1)[0]?.physical;
  const instance = frame === undefined ? undefined : crash.dump.instances[frame.core.instance];
  const index = instance === undefined ? 0 : instance.memories[0];
  const memory = index === undefined ? undefined : crash.dump.memories[index];
  if (memory === undefined || index === undefined) return undefined;
  const regions = frame === undefined ? [] : attempt(() => regionsOf(frame, memory));
  return {
    index,
    size: memory.size,
    regions: regions instanceof FormatError ? [] : regions,
    recorded: memory.ranges.map(({ start, length }) => ({ start, end: start + length })),
    gapsAreZero: memory.gapsAreZero,
  };
}

function regionsOf(frame: PhysicalFrame, memory: CoreMemory): readonly Region[] {
  const { wasm } = frame.module;
  const data: Region[] = [];
  for (const { index, memory: own, offset, size } of wasm.activeData) {
    if (own !== 0 || offset === undefined || size === 0) continue;
    data.push({
      kind: "data",
      name: wasm.dataName(index) ?? `data ${index}`,
      start: offset,
      end: offset + size,
    });
  }
  data.sort((a, b) => a.start - b.start);
  const stack = stackOf(frame);
  const last = Math.max(stack?.end ?? 0, data.at(-1)?.end ?? 0);
  const heap: Region[] =
    memory.size > last && last > 0
      ? [{ kind: "heap", name: "bss and heap", start: last, end: memory.size }]
      : [];
  return [...(stack === undefined ? [] : [stack]), ...data, ...heap].sort((a, b) => a.start - b.start);
}

function stackOf(frame: PhysicalFrame): Region | undefined {
  const region = stackRegion(frame.module.wasm);
  const pointer = new StackPointer(frame.module.wasm).global;
  if (region === undefined || pointer === undefined) return undefined;
  const { start, end } = region;
  const current = integer(frame.machine.global(pointer), false);
  const used =
    current === undefined || current < BigInt(start) || current > BigInt(end) ? undefined : Number(current);
  return { kind: "stack", name: "stack", start, end, used };
}
