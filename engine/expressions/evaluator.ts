/**
 * What each form of an expression means: the tree of syntax.ts to values, by the rules of the session's language.
 */
import { address } from "../bytes/offsets";
import { DW_ATE } from "../dwarf/constants";
import { type Accessed, addressOf, dereference, member, throughReferences } from "../values/access";
import { dynamicObject } from "../values/cpp/dynamic";
import { libraryName } from "../values/cpp/layout";
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { baseType, pointerType, strip, type Type } from "../values/types";
import { valueAt } from "../values/variables";
import { cBinary } from "./c-arithmetic";
import { called, calledMethod } from "./calls";
import { cast } from "./casts";
import { castAddress, dynamicCast } from "./class-casts";
import { Composed } from "./composed";
import { composedList, composedRecord, composedTuple } from "./composing";
import { characterLiteral, numberLiteral } from "./constants";
import { NO_CALLS } from "./constructions";
import { entryInstead, foundInstead } from "./cpp-functions";
import { elementAt, entryAt, firstElements, repeated, sliceOf } from "./elements";
import { scalarOfValue } from "./equality";
import { ExpressionError } from "./errors";
import { initialized } from "./initializing";
import { pointedMember } from "./member-pointers";
import { holdsValue } from "./methods";
import { enumeratorNamed, isVariable, named } from "./names";
import { binary, isTrue, truth, unary } from "./operators";
import { PatternMatch } from "./pattern-matching";
import { pseudo } from "./pseudo";
import { isScalar, nameOf, type Scalar, scalarOf, scalarValue } from "./scalars";
import { type Session, Unavailable } from "./session";
import { alignmentOfType, offsetOf, sizeOfType } from "./sizes";
import { GIVES_VALUES, specialEquality, TEMPORARY } from "./special-equality";
import { type Expression, isTypeSyntax, type TypeSyntax } from "./syntax";
import { bytesOf } from "./text-literals";
import { textSlice } from "./text-slices";
import { textArray, textScalar, textTypeName } from "./text-values";
import { resolveType } from "./type-names";
import { isQuoted, isTyped, type QuotedValue, quotedValue, textValue } from "./typed";
import { dottedPath, isEnumerator, isError, payloadName, succeeded, unwrapped } from "./zig";
import { zigBuiltin } from "./zig-builtins";

/** What `<=>` gives, and its values in words. */
const ORDERING = /^std::(strong|partial)_ordering$/;
const ORDERS: Readonly<Record<string, string>> = { "-1": "less", "0": "equal", "1": "greater" };

export class Evaluator {
  constructor(private readonly session: Session) {}

  /** What a whole expression gives: literals take the type that the language gives them when they stand alone. */
  result(expression: Expression): Value {
    if (expression.kind === "string" && this.session.rules !== "c")
      return quotedValue(bytesOf(expression.literal), textTypeName(expression.literal, this.session));
    const value = this.value(expression);
    if (!isTyped(value)) return value;
    // What C++'s `*p` leads to may be part of an object of a derived class.
    if (expression.kind === "dereference") return dynamicObject(value) ?? value;
    const { type } = value;
    if (type.kind === "base" && ORDERING.test(type.name))
      return textValue(ORDERS[value.text()] ?? "unordered", type.name);
    if (type.kind !== "base" || this.session.rules !== "rust" || !type.name.startsWith("{")) return value;
    const sign = type.encoding === DW_ATE.unsigned ? "u" : "i";
    const name = type.name === "{float}" ? "f64" : `${sign}${8 * type.size!}`;
    return this.session.world.value(baseType(type.flavour, name, type.encoding, type.size!), value.storage);
  }

  /** `value,10`. */
  elements(value: Value, { position }: Expression, count: Expression): Value {
    if (!isTyped(value)) throw new ExpressionError("this has no elements", position);
    return firstElements(value, this.whole(count), this.session, position);
  }

