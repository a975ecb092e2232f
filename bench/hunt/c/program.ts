/**
 * A random C program: a chain of functions, some of them recursive or inlined, each with nested blocks, shadowed names,
 * loops and variables of random types; the innermost one traps.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Dice } from "../dice";
import type { Program } from "../model";
import { SourceText } from "../source-text";
import { Statements } from "./statements";
import { type CType, CTypes, holdsPointer, INT, pointerTo } from "./types";
import { Values } from "./values";
import { type CVariable, declaration, integersIn, placesIn, Tellings, visible } from "./variables";

const prelude = readFileSync(join(__dirname, "prelude.h"), "utf8");

interface Parameter {
  readonly name: string;
  readonly type: CType;
}

interface Callee {
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

/** How a function that only the program calls is declared. */
const LINKAGES = [
  "static ",
  "static ",
  "static __attribute__((noinline)) ",
  "static inline __attribute__((always_inline)) ",
  "__attribute__((noinline)) ",
  "",
];

/** What opens a block that is entered once, and what closes it. */
const BRACKETS = {
  plain: ["{", "}"],
  if: ["if (opaque(1)) {", "}"],
  do: ["do {", "} while (opaque(0));"],
  switch: ["switch (opaque(3)) { case 1: acc = 9; break; case 3: {", "} break; }"],
} as const;

export const generateC = (seed: number): Program => new CProgram(seed).program();

class CProgram {
  private readonly dice: Dice;
  private readonly source = new SourceText();
  private readonly types: CTypes;
  private readonly globals: CVariable[] = [];
  private readonly values: Values;
  private readonly statements: Statements;
  private readonly tellings = new Tellings();
  private readonly functions: string[] = [];
  private callee: Callee | undefined;
  private names = 0;

  constructor(seed: number) {
    this.dice = new Dice(seed * 7919 + 13);
    this.source.putAll(prelude.trimEnd().split("\n"));
    this.types = new CTypes(this.dice, this.source);
    this.values = new Values(this.dice, this.globals);
    this.statements = new Statements(this.dice, this.source, this.values, (prefix) => this.freshName(prefix));
  }

  program(): Program {
    const { dice } = this;
    for (let index = 1 + dice.below(4); index > 0; index--) this.global();
    for (const type of this.types.records) if (!holdsPointer(type) && dice.chance(0.6)) this.maker(type);
    for (let index = dice.below(3); index > 0; index--) this.helper();
    for (let left = 2 + dice.below(4); left > 0; left--) this.function(left === 1);
    const { source, functions, tellings } = this;
    return { source: source.toString(), functions, tellings: tellings.byNumber };
  }

  private freshName(prefix: string): string {
    return `${prefix}${this.names++}`;
  }

  private variable(
    name: string,
    type: CType,
    line: number,
    more: Partial<CVariable> & { readonly isStatic?: boolean } = {},
  ): CVariable {
    const { isStatic = false, ...given } = more;
    const inFunction = isStatic ? "" : (this.functions.at(-1) ?? "");
    return {
      name,
      type,
      declared: { function: inFunction, name, line, isStatic },
      isConst: false,
      isVolatile: false,
      isCounter: false,
      ownsPointee: false,
      isKept: false,
      ...given,
    };
  }

  private global(): void {
    const { dice } = this;
    const type = this.types.any();
    const name = this.freshName("g");
    const isConst = dice.chance(0.15);
    const isVolatile = !isConst && dice.chance(0.1);
    const words = `${dice.chance(0.6) ? "static " : ""}${isConst ? "const " : ""}${isVolatile ? "volatile " : ""}`;
    const line = this.source.put(`${words}${declaration(type, name)} = ${this.values.constant(type)};`);
    this.globals.push(this.variable(name, type, line, { isConst, isVolatile, isStatic: true }));
  }

  private maker(type: CTypes["records"][number]): void {
    const { source, values } = this;
    const name = `make_${type.name}`;
    source.open(`static ${type.name} ${name}(int seed) {`);
    source.put(`${type.name} made = ${values.of(type, [this.variable("seed", INT, 0)])};`);
    source.put("return made;");
    source.close("}");
    values.makers.set(type, name);
  }

