/**
 * Evaluates expressions of the program's own language in a frame. Nothing runs and nothing is written: an
 * expression only reads. Its text, its depth and so its steps are bounded by the lexer and the parser.
 */
import { attempt, FormatError } from "../bytes/errors";
import type { Frame, TrapReason } from "../postmortem/model";
import type { Value } from "../values/model";
import type { Type } from "../values/types";
import { missingValue } from "../values/variables";
import { shown } from "./display";
import { ExpressionError } from "./errors";
import { Evaluator } from "./evaluator";
import { tokenize } from "./lexer";
import { expandMacros } from "./macro-expansion";
import { macrosOf } from "./macro-scope";
import { isVariable } from "./names";
import { type Grammar, parse } from "./parser";
import { type Kept, openSession, type Session, Unavailable } from "./session";
import type { Expression, Input } from "./syntax";
import { isTypeName } from "./type-names";

/**
 * The value of an expression in a frame; missing, when an operand is.
 * @param reason why the program ended, for `$exception`
 * @param kept values that were printed before, for `$`, `$$` and `$1`, and those that were given names
 * @throws ExpressionError with what is wrong and where
 * @throws WorkPending where a search through the whole program takes more than a step, and is done in steps
 */
export function evaluateInFrame(text: string, frame: Frame, reason?: TrapReason, kept?: Kept): Value {
  const value = attempt(() => {
    const session = openSession(frame, reason, kept);
    return reading(text, session, (input) => outcome(text, input, new Evaluator(session)));
  });
  if (value instanceof FormatError) throw new ExpressionError(value.message, 0);
  return value;
}

/**
 * The type that a text names, or that its value has; for `ptype` and "show as type".
 * @param kept as for `evaluateInFrame`
 * @throws ExpressionError with what is wrong and where
 */
export function typeInFrame(text: string, frame: Frame, kept?: Kept): Type {
  const session = openSession(frame, undefined, kept);
  // What may stand in sizeof is what may stand here: a type's name, or an expression.
  const opening = "sizeof(";
  try {
    return reading(`${opening}${text})`, session, ({ expression }) => {
      if (expression.kind !== "sizeof") throw new ExpressionError("a type or an expression is expected", 0);
      return new Evaluator(session).typeOf(expression.of);
    });
  } catch (error) {
    if (error instanceof Unavailable) throw new ExpressionError(error.message, 0);
    if (!(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(
      error.message,
      Math.min(text.length, Math.max(0, error.position - opening.length)),
    );
  }
}

/**
 * Parses a text, its macros expanded, and gives it to `use`. An error in what a macro stands for is at the macro's name,
 * and says so.
 */
function reading<T>(text: string, session: Session, use: (input: Input) => T): T {
  const typed = tokenize(text);
  const { tokens, macros } =
    session.rules === "c"
      ? expandMacros(typed, macrosOf(session.frame))
      : { tokens: typed, macros: undefined };
  try {
    return use(parse(text, grammarOf(session), tokens));
  } catch (error) {
    const macro = error instanceof ExpressionError ? macros?.get(error.position) : undefined;
    if (macro === undefined || !(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(`in the macro ${macro}: ${error.message}`, error.position);
  }
}

/** How a text is read in a session: by its language's rules, and by what names a type there. */
const grammarOf = (session: Session): Grammar => ({
  rules: session.rules,
  isType: (path) => !isVariable(path, session) && isTypeName(path, session),
});

/** The value with its suffixes applied. */
function outcome(text: string, { expression, suffixes, end }: Input, evaluator: Evaluator): Value {
  try {
    let value = evaluator.result(expression);
    let format: ((typeof suffixes)[number] & { kind: "format" })["format"] | undefined;
    for (const suffix of suffixes) {
      if (suffix.kind === "format") format = suffix.format;
      else value = evaluator.elements(value, expression, suffix.count);
    }
    const loose = !isClosed(expression) && !isParenthesised(text.slice(0, end).trim());
    return shown(value, { format, suffix: text.slice(end).trimEnd(), loose });
  } catch (error) {
    if (error instanceof Unavailable) return missingValue(error.missing);
    throw error;
  }
}

/** Whether `.x` behind the expression's text belongs to all of it. */
function isClosed({ kind }: Expression): boolean {
  return !LOOSE.has(kind);
}

const LOOSE: ReadonlySet<Expression["kind"]> = new Set([
  ...(["dereference", "repeat", "address", "unary", "binary", "conditional", "cast", "sizeof"] as const),
  ...(["pointed-member", "unwrap"] as const),
]);

function isParenthesised(text: string): boolean {
  if (!text.startsWith("(")) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")" && --depth === 0) return i === text.length - 1;
  }
  return false;
}
