/** Rust's small library values as its Debug writes them: `1..5`, `1.5s`. */
import { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import type { Child } from "../model";
import { namedChildren, type Presentation, unavailable, type View, type World } from "../presentation";
import { member, type Part, wholePart } from "./layout";
import { libraryName, libraryPath, unwrapped } from "./library";
import { partChild, partText } from "./shown";

/** The sign of each range, and the members on its sides. */
const RANGES: Readonly<Record<string, readonly [first: boolean, sign: string, last: boolean]>> = {
  Range: [true, "..", true],
  RangeInclusive: [true, "..=", true],
  RangeFrom: [true, "..", false],
  RangeTo: [false, "..", true],
  RangeToInclusive: [false, "..=", true],
};

export const rangeView: View = (type, storage, world) => {
  const path = libraryPath(type);
  if (path === undefined || !/^core::(ops::)?range::/.test(path)) return undefined;
  if (path.endsWith("::RangeFull")) return { summary: () => ".." };
  const form = RANGES[path.split("::").at(-1)!];
  if (form === undefined) return undefined;
  const whole = wholePart(type, storage);
  const [wantsFirst, sign, wantsLast] = form;
  const first = wantsFirst ? member(whole, world, "start") : undefined;
  const last = wantsLast ? (member(whole, world, "end") ?? member(whole, world, "last")) : undefined;
  if ((wantsFirst && first === undefined) || (wantsLast && last === undefined)) return undefined;
  const exhausted = member(whole, world, "exhausted");
  const over = exhausted && integerOf(exhausted.type, exhausted.storage);
  if (over instanceof Missing) return unavailable(over);
  const ends = [first, last].map((end) => end && unwrapped(end, world));
  const named: Child[] = [];
  if (first !== undefined) named.push(partChild("start", first, world));
  if (last !== undefined) named.push(partChild("end", last, world));
  return {
    summary: (style) => {
      const [from, to] = ends.map((end) => (end === undefined ? "" : partText(end, world, style, 4)));
      return `${from}${sign}${to}${over === 1n ? " (exhausted)" : ""}`;
    },
    children: namedChildren(named.length, () => named),
  };
};

/** `core::time::Duration`: the largest unit in which it is not below one. */
export const durationView: View = (type, storage, world): Presentation | undefined => {
  if (libraryName(type) !== "Duration") return undefined;
  const whole = wholePart(type, storage);
  const secs = numberOf(member(whole, world, "secs"), world);
  const nanos = numberOf(member(whole, world, "nanos"), world);
  if (secs instanceof Missing) return unavailable(secs);
  if (nanos instanceof Missing) return unavailable(nanos);
  if (secs === undefined || nanos === undefined || nanos >= 1_000_000_000n) return undefined;
  return { summary: () => durationText(secs, nanos) };
};

function numberOf(part: Part | undefined, world: World): bigint | Missing | undefined {
  const bare = part && unwrapped(part, world);
  return bare && integerOf(bare.type, bare.storage);
}

function durationText(secs: bigint, nanos: bigint): string {
  if (secs > 0n) return `${decimal(secs, nanos, 9)}s`;
  if (nanos >= 1_000_000n) return `${decimal(nanos / 1_000_000n, nanos % 1_000_000n, 6)}ms`;
  if (nanos >= 1000n) return `${decimal(nanos / 1000n, nanos % 1000n, 3)}µs`;
  return `${nanos}ns`;
}

function decimal(whole: bigint, fraction: bigint, digits: number): string {
  const rest = fraction.toString().padStart(digits, "0").replace(/0+$/, "");
  return rest === "" ? `${whole}` : `${whole}.${rest}`;
}
