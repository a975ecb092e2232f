/** Expressions of the console: in the selected frame, with the values that were printed before. */
import { bare } from "../expressions/display";
import { evaluateInFrame, typeInFrame } from "../expressions/evaluate";
import type { Value } from "../values/model";
import type { Type } from "../values/types";
import type { Context } from "./command";
import { ConsoleError } from "./errors";

/** @throws ExpressionError */
export function evaluate(text: string, context: Context): Value {
  return evaluateInFrame(text, context.selected(), context.crash.reason, context);
}

/** The type of an expression, or the one that is named. @throws ExpressionError */
export function typeNamed(text: string, context: Context): Type {
  return typeInFrame(text, context.selected(), context);
}

/** Keeps an address or a count that a command ended with, for the next line's expression. */
export function keepPlace(name: "$_" | "$numfound", number: number, context: Context): void {
  context.variables.set(name, evaluate(name === "$_" ? `0x${number.toString(16)},x` : `${number}`, context));
}

/**
 * What an expression says of memory: where a pointer points, a number, or else where the value lies.
 * @throws ConsoleError when it says nothing of it
 */
export function addressOf(text: string, context: Context): number {
  const value = bare(evaluate(text, context));
  if (value.missing !== undefined) throw new ConsoleError(`${text} is ${value.text()}`);
  if (value.target !== undefined) return value.target;
  const shown = value.text({ hex: false });
  if (value.children === undefined && /^\d+\b/.test(shown)) return Number(/^\d+/.exec(shown)![0]);
  if (value.address !== undefined) return value.address;
  throw new ConsoleError(`${text} is no address`);
}