  private helper(): void {
    const { dice, source } = this;
    const name = this.freshName("helper");
    const linkage = dice.pick(["static ", "static inline ", "__attribute__((noinline)) "]);
    source.open(`${linkage}int ${name}(int a, int b) {`);
    source.put("int r = a;");
    const addend = dice.chance(0.5) ? "opaque(j)" : "j";
    source.put(`for (int j = 0; j < (b & ${dice.pick([1, 3, 7])}); j++) r = r * 3 + ${addend};`);
    source.put("return r ^ b;");
    source.close("}");
    this.statements.helpers.push(name);
  }

  /** Callees come first, so that each is known to its caller. */
  private function(isOutermost: boolean): void {
    const { dice, source } = this;
    const name = isOutermost ? "run" : this.freshName("f");
    const isRecursive = !isOutermost && dice.chance(0.25);
    const linkage = isOutermost
      ? '__attribute__((export_name("run"))) '
      : dice.pick(isRecursive ? LINKAGES.filter((words) => !words.includes("always")) : LINKAGES);
    const parameters: Parameter[] = isRecursive ? [{ name: "depth", type: INT }] : [];
    if (!isOutermost)
      for (let index = dice.below(4); index > 0; index--)
        parameters.push({ name: this.freshName("p"), type: this.parameterType() });
    const list = parameters.map((parameter) => declaration(parameter.type, parameter.name)).join(", ");
    const line = source.open(`${linkage}int ${name}(${list || "void"}) {`);
    this.functions.push(name);
    const scope = parameters.map((parameter) =>
      this.variable(parameter.name, parameter.type, line, {
        isCounter: parameter.name === "depth",
        isKept: dice.chance(0.3),
      }),
    );
    if (isOutermost) this.unsettleGlobals();
    scope.push(this.variable("acc", INT, source.put("int acc = opaque(1);")));
    this.block(scope, 0, dice.below(4), (inner) => this.crossing(inner, { name, parameters }));
    source.put("return acc;");
    source.close("}");
    this.callee = { name, parameters };
  }

  private parameterType(): CType {
    const { dice, types } = this;
    const type = types.any();
    if (type.kind === "array") return pointerTo(type.of);
    return dice.chance(0.15) && types.records.length > 0 ? pointerTo(dice.pick(types.records)) : type;
  }

  /** No compiler may take a static for the constant that it began as. */
  private unsettleGlobals(): void {
    const writable = this.globals.filter(({ isConst, isVolatile }) => !isConst && !isVolatile);
    for (const { expression, type } of integersIn(writable)) {
      if (!this.dice.chance(0.6)) continue;
      const cast = type.kind === "enum" ? `(${type.name})` : "";
      this.source.put(`${expression} = ${cast}${this.values.opaque(300)};`);
    }
  }

  /**
   * Declarations and statements, `levels` of blocks within, and in the innermost of them `inner`.
   * @param outer how many variables of the scope are of blocks around it, and may be shadowed
   */
  private block(
    scope: readonly CVariable[],
    outer: number,
    levels: number,
    inner: (scope: readonly CVariable[]) => void,
  ): void {
    const { dice, source, statements } = this;
    const own = [...scope];
    for (let index = 1 + dice.below(4); index > 0; index--) {
      own.push(this.local(own, outer));
      if (dice.chance(0.4)) statements.put(own, 2);
    }
    for (let index = dice.below(3); index > 0; index--) statements.put(own, 2);
    if (levels === 0) inner(own);
    else this.opened(own, (within) => this.block(within, own.length, levels - 1, inner));
    // What is used again here is alive at the call.
    for (const variable of visible(own)) {
      if (!dice.chance(0.35)) continue;
      for (const { expression } of placesIn([variable]).slice(0, 2))
        if (dice.chance(0.7)) source.put(`sink((long long)${expression});`);
    }
  }

