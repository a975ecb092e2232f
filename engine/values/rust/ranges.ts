/** Rust's ranges as its Debug writes them: `1..5`, `..=8`. */
import { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import type { Child } from "../model";
import { namedChildren, unavailable, type View } from "../presentation";
import { member, wholePart } from "./layout";
import { libraryPath, unwrapped } from "./library";
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
