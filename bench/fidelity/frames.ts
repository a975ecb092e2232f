/**
 * A fixture's crash, laid open for judging: the program's own frames with what its source expects of them, and
 * for each the variables that llvm-dwarfdump finds in scope beside those that we list.
 */
import type { Crash, Frame } from "../../engine/postmortem/model";
import type { Value } from "../../engine/values/model";
import {
  type Expected,
  type ExpectedFrame,
  type ExpectedValue,
  expected,
  type Fixture,
  modulePath,
} from "../../test/fixtures/index";
import { DumpedFunctions, type ScopedVariable } from "./in-scope";

export interface ListedVariable {
  readonly name: string;
  /** Of the variables of one name that live at the same time, the outermost is 0. */
  readonly nth: number;
  /** What we show; undefined when we do not list it. */
  readonly value: Value | undefined;
  /** As llvm-dwarfdump reads it; undefined when it does not list it. */
  readonly scoped: ScopedVariable | undefined;
  /** Expressions about it, with their values by the source. Its own name stands for a shadowed one, too. */
  readonly wanted: readonly (readonly [expression: string, value: ExpectedValue])[];
}

export interface ProgramFrame {
  readonly frame: Frame;
  readonly wanted: ExpectedFrame | undefined;
  readonly variables: readonly ListedVariable[];
  /** Expressions about anything else: statics, members of `this` by their bare names. */
  readonly others: readonly (readonly [expression: string, value: ExpectedValue])[];
}

export interface FixtureCrash {
  readonly fixture: Fixture;
  readonly expected: Expected;
  readonly frames: readonly ProgramFrame[];
  /** Functions that the source says are on the stack, and no frame is. */
  readonly absent: readonly string[];
}

/** @param crash of the fixture's dump */
export function layOut(fixture: Fixture, crash: Crash): FixtureCrash {
  const truth = expected(fixture);
  const program = (crash.threads[0]?.frames() ?? []).filter(({ origin }) => origin === "program");
  const names = new Set(program.flatMap((frame) => [functionName(frame), frame.entry?.name]));
  const dumped = new DumpedFunctions(
    modulePath(fixture),
    [...names].flatMap((name) => name ?? []),
  );
  const absent: string[] = [];
  const wantedOf = new Map<Frame, ExpectedFrame>();
  let rest = program;
  for (const wanted of truth.frames) {
    const at = rest.findIndex((frame) => lastName(frame.name) === lastName(wanted.function));
    if (at < 0) absent.push(wanted.function);
    else {
      wantedOf.set(rest[at]!, wanted);
      rest = rest.slice(at + 1);
    }
  }
  const frames = program.map((frame) => programFrame(frame, wantedOf.get(frame), dumped));
  return { fixture, expected: truth, frames, absent };
}

/** A function's own name, without its path, parameters and generics. */
export const lastName = (name: string): string =>
  name
    .replace(/[<(].*$/, "")
    .split(/::|\./)
    .at(-1)!;

/** DW_AT_name of the function whose code the frame runs, not of what was inlined into it. */
const functionName = ({ unit, physical: { pc } }: Frame): string | undefined =>
  pc === undefined ? undefined : unit?.subprogramAt(pc)?.name;

function programFrame(
  frame: Frame,
  wanted: ExpectedFrame | undefined,
  dumped: DumpedFunctions,
): ProgramFrame {
  const { pc } = frame.physical;
  const active = pc === undefined ? [] : dumped.activeAt(pc);
  const scoped = active.find(({ offset }) => offset === frame.entry?.offset)?.variables ?? [];
  const shown = ourVariables(frame);
  const artificial = new Set(scoped.filter((variable) => variable.artificial).map(({ name }) => name));
  const names = new Set(
    [...shown, ...scoped].map(({ name }) => name).filter((name) => !artificial.has(name)),
  );
  const rest = new Set(Object.entries({ ...wanted?.variables, ...wanted?.statics }));
  const variables: ListedVariable[] = [];
  for (const name of names) {
    const about = [...rest].filter(([expression]) => subjectOf(expression, names) === name);
    for (const pair of about) rest.delete(pair);
    const ours = shown.filter((variable) => variable.name === name);
    const theirs = scoped.filter((variable) => variable.name === name);
    const count = Math.max(ours.length, theirs.length);
    for (let nth = 0; nth < count; nth++) {
      const shadowed = wanted?.shadowed?.[name]?.[nth];
      variables.push({
        name,
        nth,
        value: ours[nth]?.value,
        scoped: theirs[nth],
        // A bare name means the innermost.
        wanted: [
          ...(shadowed === undefined ? [] : [[name, shadowed] as const]),
          ...(nth === count - 1 ? about : []),
        ],
      });
    }
  }
  return { frame, wanted, variables, others: [...rest] };
}

/** Parameters first, then the blocks' variables, the outermost block first. */
function ourVariables(frame: Frame): { name: string; value: Value }[] {
  const scopes = frame.scopes();
  const of = (kind: string) => scopes.filter((scope) => scope.kind === kind);
  return [...of("arguments"), ...of("locals").toReversed()].flatMap((scope) => scope.variables());
}

/** The variable that an expression is about: the first of its names that a variable has. */
function subjectOf(expression: string, names: ReadonlySet<string>): string | undefined {
  return expression.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu)?.find((name) => names.has(name));
}
