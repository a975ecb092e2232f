/** Rust's times: durations, the points of time of a clock without a date, and those of the calendar. */
import { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { shapeOf } from "../fields";
import { type Presentation, unavailable, type View, type World } from "../presentation";
import { strip } from "../types";
import { member, type Part, wholePart } from "./layout";
import { libraryName, unwrapped } from "./library";

/** `1.5s`, `Instant(1.5s)` from wherever its clock began, `2001-09-09T01:46:40Z`. */
export const timeView: View = (type, storage, world): Presentation | undefined => {
  const name = libraryName(type);
  if (name !== "Duration" && name !== "Instant" && name !== "SystemTime") return undefined;
  const span = spanOf(wholePart(type, storage), world);
  if (span instanceof Missing) return unavailable(span);
  if (span === undefined) return undefined;
  const text = name === "SystemTime" ? dateText(span) : durationText(span);
  if (text === undefined) return undefined;
  return { summary: () => (name === "Instant" ? `Instant(${text})` : text) };
};

/** Seconds and nanoseconds. */
interface Span {
  readonly secs: bigint;
  readonly nanos: bigint;
}

/** Each platform wraps its own type of time: `SystemTime`, the platform's, `Timespec` or `Duration`. */
const NESTING_LIMIT = 4;
const NAMES = [
  ["secs", "nanos"],
  ["tv_sec", "tv_nsec"],
] as const;

function spanOf(whole: Part, world: World): Span | Missing | undefined {
  let inner: Part | undefined = whole;
  for (let depth = 0; depth < NESTING_LIMIT && inner !== undefined; depth++) {
    for (const names of NAMES) {
      const [secs, nanos] = names.map((name) => numberOf(member(inner!, world, name), world));
      if (secs instanceof Missing) return secs;
      if (nanos instanceof Missing) return nanos;
      if (secs !== undefined && nanos !== undefined)
        return nanos >= 0n && nanos < SECOND ? { secs, nanos } : undefined;
    }
    inner = onlyMember(inner, world);
  }
  return undefined;
}

function onlyMember(of: Part, world: World): Part | undefined {
  const type = strip(of.type);
  if (type.kind !== "record" || type.definition === undefined) return undefined;
  const { fields } = shapeOf(type.definition);
  const name = fields[0]?.entry.name;
  return fields.length === 1 && name !== undefined ? member(of, world, name) : undefined;
}

function numberOf(part: Part | undefined, world: World): bigint | Missing | undefined {
  const bare = part && unwrapped(part, world);
  return bare && integerOf(bare.type, bare.storage);
}

/** Nanoseconds. */
const SECOND = 1_000_000_000n;

/** In the largest unit in which it is not below one. */
function durationText({ secs, nanos }: Span): string {
  if (secs < 0n) return `-${durationText(negated({ secs, nanos }))}`;
  if (secs > 0n) return `${decimal(secs, nanos, 9)}s`;
  if (nanos >= 1_000_000n) return `${decimal(nanos / 1_000_000n, nanos % 1_000_000n, 6)}ms`;
  if (nanos >= 1000n) return `${decimal(nanos / 1000n, nanos % 1000n, 3)}µs`;
  return `${nanos}ns`;
}

/** A time before the clock's start counts its seconds down, its nanoseconds up. */
function negated({ secs, nanos }: Span): Span {
  const whole = -(secs * SECOND + nanos);
  return { secs: whole / SECOND, nanos: whole % SECOND };
}

function decimal(whole: bigint, fraction: bigint, digits: number): string {
  const rest = fraction.toString().padStart(digits, "0").replace(/0+$/, "");
  return rest === "" ? `${whole}` : `${whole}.${rest}`;
}

/** Milliseconds that JavaScript's calendar reaches from 1970. */
const CALENDAR = 8_640_000_000_000_000n;

/** As RFC 3339 writes a date, in UTC. */
function dateText({ secs, nanos }: Span): string | undefined {
  const millis = secs * 1000n;
  if (millis < -CALENDAR || millis > CALENDAR) return undefined;
  const date = new Date(Number(millis)).toISOString().replace(/\.000Z$/, "");
  const rest = nanos.toString().padStart(9, "0").replace(/0+$/, "");
  return `${date}${rest === "" ? "" : `.${rest}`}Z`;
}
