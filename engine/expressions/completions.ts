/** What can stand at a position of an unfinished expression: names in scope, members, pseudo-variables, methods. */
import { attempt, FormatError } from "../bytes/errors";
import type { Frame, ScopeKind } from "../postmortem/model";
import type { Value } from "../values/model";
import { symbolsOf } from "../values/symbol-index";
import { ExpressionError } from "./errors";
import { evaluateInFrame } from "./evaluate";
import { type Token, tokenize } from "./lexer";
import { macrosOf } from "./macro-scope";
import { METHODS } from "./methods";
import { PSEUDO_VARIABLES } from "./pseudo";

export type CompletionKind =
  | "variable"
  | "member"
  | "method"
  | "type"
  | "function"
  | "enumerator"
  | "macro"
  | "pseudo-variable";

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** What the label takes the place of: the part of a name that is typed already. */
  readonly start: number;
  readonly length: number;
}

/** What is listed at most: more is narrowed by typing on. */
const MOST = 500;
const NAME = /^[\p{L}_][\p{L}\p{N}_$]*$/u;
/** The part of a name, member or pseudo-variable in front of the position. */
const TYPED = /\$?[\p{L}\p{N}_]*$/u;

/** Completions at a 0-based position; empty where none is known, never an error. */
export function completionsAt(text: string, position: number, frame: Frame): readonly Completion[] {
  const before = text.slice(0, position);
  const typed = TYPED.exec(before)![0];
  const start = before.length - typed.length;
  const found = attempt(() => candidates(before.slice(0, start), typed, frame));
  if (found instanceof FormatError) return [];
  const seen = new Set<string>();
  return found
    .filter(({ label }) => label.toLowerCase().startsWith(typed.toLowerCase()))
    .filter(({ label }) => !seen.has(label) && seen.add(label))
    .slice(0, MOST)
    .map((candidate) => ({ ...candidate, start, length: typed.length }));
}

type Candidate = Pick<Completion, "label" | "kind">;

function candidates(before: string, typed: string, frame: Frame): readonly Candidate[] {
  if (typed.startsWith("$")) return pseudoVariables(frame);
  const member = /(\.|->)\s*$/.exec(before);
  if (member === null)
    return /::\s*$/.test(before)
      ? symbols(frame)
      : [...variables(frame), ...symbols(frame), ...macros(frame, typed)];
  const object = objectBefore(before.slice(0, member.index));
  if (object === undefined) return [];
  return membersOf(member[1] === "->" ? `(*(${object}))` : object, frame);
}

function variables(frame: Frame): Candidate[] {
  return frame
    .scopes()
    .filter(({ kind }) => kind === "locals" || kind === "arguments" || kind === "statics")
    .flatMap((scope) => scope.variables())
    .map(({ name, evaluateName }) => ({ label: evaluateName ?? name, kind: "variable" as const }));
}

/** Types, enumerators and functions of the frame's unit. */
function symbols(frame: Frame): Candidate[] {
  const { unit, physical } = frame;
  const { debug } = physical.module;
  if (unit === undefined || debug === undefined) return [];
  const index = symbolsOf(debug);
  return (["enumerator", "type", "function"] as const).flatMap((kind) =>
    index
      .namesOf(unit, [kind])
      .filter((name) => NAME.test(name))
      .map((label) => ({ label, kind })),
  );
}

/** Those of the frame's line; the compiler's own hundreds, which begin with an underscore, when one is typed. */
function macros(frame: Frame, typed: string): Candidate[] {
  return [...macrosOf(frame).names()]
    .filter((name) => typed !== "" || !name.startsWith("_"))
    .map((label) => ({ label, kind: "macro" }));
}

const MACHINE_SCOPES: readonly ScopeKind[] = ["wasm-locals", "operand-stack", "globals", "tables"];

function pseudoVariables(frame: Frame): Candidate[] {
  const registers = frame
    .scopes()
    .filter(({ kind }) => MACHINE_SCOPES.includes(kind))
    .flatMap((scope) => scope.variables())
    .flatMap(({ evaluateName }) => evaluateName ?? []);
  return [...PSEUDO_VARIABLES.filter((name) => !/\d/.test(name)), ...registers].map((label) => ({
    label,
    kind: "pseudo-variable",
  }));
}

/** The text of the value that a dot follows: `b.c[1]` of `a + b.c[1]`. */
function objectBefore(text: string): string | undefined {
  let tokens: readonly Token[];
  try {
    tokens = tokenize(text).slice(0, -1);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
  let first = tokens.length;
  let open = 0;
  while (first > 0) {
    const token = tokens[first - 1]!;
    if (token.text === ")" || token.text === "]") open++;
    else if (token.text === "(" || token.text === "[") open--;
    if (open < 0) break;
    const operand =
      token.kind !== "punctuation" || [".", "->", "::", "#", "(", ")", "[", "]"].includes(token.text);
    if (open === 0 && (!operand || besides(token, tokens[first]))) break;
    first--;
  }
  const start = tokens[first]?.position;
  return start === undefined ? undefined : text.slice(start).trim();
}

/** Whether two operands follow each other, of which the second alone belongs to the value. */
function besides(token: Token, next: Token | undefined): boolean {
  const ends = token.kind !== "punctuation";
  return ends && next !== undefined && (next.kind !== "punctuation" || next.text === "(");
}

function membersOf(object: string, frame: Frame): readonly Candidate[] {
  let value: Value;
  try {
    value = evaluateInFrame(object, frame);
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
  const named = value.children?.named() ?? [];
  const members = named
    .filter(({ name, path }) => path !== undefined && /^[\p{L}\p{N}_$]+$/u.test(name))
    .map(({ name }): Candidate => ({ label: name, kind: "member" }));
  const methods = METHODS.filter((name) => knows(object, name, frame));
  return [...members, ...methods.map((name): Candidate => ({ label: `${name}()`, kind: "method" }))];
}

/** Whether a value answers a method-like read. */
function knows(object: string, name: string, frame: Frame): boolean {
  try {
    const value = evaluateInFrame(`(${object}).${name}()`, frame);
    return value.missing === undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}
