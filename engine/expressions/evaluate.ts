/**
 * Evaluates paths to values in a frame. Nothing runs and nothing is written: an expression only reads.
 */
import { attempt, FormatError } from "../bytes/errors";
import { DW_ATE } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import type { Frame } from "../postmortem/model";
import { qualifiedName } from "../postmortem/names";
import { type Accessed, addressOf, dereference, element, member, wholeNumber } from "../values/access";
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { integerValue, registerValue, variableValue } from "../values/variables";
import { ExpressionError } from "./errors";
import { type Expression, parse } from "./parser";

/**
 * The value of an expression in a frame.
 * @throws ExpressionError with what is wrong and where
 */
export function evaluateInFrame(text: string, frame: Frame): Value {
  const expression = parse(text);
  const value = attempt(() => evaluated(expression, frame));
  if (value instanceof FormatError) throw new ExpressionError(value.message, expression.position);
  return value;
}

function evaluated(expression: Expression, frame: Frame): Value {
  switch (expression.kind) {
    case "name":
      return named(expression.path, expression.position, frame);
    case "pseudo":
      return pseudo(expression.name, expression.position, frame);
    case "number":
      return integerValue(expression.value, "int", DW_ATE.signed);
    case "member":
      return accessed(expression, member(typed(expression.object, frame), expression.name));
    case "dereference":
      return accessed(expression, dereference(typed(expression.operand, frame)));
    case "address":
      return accessed(expression, addressOf(typed(expression.operand, frame)));
    case "index": {
      const index = wholeNumber(typed(expression.index, frame));
      if (index instanceof Missing)
        throw new ExpressionError(`the index is not known: ${index.text}`, expression.index.position);
      return accessed(expression, element(typed(expression.object, frame), Number(index)));
    }
  }
}

function accessed(expression: Expression, outcome: Accessed): Value {
  if ("problem" in outcome) throw new ExpressionError(outcome.problem, expression.position);
  return outcome;
}

/** An operand, which must be a value that can be gone on from. */
function typed(expression: Expression, frame: Frame): TypedValue {
  const value = evaluated(expression, frame);
  if (isTyped(value)) return value;
  throw new ExpressionError(value.text(), expression.position);
}

function isTyped(value: Value): value is TypedValue {
  return "storage" in value && "world" in value;
}

/** A variable by its name, the innermost first; then statics by the end of their path. */
function named(path: string, position: number, frame: Frame): Value {
  const scopes = frame.scopes();
  const order = [
    ...scopes.filter(({ kind }) => kind === "locals"),
    ...scopes.filter(({ kind }) => kind === "arguments"),
    ...scopes.filter(({ kind }) => kind === "statics"),
  ];
  for (const scope of order) {
    const variables = scope.variables();
    const found =
      variables.findLast(({ name, evaluateName }) => name === path || evaluateName === path) ??
      variables.find(
        ({ name, evaluateName }) => endsWithPath(name, path) || endsWithPath(evaluateName, path),
      );
    if (found !== undefined) return found.value;
  }
  const found = path.includes("::") ? qualified(path, frame) : undefined;
  if (found !== undefined) return found;
  throw new ExpressionError(`no variable “${path}” is in scope here`, position);
}

/** A static of the frame's unit by the end of its qualified name, e.g. a class's static member. */
function qualified(path: string, frame: Frame): Value | undefined {
  const { machine, pc, module } = frame.physical;
  const entry = frame.unit?.globalVariables().find((variable) => {
    const name = qualifiedName(variable);
    return name === path || endsWithPath(name, path);
  });
  const subprogram = pc === undefined ? undefined : frame.unit?.subprogramAt(pc);
  return entry && variableValue(entry, { machine, subprogram, pc, debug: module.debug });
}

function endsWithPath(name: string | undefined, path: string): boolean {
  return name?.endsWith(`::${path}`) ?? false;
}

/** `$local3`, `$stack0`, `$global1`: the Wasm machine's own. */
function pseudo(name: string, position: number, frame: Frame): Value {
  const parts = /^\$(local|stack|global)(\d+)$/.exec(name);
  if (parts === null)
    throw new ExpressionError(`“${name}” is not known: use $local0, $stack0 or $global0`, position);
  const { machine } = frame.physical;
  const index = Number(parts[2]);
  const register =
    parts[1] === "local"
      ? machine.local(index)
      : parts[1] === "stack"
        ? machine.operand(index)
        : machine.global(index);
  return registerValue(register, register instanceof Missing ? "" : register.type);
}
