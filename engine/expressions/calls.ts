/** Calls: of each language's library what only reads, of Rust what makes a value, and nothing else. */
import type { Value } from "../values/model";
import { cFunction, isKnownFunction } from "./c-functions";
import { type Composer, composedCall } from "./composing";
import { NO_CALLS } from "./constructions";
import { cppFunction } from "./cpp-functions";
import { ExpressionError } from "./errors";
import { method } from "./methods";
import { isVariable } from "./names";
import { associatedMethod, FUNCTIONS, rustFunction } from "./rust-functions";
import type { Scalar } from "./scalars";
import type { Session } from "./session";
import type { Expression } from "./syntax";
import { libraryPath, zigFunction } from "./zig-functions";

/** What a call asks of the evaluator. */
export interface Calling extends Composer {
  typed(expression: Expression): Value;
}

type Call = Expression & { kind: "call" };
type Method = Expression & { kind: "method" };

/** `path(operands)`. @throws ExpressionError for a function that would have to run */
export function called(call: Call, calling: Calling, session: Session): Scalar | Value {
  const { path, operands, position } = call;
  if (session.rules === "rust") return rustCall(call, calling, session);
  const isLibrary = session.rules === "c" && (path.startsWith("std::") || !isVariable(path, session));
  if (!isLibrary || !isKnownFunction(path, session)) throw new ExpressionError(NO_CALLS, position);
  const given = { operands: operands.map((one) => calling.part(one)), session, position };
  const result = cppFunction(path, given) ?? cFunction(path, given);
  if (result === undefined) throw new ExpressionError(NO_CALLS, position);
  return result;
}

/** `object.name(operands)`, which in Zig may be a function of the library as well. */
export function calledMethod(call: Method, calling: Calling, session: Session): Scalar | Value {
  const { object, name, operands, position } = call;
  const path = session.rules === "zig" ? libraryPath(call) : undefined;
  if (path === undefined) {
    const self = session.rules === "rust" ? calling.part(object) : calling.typed(object);
    return method({ self, name, operands, session, position }, calling);
  }
  const found = zigFunction(path, operands, (operand) => calling.part(operand), session, position);
  if (found === undefined) throw new ExpressionError(NO_CALLS, position);
  return found;
}

function rustCall(call: Call, calling: Calling, session: Session): Scalar | Value {
  const { path, operands, position } = call;
  if (FUNCTIONS.test(path)) {
    const parts = operands.map((operand) => calling.part(operand));
    const known = rustFunction(path, parts);
    if (known !== undefined) return known;
  }
  const [self, ...rest] = operands;
  const name = associatedMethod(path);
  if (name === undefined || self === undefined) return composedCall(call, calling, session);
  const object = self.kind === "number" ? ofType(self, path) : self;
  return calledMethod({ kind: "method", object, name, operands: rest, position }, calling, session);
}

/** The literal of Rust's `u8::min(3, 4)`, which has the type that the path names. */
function ofType(literal: Expression & { kind: "number" }, path: string): Expression {
  const type = /(?:^|::)([iu](?:8|16|32|64|128|size)|f32|f64)::\w+$/.exec(path)?.[1];
  if (type === undefined) return literal;
  const { position } = literal;
  const syntax = { kind: "type-name", path: type, keyword: undefined, position } as const;
  return { kind: "cast", type: syntax, operand: literal, position };
}
