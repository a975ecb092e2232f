/**
 * A random C++ program: a chain of functions, some of them inlined or lambdas, whose variables are of the library's
 * types; the innermost one traps.
 */
import { Dice } from "../dice";
import type { DeclaredVariable, Program, Telling } from "../model";
import { SourceText } from "../source-text";
import { jsonTelling } from "../truth";
import { type CppType, CppTypes } from "./types";

interface Parameter {
  readonly name: string;
  readonly type: CppType;
  /** After the type: `&`, `&&`, `*`. */
  readonly how: string;
}

interface CppVariable {
  readonly name: string;
  readonly type: CppType;
  readonly declared: DeclaredVariable;
  /** A pointer to the type, where the source has one. */
  readonly isPointer: boolean;
}

const LINKAGES = [
  "static ",
  "static __attribute__((noinline)) ",
  "static inline __attribute__((always_inline)) ",
];

export const generateCpp = (seed: number): Program => new CppProgram(seed).program();

class CppProgram {
  private readonly dice: Dice;
  private readonly source = new SourceText();
  private readonly types: CppTypes;
  private readonly tellings = new Map<number, Telling>();
  private readonly functions: string[] = [];
  private callee: { readonly name: string; readonly parameters: readonly Parameter[] } | undefined;
  private names = 0;

  constructor(seed: number) {
    this.dice = new Dice(seed * 104729 + 7);
    this.source.put('#include "tells.hpp"');
    this.types = new CppTypes(this.dice, this.source);
  }

  program(): Program {
    for (let left = 1 + this.dice.below(3); left > 0; left--) this.function(left === 1);
    const { source, functions, tellings } = this;
    return { source: source.toString(), functions, tellings };
  }

  private freshName(prefix: string): string {
    return `${prefix}${this.names++}`;
  }

  /** Callees come first, so that each is known to its caller. */
  private function(isOutermost: boolean): void {
    const { dice, source } = this;
    const name = isOutermost ? "run" : this.freshName("f");
    const parameters = isOutermost ? [] : dice.times(dice.below(4), () => this.parameter());
    const list = parameters
      .map(({ how, type, name: of }) => `${how.replace("T", type.name)}${of}`)
      .join(", ");
    const linkage = isOutermost ? 'extern "C" __attribute__((export_name("run"))) ' : dice.pick(LINKAGES);
    const line = source.open(`${linkage}int ${name}(${list}) {`);
    this.functions.push(name);
    const scope: CppVariable[] = parameters.map((of) => ({
      name: of.name,
      type: of.type,
      declared: { function: name, name: of.name, line, isStatic: false },
      isPointer: of.how.endsWith("*"),
    }));
    let blocks = 0;
    for (let left = 6 + dice.below(9); left > 0; left--) {
      this.local(scope);
      if (!dice.chance(0.2)) continue;
      source.open(dice.pick(["{", "if (opaque(1)) {", `for (int ${this.freshName("i")} = 0; ; ) {`]));
      blocks++;
    }
    this.crossing(scope);
    // What is used again here is alive at the call.
    for (const { name: used, type, isPointer } of scope)
      if (type.isScalar && !isPointer && dice.chance(0.5)) source.put(`sink((long long)${used});`);
    source.put("return opaque(3);");
    for (; blocks > 0; blocks--) source.close("}");
    source.put("return 0;");
    source.close("}");
    this.callee = { name, parameters };
  }

  private parameter(): Parameter {
    const type = this.types.any(2);
    const references = ["T &", "const T &", "T &&"];
    const values = ["T ", "T ", "T *"];
    const how = !type.isCopyable ? references : type.isPointer ? ["T "] : [...values, ...references];
    return { name: this.freshName("p"), type, how: this.dice.pick(how) };
  }

  private local(scope: CppVariable[]): void {
    const { dice, source } = this;
    const type = this.types.any(dice.pick([1, 2, 2, 3]));
    const declare = (name: string, text: string): void => {
      const line = source.put(text);
      const declared = { function: this.functions.at(-1)!, name, line, isStatic: false };
      scope.push({ name, type, declared, isPointer: false });
    };
    const name = this.freshName("v");
    declare(name, `${type.name} ${name} = ${type.value(3)};`);
    source.putAll(type.changes(name));
    const other = this.freshName("r");
    if (dice.chance(0.15)) declare(other, `${dice.pick(["const ", ""])}auto &${other} = ${name};`);
    else if (dice.chance(0.1) && type.isCopyable) declare(other, `auto ${other} = ${name};`);
  }

  /** Tells everything in scope, then calls the next function, or traps. */
  private crossing(scope: readonly CppVariable[]): void {
    const { source, dice, callee } = this;
    const number = this.functions.length - 1;
    source.put(`BEGIN(${number});`);
    for (const { name, declared } of scope) {
      const telling = this.tellings.size + 1;
      this.tellings.set(telling, jsonTelling(declared));
      source.put(`TELL(${telling}, ${name});`);
    }
    if (callee === undefined)
      source.put(dice.pick(["__builtin_trap();", "*(volatile int *)(unsigned long)opaque(-1000) = 3;"]));
    else this.call(callee.name, callee.parameters);
    source.put(`END(${number});`);
  }

  private call(name: string, parameters: readonly Parameter[]): void {
    const { source, dice } = this;
    const given = parameters.map(({ how, type }) => {
      const value = type.value(3);
      if (how === "T *") return `new ${type.name}(${value})`;
      if (how !== "T &") return value;
      const argument = this.freshName("a");
      source.put(`${type.name} ${argument} = ${value};`);
      return argument;
    });
    const call = `${name}(${given.join(", ")})`;
    if (dice.chance(0.2))
      source.put(`auto call = [&](int more) { return ${call} + more; }; sink(call(opaque(1)));`);
    else source.put(`sink(${call});`);
  }
}
