/** What a crash shows of each variable beside what the program told of it. */
import { DW_AT } from "../../engine/dwarf/constants";
import type { Entry } from "../../engine/dwarf/model";
import type { Crash, Frame } from "../../engine/postmortem/model";
import type { Variable } from "../../engine/values/model";
import { type Judgement, judge } from "./judge";
import type { DeclaredVariable, FrameTruth, Program } from "./model";

export interface Compared {
  /** Of the program's own frames, the youngest is 0. */
  readonly depth: number;
  readonly function: string;
  readonly variable: DeclaredVariable;
  readonly path: readonly string[];
  /** Undescribed: it is not listed, and the debug information of its function has no entry for it either. */
  readonly judgement: Judgement | { readonly outcome: "unlisted" | "undescribed" };
  readonly type: string | undefined;
  /** Where DWARF says that it is: an expression's bytes. */
  readonly location: string;
}

export interface Comparison {
  readonly compared: readonly Compared[];
  /** Frames that the program told and the crash lacks, or the other way round. */
  readonly framesWrong: string | undefined;
}

/** How deep lexical blocks and inlined calls are looked through for a variable's entry. */
const DEEPEST_BLOCK = 30;

const plainName = (name: string): string => name.replace(/\(.*$/, "").split("::").at(-1)!;

/** @param truths the outermost frame first */
export function compareCrash(
  crash: Crash,
  truths: readonly FrameTruth[],
  program: Program,
  sameBuild: boolean,
): Comparison {
  const told = new Set(truths.map((truth) => truth.function));
  const frames = (crash.threads[0]?.frames() ?? []).filter(
    ({ name, fullName }) => told.has(plainName(name)) || told.has(plainName(fullName)),
  );
  const isOf = (frame: Frame, { function: name }: FrameTruth) =>
    plainName(frame.name) === name || plainName(frame.fullName) === name;
  const expected = truths.toReversed();
  if (frames.length !== expected.length || !frames.every((frame, depth) => isOf(frame, expected[depth]!))) {
    const [shown, wanted] = [frames.map(({ name }) => name), expected.map((truth) => truth.function)];
    return { compared: [], framesWrong: `${shown.join(", ")}, not ${wanted.join(", ")}` };
  }
  const compared = frames.flatMap((frame, depth) =>
    compareFrame(frame, depth, expected[depth]!, program, sameBuild),
  );
  return { compared, framesWrong: undefined };
}

function compareFrame(
  frame: Frame,
  depth: number,
  truth: FrameTruth,
  program: Program,
  sameBuild: boolean,
): Compared[] {
  const scopes = frame.scopes();
  const listed = (...kinds: readonly string[]): Variable[] =>
    scopes.filter(({ kind }) => kinds.includes(kind)).flatMap((scope) => [...scope.variables()]);
  const locals = listed("arguments", "locals");
  const statics = listed("statics");
  return Array.from(truth.told, ([number, told]) => {
    const { variable, path, truthOf } = program.tellings.get(number)!;
    const found = (variable.isStatic ? statics : locals).find(
      ({ name, declaration }) => name === variable.name && declaration?.line === variable.line,
    );
    const locations = locationsOf(frame, variable);
    const judgement: Compared["judgement"] =
      found === undefined
        ? { outcome: locations.length > 0 ? "unlisted" : "undescribed" }
        : judge(found.value, path, truthOf(told), { sameBuild });
    const location = `pc 0x${frame.physical.pc?.toString(16)}: ${locations.join(" | ")}`;
    return { depth, function: frame.name, variable, path, judgement, type: found?.value.typeName, location };
  });
}

/** The location expressions of a variable in a frame, in hexadecimal, and what its entries have instead. */
function locationsOf({ entry: subprogram, physical: { pc } }: Frame, variable: DeclaredVariable): string[] {
  const found: string[] = [];
  const visit = (entry: Entry, depth: number): void => {
    for (const child of entry.children()) {
      if (child.name === variable.name && child.unsigned(DW_AT.decl_line) === variable.line) {
        const location = child.location(DW_AT.location, pc);
        const constant = child.attribute(DW_AT.const_value) === undefined ? "none" : "const_value";
        found.push(
          location instanceof Uint8Array ? Buffer.from(location).toString("hex") : (location ?? constant),
        );
      }
      if (depth < DEEPEST_BLOCK && child.hasChildren) visit(child, depth + 1);
    }
  };
  if (subprogram !== undefined) visit(subprogram, 0);
  return found;
}