  value(expression: Expression): Value {
    const { session } = this;
    const { position } = expression;
    switch (expression.kind) {
      case "name":
        return named(expression.path, expression.nth, session, position);
      case "pseudo":
        return pseudo(expression.name, session, position);
      case "tuple":
        return composedTuple(expression.items, this);
      case "list":
        return composedList(expression, this);
      case "record":
        return composedRecord(expression, this, session);
      case "call":
        return this.given(called(expression, this, session));
      case "matches":
        return this.fromScalar(this.matches(expression));
      case "initialized":
        return initialized(expression, undefined, this.operands, session);
      case "member":
        return this.zigName(expression) ?? this.member(expression);
      case "pointed-member": {
        const { object, pointer } = expression;
        return pointedMember(this.typed(object), this.typed(pointer), session, pointer.position);
      }
      case "comma":
        this.value(expression.skipped);
        return this.value(expression.value);
      case "unwrap": {
        const { optional, or } = expression;
        const wrapped = this.typed(optional);
        const held = unwrapped(wrapped, optional.position);
        if (held !== "null") return held;
        if (or !== undefined) return this.instead(or, payloadName(wrapped.type), position);
        throw new ExpressionError("it is null: .? would panic", position);
      }
      case "succeed": {
        const { outcome, or } = expression;
        const union = this.typed(outcome);
        const payload = succeeded(union, or === undefined, outcome.position);
        return payload ?? this.instead(or!, payloadName(union.type), position);
      }
      case "unreachable":
        throw new ExpressionError("the program would have panicked: this is unreachable", position);
      case "error":
        return textValue(`error.${expression.name}`);
      case "builtin": {
        const [type, braces] = expression.operands;
        if (expression.name === "as" && braces?.kind === "initialized" && braces.type === undefined)
          return initialized(braces, this.typeOf(type!), this.operands, session);
        const given = zigBuiltin(expression, undefined, this.operands, session);
        return "kind" in given ? this.fromScalar(given) : given;
      }
      case "string":
        return textArray(expression.literal, session);
      case "enumerator":
        throw new ExpressionError(`.${expression.name} stands beside == or != only`, position);
      case "dereference":
        return this.dereference(expression);
      case "repeat":
        return repeated(this.typed(expression.first), this.whole(expression.count), session, position);
      case "address": {
        const text = this.sliceOfText(expression);
        if (text !== undefined) return quotedValue(text.bytes, "&str");
        const operand = this.typed(expression.operand);
        // A function's name is a pointer to it already.
        return isFunctionPointer(operand) && operand.address === undefined
          ? operand
          : this.written(expression, accessed(position, addressOf(operand)));
      }
      case "index":
        return this.indexed(expression.object, expression.index);
      case "slice": {
        const { from, to, inclusive } = expression;
        const bounds = { from: from && this.whole(from), to: to && this.whole(to), inclusive };
        const object = this.typed(expression.object);
        const text = textSlice(object, bounds, position);
        return text === undefined ? sliceOf(object, bounds, session, position) : quotedValue(text, "str");
      }
      case "cast":
        return this.cast(expression);
      case "sizeof":
        return (expression.alignment === true ? alignmentOfType : sizeOfType)(
          this.typeOf(expression.of),
          session,
          position,
        );
      case "offsetof":
        return offsetOf(this.typeOf(expression.type), expression.members, session, position);
      case "typeof":
        return textValue(this.result(expression.operand).typeName ?? "<no type>");
      case "conditional":
        return this.conditional(expression);
      case "method":
        return this.given(calledMethod(expression, this, session));
      default:
        return this.fromScalar(this.scalar(expression));
    }
  }

  private member({ object, name, position }: Expression & { kind: "member" }): Value {
    const entry = this.session.rules === "c" ? entryInstead(object, name) : undefined;
    if (entry !== undefined) return this.value(entry);
    const value = this.value(object);
    if (!(value instanceof Composed)) return accessed(position, member(this.typed(object, value), name));
    const part = value.part(name);
    if (part === undefined) throw new ExpressionError(`${value.typeName} has no member ${name}`, position);
    return part;
  }

