/**
 * What is to be said of each variable of each program frame: right, missing with its reason, or wrong, and who
 * says so. The judges share nothing with the decoder: the source (expected.json), the unoptimised build of the
 * same source and crash, and the locals that V8 recorded.
 */
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Frame } from "../../engine/postmortem/model";
import type { Value } from "../../engine/values/model";
import { agrees, isUnset } from "../../test/fixtures/agrees";
import type { ExpectedValue, Fixture } from "../../test/fixtures/index";
import type { FixtureCrash, ListedVariable, ProgramFrame } from "./frames";
import { differences } from "./leaves";
import { localClaimed, type Recorded } from "./machine";

export type Outcome =
  | "right"
  | "missing"
  | "wrong"
  /** Declared and not assigned yet: nothing to be right about. */
  | "unset"
  /** Shown, and no judge knows what it should be. */
  | "unjudged";

export type Judge = "source" | "unoptimised build" | "V8";

export interface Verdict {
  readonly fixture: Fixture;
  /** Of the program's frames, the youngest is 0. */
  readonly depth: number;
  readonly function: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** Whether expected.json tells of it. */
  readonly expected: boolean;
  /** Who has compared it and agrees. */
  readonly judges: readonly Judge[];
  /** What is wrong, or why it is missing. */
  readonly why: string | undefined;
  /** What llvm-dwarfdump says of where it is here; undefined when DWARF does not locate it. */
  readonly location: string | undefined;
  /** Whether it is listed by us, and by llvm-dwarfdump. */
  readonly listed: { readonly here: boolean; readonly byDwarfdump: boolean };
  /** Its location names a local that the code has given to another value since. */
  readonly refuted: Refuted | undefined;
}

/** What a location that is not believed would have shown. */
export type Refuted = "would have been wrong" | "would have been right" | "nobody knows";

/** @param twin the unoptimised build of the same source, with the same crash */
export function judge(crash: FixtureCrash, twin: FixtureCrash | undefined): Verdict[] {
  let later = twin?.frames ?? [];
  return crash.frames.flatMap((frame, depth) => {
    const at = later.findIndex((other) => other.frame.name === frame.frame.name);
    const same = later[at];
    if (same !== undefined) later = later.slice(at + 1);
    const place = { fixture: crash.fixture, depth, function: frame.frame.name };
    return frame.variables.map((variable) => ({ ...place, ...judgeVariable(variable, frame, same) }));
  });
}

function judgeVariable(
  variable: ListedVariable,
  { frame, variables }: ProgramFrame,
  twin: ProgramFrame | undefined,
): Omit<Verdict, "fixture" | "depth" | "function"> {
  const { name, nth, value, scoped, wanted } = variable;
  const other = twin?.variables.find((candidate) => candidate.name === name && candidate.nth === nth);
  const base = {
    name: nth === 0 ? name : `${name}#${nth}`,
    location: scoped?.location,
    expected: wanted.length > 0,
    listed: { here: value !== undefined, byDwarfdump: scoped !== undefined },
    refuted: undefined,
  };
  const judges: Judge[] = [];
  const faults: string[] = [];
  let why: string | undefined;
  if (wanted.some(([, expectation]) => isUnset(expectation)))
    return { ...base, outcome: "unset", judges: ["source"], why: undefined };
  if (value === undefined) return { ...base, outcome: "wrong", judges, why: "it is not listed" };
  if (value.missing !== undefined) why = value.missing.text;

  for (const [expression, expectation] of wanted) {
    const found = expression === name ? value : evaluated(expression, frame);
    // What a comparison with another variable lacks, it may lack of that one.
    const isAlone = !variables.some((other) => other.name !== name && namesIn(expression).has(other.name));
    if (!isValue(found)) why ??= isAlone ? found : undefined;
    else if (agrees(found, expectation)) judges.push("source");
    else if (found.missing !== undefined)
      why ??= isAlone ? `${expression}: ${found.missing.text}` : undefined;
    else faults.push(`${expression}: ${found.text()}, not ${JSON.stringify(expectation)}`);
  }
  if (other?.value !== undefined && other.value.missing === undefined && value.missing === undefined) {
    const isSet = !other.wanted.some(([, unset]) => isUnset(unset));
    const found = isSet ? differences(value, other.value) : undefined;
    faults.push(...(found ?? []).map((text) => `unlike the unoptimised build: ${text}`));
    if (found?.length === 0) judges.push("unoptimised build");
  }
  const recorded = localClaimed(scoped?.location, frame);
  // Of what was there before, V8 knows nothing: the others judge.
  if (recorded !== undefined && value.missing === undefined && value.provenance !== "recovered") {
    const shown = recorded.isShownBy(value);
    if (shown === true) judges.push("V8");
    if (shown === false) faults.push(`V8 recorded ${recorded.text}, shown is ${value.text()}`);
  }
  const result = { ...base, judges: [...new Set(judges)] };
  if (faults.length > 0) return { ...result, outcome: "wrong", why: faults.join("; ") };
  if (why !== undefined && value.missing !== undefined && isRightlyMissing(value, wanted))
    return { ...result, outcome: "right", why: undefined };
  if (why !== undefined)
    return { ...result, outcome: "missing", why, refuted: refutation(variable, recorded, other) };
  return { ...result, outcome: judges.length > 0 ? "right" : "unjudged", why: undefined };
}

const isRightlyMissing = (value: Value, wanted: ListedVariable["wanted"]): boolean =>
  wanted.length > 0 && wanted.every(([, expectation]) => agrees(value, expectation));

/** What the source expects of something else than a variable: a static, or a member of `this`. */
export function judgeOther(
  expression: string,
  wanted: ExpectedValue,
  frame: Frame,
): { readonly outcome: Outcome; readonly why: string | undefined } {
  const found = evaluated(expression, frame);
  if (!isValue(found)) return { outcome: "missing", why: found };
  if (agrees(found, wanted)) return { outcome: "right", why: undefined };
  if (found.missing !== undefined) return { outcome: "missing", why: found.missing.text };
  return { outcome: "wrong", why: `${found.text()}, not ${JSON.stringify(wanted)}` };
}

/** The value, or why there is none. */
function evaluated(expression: string, frame: Frame): Value | string {
  try {
    return evaluateInFrame(expression, frame);
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

const namesIn = (expression: string): ReadonlySet<string> => new Set(expression.match(/\w+/g));

const isValue = (found: Value | string): found is Value => typeof found !== "string";

/** For a variable whose location is one local that the code has overwritten: would it have been right? */
function refutation(
  { name, value, wanted }: ListedVariable,
  recorded: Recorded | undefined,
  other: ListedVariable | undefined,
): Refuted | undefined {
  const { missing } = value ?? {};
  const isRefuted = missing?.reason === "misdescribed" || /has been reused since/.test(missing?.detail ?? "");
  if (recorded === undefined || !isRefuted) return undefined;
  const plain = wanted.find(([expression]) => expression === name)?.[1];
  const truth = typeof plain === "number" ? plain : other?.value && numberOf(other.value);
  if (truth === undefined) return "nobody knows";
  return recorded.isNumber(truth) ? "would have been right" : "would have been wrong";
}

function numberOf(value: Value): number | undefined {
  const number = value.target === undefined ? Number.parseFloat(value.text()) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}
