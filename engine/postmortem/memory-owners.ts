/**
 * Whose a place in memory is: the variable of a frame that lies there, else the region. For people who look at an
 * address and wonder what it is.
 */
import { functionSlot } from "../values/function-pointers";
import type { Value } from "../values/model";
import { memoryMap, type Region } from "./memory-map";
import type { Crash, Frame, Thread } from "./model";

/** Frames whose variables are looked at. */
const MOST_FRAMES = 100;

/** A variable and where it is. */
export interface Holder {
  /** `#13 process_thing: thing`, `static: COUNT`. */
  readonly name: string;
  readonly value: Value;
}

/** The arguments, locals and statics of the program's frames in a thread, as far as they are of one instance. */
function holdersOf(thread: Thread, instance: number): readonly Holder[] {
  const holders: Holder[] = [];
  const units = new Set<unknown>();
  for (const frame of thread.frames(0, MOST_FRAMES)) {
    if (frame.origin !== "program" || frame.physical.core.instance !== instance) continue;
    const ofUnit = frame.unit !== undefined && !units.has(frame.unit);
    units.add(frame.unit);
    for (const scope of frame.scopes()) {
      const name = scope.kind === "statics" ? "static" : `#${frame.index} ${frame.name}`;
      const wanted =
        scope.kind === "arguments" || scope.kind === "locals" || (scope.kind === "statics" && ofUnit);
      if (!wanted) continue;
      for (const variable of scope.variables())
        holders.push({ name: `${name}: ${variable.name}`, value: variable.value });
    }
  }
  return holders;
}

/** Says what lies at addresses of a frame's memory. */
export class MemoryOwners {
  private readonly holders: readonly Holder[];
  private readonly regions: readonly Region[];

  constructor(crash: Crash, thread: Thread, { physical }: Frame) {
    const { instance } = physical.core;
    const map = memoryMap(crash);
    const isMapped = map !== undefined && map.index === crash.dump.instances[instance]?.memories[0];
    this.regions = isMapped ? map.regions : [];
    this.holders = holdersOf(thread, instance);
  }

  /** `#3 main: point + 4`, `heap`; undefined when nothing is known. */
  at(address: number): string | undefined {
    for (const { name, value } of this.holders) {
      const { address: start, size } = value;
      if (start === undefined || size === undefined) continue;
      const offset = address - start;
      if (offset >= 0 && offset < size) return offset === 0 ? name : `${name} + ${offset}`;
    }
    return this.regions.find(({ start, end }) => address >= start && address < end)?.name;
  }

  /** Variables that point into `start` up to `end`, without it, wherever they are themselves. */
  pointingInto(start: number, end: number): readonly Holder[] {
    return this.holders.filter(({ value }) => {
      const { target } = value;
      return target !== undefined && functionSlot(value) === undefined && target >= start && target < end;
    });
  }
}