  private matches({ value, pattern, guard }: Expression & { kind: "matches" }): Scalar {
    const match = new PatternMatch(this.session, this.operands);
    if (!match.matches(this.part(value), pattern)) return { kind: "boolean", value: false };
    const within = new Evaluator({ ...this.session, bound: match.bound });
    return { kind: "boolean", value: guard === undefined || within.truth(guard) };
  }

  /**
   * `*p`. An arrow behind a record itself is taken for a dot, as wasmgdb and gdb take it; not in C++, where it may be
   * an operator of the class, which would have to run.
   */
  private dereference(expression: Expression & { kind: "dereference" }): Value {
    const value = this.typed(expression.operand);
    const outcome = dereference(value);
    if ("problem" in outcome && expression.arrow && this.session.flavour.name !== "cpp") {
      const object = throughReferences(value);
      if (strip(object.type).kind === "record") return object;
    }
    return accessed(expression.position, outcome);
  }

  private given(answer: Scalar | Value): Value {
    return isScalar(answer) ? this.fromScalar(answer) : answer;
  }

  private fromScalar(scalar: Scalar): Value {
    return scalar.kind === "text" ? textValue(scalar.quoted) : scalarValue(scalar, this.session);
  }

  /** Rust's `&mut x`, and the pointers `&raw const x` and `&raw mut x`, which `&x` is not. */
  private written({ form }: Expression & { kind: "address" }, value: TypedValue): TypedValue {
    const type = strip(value.type);
    if (form === undefined || type.kind !== "pointer") return value;
    const sign = form === "mut" ? "&mut " : form === "raw mut" ? "*mut " : "*const ";
    const { flavour, target } = type;
    const kind = form === "mut" ? "reference" : "pointer";
    const own = pointerType(flavour, kind, () => target, type.size!, undefined, sign + target.name);
    return value.world.value(own, value.storage);
  }

  private readonly operands = {
    value: (expression: Expression): Value => this.value(expression),
    typed: (expression: Expression): TypedValue => this.typed(expression),
    scalar: (expression: Expression): Scalar => this.scalar(expression),
    whole: (expression: Expression): bigint => this.whole(expression),
    type: (syntax: TypeSyntax): Type => this.typeOf(syntax),
  };

  /** An operand, which must be a value that can be gone on from. */
  private indexed(object: Expression, index: Expression): Value {
    const value = this.value(object);
    const isTable = !isTyped(value) && (value.children?.indexedCount ?? 0) > 0;
    return isTable
      ? entryAt(value, this.whole(index), index.position)
      : elementAt(this.typed(object, value), this.scalar(index), this.session, index.position);
  }

  typed(expression: Expression, value = this.value(expression)): TypedValue {
    if (isTyped(value)) return value;
    if (value.missing !== undefined) throw new Unavailable(value.missing);
    throw new ExpressionError(`${value.text()} cannot be gone on from`, expression.position);
  }