  /** A block that the program enters just once up to where it traps. */
  private opened(scope: readonly CVariable[], within: (scope: readonly CVariable[]) => void): void {
    const { dice, source } = this;
    const kind = dice.pick(["plain", "if", "do", "loop", "switch"] as const);
    if (kind === "loop") {
      const name = this.freshName("i");
      const line = source.open(`for (int ${name} = 0; ${name} < ${2 + dice.below(4)}; ${name}++) {`);
      const counter = this.variable(name, INT, line, { isCounter: true, isKept: dice.chance(0.3) });
      const inLoop = [...scope, counter];
      for (let index = dice.below(3); index > 0; index--) this.statements.put(inLoop, 1);
      source.open(`if (${name} == ${dice.below(2)}) {`);
      within(inLoop);
      source.close("}");
      source.close("}");
    } else {
      const [before, after] = BRACKETS[kind];
      source.open(before);
      within(scope);
      source.close(after);
    }
  }

  private local(scope: readonly CVariable[], outer: number): CVariable {
    const { dice, types, values } = this;
    const type = dice.chance(0.12) ? types.pointer() : types.any();
    const shadowed = dice.chance(0.12) ? this.shadowable(scope, outer) : undefined;
    const name = shadowed ?? this.freshName("v");
    const isConst = dice.chance(0.08) && type.kind !== "pointer";
    const isScalar = type.kind === "integer" || type.kind === "float";
    const isVolatile = !isConst && isScalar && dice.chance(0.05);
    const usable = visible(scope).filter((variable) => variable.name !== name);
    const maker = type.kind === "record" ? values.makers.get(type) : undefined;
    const value =
      maker !== undefined && dice.chance(0.5) ? `${maker}(${values.opaque(100)})` : values.of(type, usable);
    const words = `${isConst ? "const " : ""}${isVolatile ? "volatile " : ""}`;
    const line = this.source.put(`${words}${declaration(type, name)} = ${value};`);
    const ownsPointee = usable.some((target) => !target.declared.isStatic && value === `&${target.name}`);
    return this.variable(name, type, line, { isConst, isVolatile, ownsPointee, isKept: dice.chance(0.25) });
  }

  /** A name of a block around this one that this one has not taken yet. */
  private shadowable(scope: readonly CVariable[], outer: number): string | undefined {
    const taken = new Set(scope.slice(outer).map(({ name }) => name));
    const names = scope
      .slice(0, outer)
      .filter(({ name, isCounter }) => name !== "acc" && !isCounter && !taken.has(name));
    return names.length > 0 ? this.dice.pick(names).name : undefined;
  }

  /** Tells everything in scope, then calls the next function, or traps. */
  private crossing(scope: readonly CVariable[], self: Callee): void {
    const { source, dice, callee } = this;
    const seen = visible(scope);
    const number = this.functions.length - 1;
    source.put(`BEGIN(${number});`);
    for (const variable of seen) source.putAll(this.tellings.statements(variable));
    if (callee === undefined) {
      for (const variable of this.globals) source.putAll(this.tellings.statements(variable));
      source.put(this.trap(seen));
    } else {
      const call = ({ name, parameters }: Callee, depth: string): string => {
        const usable = seen.filter((variable) => variable.name !== "depth");
        const given = parameters.map((parameter) =>
          parameter.name === "depth" ? depth : this.values.argument(parameter.type, usable),
        );
        return `${name}(${given.join(", ")});`;
      };
      const isRecursive = self.parameters[0]?.name === "depth";
      if (isRecursive) {
        source.open("if (depth > 0) {");
        source.put(`acc += ${call(self, "depth - 1")}`);
        source.close("} else");
      }
      source.put(`acc ${dice.pick(["+=", "^=", "="])} ${call(callee, String(1 + dice.below(2)))}`);
    }
    source.put(`END(${number});`);
  }

  private trap(seen: readonly CVariable[]): string {
    const { dice } = this;
    const type = dice.pick(["int", "char", "long long"]);
    return dice.pick([
      "__builtin_trap();",
      "acc += *(volatile int *)(unsigned long)(opaque(-1000) & ~3u);",
      "sink(opaque(100) / opaque(0));",
      `*(volatile ${type} *)(unsigned long)opaque(-1600) = ${dice.pick(placesIn(seen)).expression};`,
    ]);
  }
}
