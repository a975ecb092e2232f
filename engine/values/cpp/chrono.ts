/** C++'s durations and points of time, with the unit that their type says. */
import { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { type Presentation, unavailable } from "../presentation";
import { padded } from "./calendar";
import { delegated } from "./holders";
import { libraryName, numberArgument, type Part, typeArgument } from "./layout";

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

/** Ticks, of which a second has a one with so many zeros, or of which each takes so many seconds. */
interface Fraction {
  readonly ticks: bigint;
  readonly digits: number;
  readonly seconds: bigint;
}

/** A duration's ticks, and how many of them a second has; undefined where that is no power of ten, or no whole number. */
function fractionOf(duration: Part | undefined): Fraction | Missing | undefined {
  const rep = duration?.member("__rep_");
  const period = duration && typeArgument(duration.type, 1);
  const numerator = period && numberArgument(period, 0);
  const denominator = (period && numberArgument(period, 1)) ?? 1n;
  const ticks = rep && integerOf(rep.type, rep.storage);
  if (ticks === undefined || ticks instanceof Missing || numerator === undefined)
    return ticks as Missing | undefined;
  const digits = /^10*$/.test(String(denominator)) ? String(denominator).length - 1 : -1;
  if (digits < 0 || (digits > 0 && numerator !== 1n)) return undefined;
  return { ticks, digits, seconds: numerator };
}

/** Clocks that count from 1970 on. */
const CIVIL = /^chrono::(system_clock|local_t)$/;
const DAY = 86_400n;
/** What a `Date` can tell, in seconds from 1970 on. */
const DATE_LIMIT = 8_640_000_000_000n;

/**
 * `chrono::time_point`: of the calendar's clocks the date and time of day (UTC), of others the time since their
 * epoch.
 */
export function presentTimePoint(whole: Part): Presentation | undefined {
  const since = whole.member("__d_");
  const clock = typeArgument(whole.type, 0);
  const fraction = clock && CIVIL.test(libraryName(clock) ?? "") ? fractionOf(since) : undefined;
  const plain = delegated(since);
  if (fraction === undefined || fraction instanceof Missing) return plain;
  const { ticks, digits, seconds } = fraction;
  const unit = 10n ** BigInt(digits);
  const rest = ((ticks % unit) + unit) % unit;
  const total = ((ticks - rest) / unit) * seconds;
  if (total > DATE_LIMIT || total < -DATE_LIMIT) return plain;
  const [date, time] = new Date(Number(total) * 1000).toISOString().split(/[T.]/) as [string, string];
  const text = seconds % DAY === 0n ? date : `${date} ${time}${fractionText(rest, digits)}`;
  return plain && { ...plain, summary: () => text };
}

/** `chrono::hh_mm_ss`: `01:02:03.004`. */
export function presentTimeOfDay(whole: Part): Presentation | undefined {
  const at = (name: string): Part | undefined => whole.member(`__${name}_`, `__${name}`);
  const negative = at("is_neg")?.number();
  const fraction = fractionOf(at("f"));
  const numbers = ["h", "m", "s"].map((name) => at(name)?.member("__rep_")?.number());
  for (const part of [negative, fraction, ...numbers]) {
    if (part === undefined) return undefined;
    if (part instanceof Missing) return unavailable(part);
  }
  const { ticks, digits } = fraction as Fraction;
  const clock = (numbers as number[]).map((number) => padded(number)).join(":");
  return { summary: () => `${negative === 0 ? "" : "-"}${clock}${fractionText(ticks, digits)}` };
}

const fractionText = (ticks: bigint, digits: number): string =>
  digits === 0 ? "" : `.${String(ticks).padStart(digits, "0")}`;
