/** The variables of a generated C program: which places in them can be read and written, and what it tells of them. */
import type { DeclaredVariable, Telling, Told } from "../model";
import type { Truth } from "../truth";
import { type CType, type EnumType, nameOf } from "./types";

export interface CVariable {
  readonly name: string;
  readonly type: CType;
  readonly declared: DeclaredVariable;
  readonly isConst: boolean;
  readonly isVolatile: boolean;
  /** Assigned by its declaration and the loop that it counts alone. */
  readonly isCounter: boolean;
  /** It leads to what may be written: a local of the same function. */
  readonly ownsPointee: boolean;
  /** The program tells it in every build, so that it lives until then. */
  readonly isKept: boolean;
}

/** A scalar within a variable. */
export interface Place {
  readonly expression: string;
  readonly type: CType;
}

/** How deep records and arrays are written into. */
const DEEPEST_PLACE = 3;
/** Tellings of one variable. */
const MOST_TELLINGS = 24;

/** Scalars within variables that C can name; unions are left alone, since another view of them changes too. */
export function placesIn(variables: readonly CVariable[]): Place[] {
  const places: Place[] = [];
  const walk = (type: CType, expression: string, depth: number): void => {
    if (type.kind === "record") {
      if (type.isUnion || depth >= DEEPEST_PLACE) return;
      for (const member of type.members) walk(member.type, `${expression}.${member.name}`, depth + 1);
    } else if (type.kind === "array") {
      if (depth >= DEEPEST_PLACE) return;
      for (let index = 0; index < type.count; index++) walk(type.of, `${expression}[${index}]`, depth + 1);
    } else if (type.kind !== "pointer") places.push({ expression, type });
  };
  for (const variable of variables) walk(variable.type, variable.name, 0);
  return places;
}

/** Those that integers can be computed from. */
export const integersIn = (variables: readonly CVariable[]): Place[] =>
  placesIn(variables).filter(({ type }) => type.kind !== "float");

/** Of variables of one name the innermost, which is the last. */
export const visible = (scope: readonly CVariable[]): CVariable[] =>
  scope.filter(({ name }, at) => !scope.slice(at + 1).some((later) => later.name === name));

/** Numbers what a program tells. */
export class Tellings {
  readonly byNumber = new Map<number, Telling>();

  /** Statements that tell everything of a variable. */
  statements(variable: CVariable): string[] {
    const statements: string[] = [];
    const macro = (letter: string): string => (variable.isKept ? `KEPT_${letter}` : letter);
    const tell = (
      how: "INTEGER" | "WIDE" | "FLOAT",
      expression: string,
      path: readonly string[],
      truthOf: Telling["truthOf"],
      guard: string,
    ): void => {
      const number = this.byNumber.size + 1;
      this.byNumber.set(number, { variable: variable.declared, path, truthOf });
      statements.push(`${guard}${macro(how)}(${number}, ${expression});`);
    };
    const walk = (type: CType, expression: string, path: readonly string[], guard: string): void => {
      if (statements.length >= MOST_TELLINGS) return;
      switch (type.kind) {
        case "integer": {
          const how = type.size === 16 ? "WIDE" : "INTEGER";
          const wrap = type.signed ? BigInt.asIntN : BigInt.asUintN;
          const truthOf = (told: Told) => ({ integer: String(wrap(8 * type.size, told as bigint)) });
          tell(how, expression, path, truthOf, guard);
          return;
        }
        case "bool":
          tell("INTEGER", expression, path, (told) => ({ truth: told !== 0n }), guard);
          return;
        case "float": {
          const truthOf = (told: Told) => ({ float: Object.is(told, -0) ? "-0" : String(told) });
          tell("FLOAT", expression, path, truthOf, guard);
          return;
        }
        case "enum":
          tell("INTEGER", expression, path, (told) => constantOf(type, told as bigint), guard);
          return;
        case "pointer":
          tell("INTEGER", `(unsigned long)${expression}`, path, addressOf, guard);
          // Behind a pointer that was followed already, another one may be anything.
          if (guard === "") walk(type.to, `(*${expression})`, [...path, "*"], `if (${expression}) `);
          return;
        case "record":
          for (const member of type.members)
            walk(member.type, `${expression}.${member.name}`, [...path, member.name], guard);
          return;
        case "array":
          for (let index = 0; index < type.count; index++)
            walk(type.of, `${expression}[${index}]`, [...path, `[${index}]`], guard);
      }
    };
    walk(variable.type, variable.name, [], "");
    return statements;
  }
}

const addressOf = (told: Told): Truth => ({ address: String(BigInt.asUintN(32, told as bigint)) });

const constantOf = (type: EnumType, told: bigint): Truth => ({
  constant: type.constants.filter(([, value]) => BigInt(value) === told).map(([name]) => name),
  number: String(told),
});

/** A declaration of a variable, or a parameter. */
export const declaration = (type: CType, name: string): string => `${nameOf(type)} ${name}`;