  private scalar(expression: Expression): Scalar {
    const { session } = this;
    const { position } = expression;
    switch (expression.kind) {
      case "number":
        return numberLiteral(expression.text, session, position);
      case "character":
        return characterLiteral(expression.text, session, position);
      case "string":
        return textScalar(expression.literal);
      case "boolean":
        return { kind: "boolean", value: expression.value };
      case "null":
        return { kind: "null" };
      case "unary": {
        const { operator, operand } = expression;
        if (operator === "!" && session.rules === "c") return truth(!this.truth(operand), session);
        if (operator === "-" && operand.kind === "number" && session.rules !== "c")
          return numberLiteral(operand.text, session, operand.position, -1n);
        return unary(operator, this.scalar(operand), session, position);
      }
      case "binary": {
        const { operator, left, right } = expression;
        if (operator === "&&" || operator === "||") {
          const first = this.truth(left);
          return truth(operator === "&&" ? first && this.truth(right) : first || this.truth(right), session);
        }
        const found = operator === "==" || operator === "!=" ? foundInstead(left, right) : undefined;
        if (found !== undefined && session.rules === "c")
          return truth(this.truth(found) === (operator === "!="), session);
        const met = right.kind === "enumerator" ? left : right;
        const literal = right.kind === "enumerator" ? right : left;
        if (literal.kind === "enumerator" && (operator === "==" || operator === "!=")) {
          const same = isEnumerator(this.typed(met), literal.name, literal.position);
          return truth(same === (operator === "=="), session);
        }
        const failure = right.kind === "error" ? right : left;
        if (failure.kind === "error" && (operator === "==" || operator === "!=")) {
          const same = isError(this.typed(failure === right ? left : right), failure.name, failure.position);
          return truth(same === (operator === "=="), session);
        }
        const equality = operator === "==" || operator === "!=";
        const parts = equality ? specialEquality(expression, this, session) : undefined;
        if (parts !== undefined) return truth(parts === (operator === "=="), session);
        return binary(operator, this.beside(left, right), this.beside(right, left), session, position);
      }
      case "slice":
      case "address": {
        const text = this.sliceOfText(expression);
        return scalarOfValue(text ?? this.part(expression), session, position);
      }
      case "builtin": {
        const given = zigBuiltin(expression, undefined, this.operands, session);
        if ("kind" in given) return given;
        return scalarOf(isTyped(given) ? given : this.typed(expression), session, position);
      }
      default:
        return scalarOfValue(this.value(expression), session, position);
    }
  }

  /** A value as part of another one: a text is a text, and a reference to what is in no memory is that. */
  part(expression: Expression): Value {
    if (expression.kind === "string" && this.session.rules === "rust" && expression.literal.prefix !== "b")
      return quotedValue(bytesOf(expression.literal), textTypeName(expression.literal, this.session));
    const isTemporary =
      this.session.rules === "rust" &&
      expression.kind === "address" &&
      TEMPORARY.has(expression.operand.kind);
    return isTemporary ? this.part(expression.operand) : this.value(expression);
  }

  /** What stands behind Zig's `orelse` and `catch`: a literal takes the type of what it stands for. */
  private instead(or: Expression, type: string, position: number): Value {
    const value = this.value(or);
    if (!isTyped(value) || !value.type.name.startsWith("comptime_")) return value;
    const wanted: TypeSyntax = { kind: "type-name", path: type, keyword: undefined, position: or.position };
    return this.value({ kind: "builtin", name: "as", operands: [wanted, or], position });
  }

  /** The quoted text of Rust's `s[2..5]` and `&s[2..5]`; undefined for every other expression. */
  private sliceOfText(expression: Expression): QuotedValue | undefined {
    const slice = expression.kind === "address" ? expression.operand : expression;
    if (this.session.rules !== "rust" || slice.kind !== "slice") return undefined;
    const value = this.value(slice);
    return isQuoted(value) ? value : undefined;
  }

  /** Zig's `Mood.angry`: a name in a type; undefined where the dot asks for a value's member. */
  private zigName(expression: Expression): Value | undefined {
    const path = this.session.rules === "zig" ? dottedPath(expression) : undefined;
    if (path === undefined || isVariable(path[0]!, this.session)) return undefined;
    return enumeratorNamed(path.slice(0, -1).join("."), path.at(-1)!, this.session);
  }

  /** An operand beside another: next to a pointer a Rust reference stands for its address, as it is coerced. */
  private beside(operand: Expression, other: Expression): Scalar {
    const address = this.session.rules === "rust" ? this.referenceAddress(operand) : undefined;
    if (address === undefined || this.scalarOrNothing(other)?.kind !== "pointer") return this.scalar(operand);
    return address;
  }

