/** C++'s durations and points of time, with the unit that their type says. */
import type { Presentation } from "../presentation";
import { delegated } from "./holders";
import { numberArgument, type Part, typeArgument } from "./layout";

/** Suffixes of the language's literals, by the ratio to a second. */
const SUFFIXES: Readonly<Record<string, string>> = {
  "1/1000000000": "ns",
  "1/1000000": "us",
  "1/1000": "ms",
  "1/1": "s",
  "60/1": "min",
  "3600/1": "h",
  "86400/1": "d",
};

/** `chrono::duration`: `1500ms`; of an unusual period `3[5/7]s`, as the library itself writes it. */
export function presentDuration(whole: Part): Presentation | undefined {
  const ticks = whole.member("__rep_");
  const period = typeArgument(whole.type, 1);
  const numerator = period && numberArgument(period, 0);
  if (ticks === undefined || period === undefined || numerator === undefined) return undefined;
  const ratio = `${numerator}/${numberArgument(period, 1) ?? 1n}`;
  const { value } = ticks;
  return {
    missing: value.missing,
    summary: (style) =>
      value.missing
        ? value.text()
        : value.summary(style) + (SUFFIXES[ratio] ?? `[${ratio.replace(/\/1$/, "")}]s`),
  };
}

/** `chrono::time_point`: the time since its clock's epoch. */
export const presentTimePoint = (whole: Part): Presentation | undefined => delegated(whole.member("__d_"));
