/** C++'s dates, as the library itself writes them: `2024-02-29`, `2024/May`, `Wed[2]`. */
import { Missing } from "../../dwarf/missing";
import { type Presentation, unavailable } from "../presentation";
import type { Part } from "./layout";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const WEEKDAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** At least so many digits, behind the sign. */
export const padded = (value: number, width = 2): string =>
  `${value < 0 ? "-" : ""}${String(Math.abs(value)).padStart(width, "0")}`;

const year = (value: number): string => padded(value, 4);
const month = (value: number): string => MONTHS[value - 1] ?? `${value} is not a valid month`;
const weekday = (value: number): string => WEEKDAYS[value] ?? `${value} is not a valid weekday`;
const nth = (value: number, index: number): string => `${weekday(value)}[${index}]`;
const last = (value: number): string => `${weekday(value)}[last]`;

const isLeap = (of: number): boolean => of % 4 === 0 && (of % 100 !== 0 || of % 400 === 0);

function fullDate(y: number, m: number, d: number): string {
  const days = m === 2 && !isLeap(y) ? 28 : (DAYS[m - 1] ?? 0);
  const text = `${year(y)}-${padded(m)}-${padded(d)}`;
  return d >= 1 && d <= days ? text : `${text} is not a valid date`;
}

/** Where the numbers of each type are, as members of members, and what is written of them. */
const FORMATS: Readonly<Record<string, readonly [string, (...numbers: number[]) => string]>> = {
  year: ["y", year],
  month: ["m", month],
  day: ["d", padded],
  weekday: ["wd", weekday],
  weekday_indexed: ["wd.wd idx", nth],
  weekday_last: ["wd.wd", last],
  month_day: ["m.m d.d", (m, d) => `${month(m!)}/${padded(d!)}`],
  month_day_last: ["m.m", (m) => `${month(m!)}/last`],
  month_weekday: ["m.m wdi.wd.wd wdi.idx", (m, w, i) => `${month(m!)}/${nth(w!, i!)}`],
  month_weekday_last: ["m.m wdl.wd.wd", (m, w) => `${month(m!)}/${last(w!)}`],
  year_month: ["y.y m.m", (y, m) => `${year(y!)}/${month(m!)}`],
  year_month_day: ["y.y m.m d.d", (y, m, d) => fullDate(y!, m!, d!)],
  year_month_day_last: ["y.y mdl.m.m", (y, m) => `${year(y!)}/${month(m!)}/last`],
  year_month_weekday: [
    "y.y m.m wdi.wd.wd wdi.idx",
    (y, m, w, i) => `${year(y!)}/${month(m!)}/${nth(w!, i!)}`,
  ],
  year_month_weekday_last: ["y.y m.m wdl.wd.wd", (y, m, w) => `${year(y!)}/${month(m!)}/${last(w!)}`],
};

/** The number at a path of members; releases differ in underscores. */
function numberAt(whole: Part, path: string): number | Missing | undefined {
  let part: Part | undefined = whole;
  for (const name of path.split(".")) part = part?.member(`__${name}_`, `__${name}`);
  return part?.number();
}

function presentDate(whole: Part, paths: string, write: (...numbers: number[]) => string) {
  const numbers: number[] = [];
  for (const path of paths.split(" ")) {
    const number = numberAt(whole, path);
    if (number === undefined) return undefined;
    if (number instanceof Missing) return unavailable(number);
    numbers.push(number);
  }
  return { summary: () => write(...numbers) };
}

/** The view of each type of the calendar. */
export const CALENDAR_VIEWS: Readonly<Record<string, (whole: Part) => Presentation | undefined>> =
  Object.fromEntries(
    Object.entries(FORMATS).map(([name, [paths, write]]) => [
      `chrono::${name}`,
      (whole: Part) => presentDate(whole, paths, write),
    ]),
  );