  /** The address in a reference, as a pointer; undefined for every other value. */
  private referenceAddress(expression: Expression): Scalar | undefined {
    if (!GIVES_VALUES.has(expression.kind) || this.sliceOfText(expression) !== undefined) return undefined;
    const value = this.value(expression);
    const type = isTyped(value) ? strip(value.type) : undefined;
    if (!isTyped(value) || type?.kind !== "pointer" || type.form === "pointer") return undefined;
    const { flavour, target, size } = type;
    const pointer = pointerType(flavour, "pointer", () => target, size ?? this.session.addressSize);
    return scalarOf(value.world.value(pointer, value.storage), this.session, expression.position);
  }

  private truth(expression: Expression): boolean {
    const value = GIVES_VALUES.has(expression.kind) ? this.value(expression) : undefined;
    const held = value !== undefined && isTyped(value) ? holdsValue(value) : undefined;
    if (held !== undefined) return held;
    return isTrue(this.scalar(expression), this.session, expression.position);
  }

  whole(expression: Expression): bigint {
    const scalar = this.scalar(expression);
    if (scalar.kind === "integer") return scalar.value;
    throw new ExpressionError(`a whole number is expected here, not ${nameOf(scalar)}`, expression.position);
  }

  private cast({ type: syntax, operand, form, position }: Expression & { kind: "cast" }): Value {
    const { session } = this;
    const type = this.typeOf(syntax);
    const target = strip(type);
    const isText = operand.kind === "string" && /^basic_string(_view)?$/.test(libraryName(type) ?? "");
    if (form === "function" && operand.kind === "string" && isText)
      return quotedValue(bytesOf(operand.literal), type.name);
    if (form === "function" && (target.kind === "record" || target.kind === "array"))
      throw new ExpressionError(NO_CALLS, position);
    if (form === "dynamic") return dynamicCast(this.typed(operand), type, session, position);
    if (target.kind === "pointer" && target.form !== "pointer" && session.rules === "c") {
      // As in C++, a cast to a reference takes the object itself for one of another type.
      const object = throughReferences(this.typed(operand));
      if (object.address !== undefined) {
        const at = castAddress(BigInt(object.address), object.type, target.target, session, position);
        return valueAt(target.target, address(Number(at)), session.context);
      }
    }
    const referred = target.kind === "pointer" && session.rules === "rust" && this.referenceAddress(operand);
    return cast(referred || this.scalar(operand), type, session, position);
  }

  /** The chosen side alone; of two numbers in C with the type that both have in common. */
  private conditional({ condition, yes, no, position }: Expression & { kind: "conditional" }): Value {
    const { session } = this;
    const [taken, other] = this.truth(condition) ? [yes, no] : [no, yes];
    const value = this.part(taken);
    const second = session.rules === "c" && isTyped(value) ? this.numberOrNothing(other) : undefined;
    const first = second && this.numberOrNothing(taken);
    if (first === undefined || second === undefined) return value;
    const zero: Scalar = second.kind === "float" ? { ...second, value: 0 } : { ...second, value: 0n };
    return this.fromScalar(cBinary("-", first, zero, session.addressSize, position));
  }

  private numberOrNothing(expression: Expression): (Scalar & { kind: "integer" | "float" }) | undefined {
    const scalar = this.scalarOrNothing(expression);
    return scalar?.kind === "integer" || scalar?.kind === "float" ? scalar : undefined;
  }

  private scalarOrNothing(expression: Expression): Scalar | undefined {
    try {
      return this.scalar(expression);
    } catch (error) {
      if (error instanceof ExpressionError || error instanceof Unavailable) return undefined;
      throw error;
    }
  }

  typeOf(of: Expression | TypeSyntax): Type {
    if (!isTypeSyntax(of)) return this.typed(of).type;
    return of.kind === "type-of" ? this.typed(of.operand).type : resolveType(of, this.session);
  }
}

function isFunctionPointer({ type }: TypedValue): boolean {
  const pointer = strip(type);
  return pointer.kind === "pointer" && strip(pointer.target).kind === "function";
}

function accessed(position: number, outcome: Accessed): TypedValue {
  if (!("problem" in outcome)) return outcome;
  if (outcome.missing !== undefined) throw new Unavailable(outcome.missing);
  throw new ExpressionError(outcome.problem, position);
}
