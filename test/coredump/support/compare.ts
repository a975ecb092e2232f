/**
 * One crash, recorded twice: what another producer's dump shows, beside V8's record of the same trap in the same
 * module. A frame or variable may be missing; what is shown must be the same.
 */
import type { Crash, Frame } from "../../../engine/postmortem/model";
import type { Value } from "../../../engine/values/model";

export interface Comparison {
  readonly frames: { right: number; unplaced: number; missing: number; wrong: string[] };
  readonly variables: { right: number; missing: number; wrong: string[] };
}

/** Members and elements that are looked at, and how deep. */
const MOST_CHILDREN = 12;
const DEEPEST = 3;

const nothing = (): Comparison => ({
  frames: { right: 0, unplaced: 0, missing: 0, wrong: [] },
  variables: { right: 0, missing: 0, wrong: [] },
});

export function compare(truth: Crash, shown: Crash): Comparison {
  const result = nothing();
  const wanted = truth.threads[0]!.frames();
  const given = shown.threads[0]!.frames();
  // Without a position a function stands for all the calls that were inlined into it.
  const byFunction = new Map<number, Frame>();
  for (const frame of given) if (!frame.inlined) byFunction.set(frame.physical.index, frame);
  const inline = new Map<string, Frame>();
  for (const frame of given) inline.set(placeOf(given, frame), frame);
  for (const frame of wanted) {
    const physical = byFunction.get(frame.physical.index);
    const same = inline.get(placeOf(wanted, frame));
    const where = `#${frame.index} ${frame.fullName}`;
    if (physical === undefined) {
      result.frames.missing++;
      compareVariables(frame, undefined, where, result);
    } else if (physical.physical.functionIndex !== frame.physical.functionIndex) {
      result.frames.wrong.push(`${where}: function ${physical.physical.functionIndex}`);
    } else if (physical.physical.pc === undefined) {
      result.frames.unplaced++;
      compareVariables(frame, undefined, where, result);
    } else if (same === undefined || lineOf(same) !== lineOf(frame)) {
      result.frames.wrong.push(`${where} at ${lineOf(frame)}: ${same && lineOf(same)}`);
    } else {
      result.frames.right++;
      compareVariables(frame, same, where, result);
    }
  }
  return result;
}

/** A frame by its physical frame and its depth of inlining there. */
function placeOf(frames: readonly Frame[], frame: Frame): string {
  const first = frames.findIndex(({ physical }) => physical === frame.physical);
  return `${frame.physical.index}.${frame.index - first}`;
}

const lineOf = (frame: Frame): string =>
  `${frame.fullName} ${frame.location?.file.path}:${frame.location?.line}:${frame.location?.column}`;

const isOwn = (frame: Frame): boolean => frame.origin === "program";

function variablesOf(frame: Frame) {
  return frame
    .scopes()
    .filter(({ kind }) => kind === "arguments" || kind === "locals" || kind === "statics")
    .flatMap((scope) => scope.variables().map((variable) => ({ scope: scope.kind, ...variable })));
}

function compareVariables(wanted: Frame, given: Frame | undefined, where: string, result: Comparison): void {
  if (!isOwn(wanted)) return;
  const shown = given === undefined ? [] : variablesOf(given);
  variablesOf(wanted).forEach((variable, index) => {
    const other = shown[index];
    if (variable.value.missing !== undefined) return;
    compareValues(variable.value, other?.value, `${where} ${variable.name}`, result, 0);
  });
}

function compareValues(
  wanted: Value,
  given: Value | undefined,
  where: string,
  { variables }: Comparison,
  depth: number,
): void {
  const children = depth < DEEPEST ? childrenOf(wanted) : [];
  if (given === undefined || given.missing !== undefined) {
    if (depth === 0) variables.missing++;
    return;
  }
  const others = childrenOf(given);
  const below = nothing();
  children.forEach(({ name, value }, index) => {
    const other = others[index];
    if (value.missing === undefined && other?.name === name)
      compareValues(value, other.value, `${where}.${name}`, below, depth + 1);
  });
  const text = given.text();
  const partly = text.includes("<unavailable");
  if (text !== wanted.text() && !partly)
    below.variables.wrong.push(`${where}: ${text}, not ${wanted.text()}`);
  variables.wrong.push(...below.variables.wrong);
  if (depth === 0 && below.variables.wrong.length === 0) {
    if (partly) variables.missing++;
    else variables.right++;
  }
}

function childrenOf({ children }: Value) {
  if (children === undefined) return [];
  return [
    ...children.named().filter(({ hint }) => hint !== "virtual"),
    ...children.indexed(0, Math.min(children.indexedCount, MOST_CHILDREN)),
  ].slice(0, MOST_CHILDREN);
}
