/**
 * A random Rust program: a chain of functions, some of them inlined or closures, with shadowed names, whose variables are
 * of the library's types; the innermost one traps or panics.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Dice } from "../dice";
import type { DeclaredVariable, Program, Telling } from "../model";
import { SourceText } from "../source-text";
import { jsonTelling } from "../truth";
import { type RustType, RustTypes } from "./types";

const prelude = readFileSync(join(__dirname, "prelude.rs"), "utf8");

interface Parameter {
  readonly name: string;
  readonly type: RustType;
  /** Before the type: `&`, `&mut `. */
  readonly how: string;
}

interface RustVariable {
  readonly name: string;
  readonly type: RustType;
  readonly declared: DeclaredVariable;
  readonly isReference: boolean;
}

const ENDS = [
  "core::arch::wasm32::unreachable();",
  "unsafe { *(opaque(-1000) as usize as *mut i32) = 3; }",
  "let none = if opaque(1) == 2 { Some(1) } else { None }; sink(none.unwrap() as i64);",
  "let list = [1, 2, 3]; sink(list[opaque(7) as usize] as i64);",
];

export const generateRust = (seed: number): Program => new RustProgram(seed).program();

class RustProgram {
  private readonly dice: Dice;
  private readonly source = new SourceText("    ");
  private readonly types: RustTypes;
  private readonly tellings = new Map<number, Telling>();
  private readonly functions: string[] = [];
  private callee: { readonly name: string; readonly parameters: readonly Parameter[] } | undefined;
  private names = 0;

  constructor(seed: number) {
    this.dice = new Dice(seed * 15485863 + 11);
    this.source.putAll(prelude.trimEnd().split("\n"));
    this.types = new RustTypes(this.dice, this.source);
  }

  program(): Program {
    for (let left = 1 + this.dice.below(4); left > 0; left--) this.function(left === 1);
    const { source, functions, tellings } = this;
    return { source: source.toString(), functions, tellings };
  }

  private freshName(prefix: string): string {
    return `${prefix}${this.names++}`;
  }

  /** Callees come first, so that each is numbered before its caller. */
  private function(isOutermost: boolean): void {
    const { dice, source } = this;
    const name = isOutermost ? "run" : this.freshName("f");
    const parameters: Parameter[] = isOutermost
      ? []
      : dice.times(dice.below(4), () => ({
          name: this.freshName("p"),
          type: this.types.any(2),
          how: dice.pick(["", "", "&", "&mut "]),
        }));
    source.put(
      isOutermost ? "#[no_mangle]" : dice.pick(["#[inline(never)]", "#[inline(always)]", "#[inline]"]),
    );
    const list = parameters.map((of) => `${of.name}: ${of.how}${of.type.name}`).join(", ");
    const line = source.open(`${isOutermost ? 'pub extern "C" ' : ""}fn ${name}(${list}) -> i32 {`);
    this.functions.push(name);
    const scope: RustVariable[] = parameters.map((of) => ({
      name: of.name,
      type: of.type,
      declared: { function: name, name: of.name, line, isStatic: false },
      isReference: of.how !== "",
    }));
    let blocks = 0;
    for (let left = 5 + dice.below(9); left > 0; left--) {
      this.local(scope);
      if (!dice.chance(0.2)) continue;
      this.openBlock(scope);
      blocks++;
    }
    const seen = scope.filter(({ name }, at) => !scope.slice(at + 1).some((later) => later.name === name));
    this.crossing(seen);
    // What is used again here is alive at the call.
    for (const { name: used, type, isReference } of seen)
      if (type.isInteger && !isReference && dice.chance(0.5)) source.put(`sink(${used} as i64);`);
    for (; blocks > 0; blocks--) source.close("}");
    source.put("opaque(3)");
    source.close("}");
    this.callee = { name, parameters };
  }

  private declare(scope: RustVariable[], name: string, type: RustType, line: number): void {
    const declared = { function: this.functions.at(-1)!, name, line, isStatic: false };
    scope.push({ name, type, declared, isReference: false });
  }

  private local(scope: RustVariable[]): void {
    const { dice, source } = this;
    const chosen = this.types.any(dice.pick([0, 1, 2, 2, 3]));
    const type = chosen.isEmpty ? this.types.i32 : chosen;
    const isShadow = dice.chance(0.1) && scope.length > 0;
    const name = isShadow ? dice.pick(scope).name : this.freshName("v");
    this.declare(scope, name, type, source.put(`let mut ${name}: ${type.name} = ${type.value(3)};`));
    source.putAll(type.changes(name));
    if (!type.isInteger || !dice.chance(0.3)) return;
    source.put(
      dice.pick([
        `${name} = ${name}.wrapping_add(opaque(${dice.below(50)}) as ${type.name});`,
        `for _ in 0..opaque(${dice.below(5)}) { ${name} = ${name}.wrapping_mul(3); }`,
        `if opaque(${dice.below(2)}) == 1 { ${name} ^= 5; }`,
      ]),
    );
  }

  /** A block that the program enters once, whose pattern may declare something. */
  private openBlock(scope: RustVariable[]): void {
    const { dice, source } = this;
    const name = this.freshName("i");
    const kind = dice.below(4);
    if (kind === 0) source.open("{");
    else if (kind === 1) source.open("if opaque(1) == 1 {");
    else if (kind === 2) {
      const line = source.open(`for ${name} in 0..opaque(${2 + dice.below(3)}) {`);
      this.declare(scope, name, this.types.i32, line);
      source.put(`if ${name} != 1 { sink(${name} as i64); continue; }`);
    } else {
      const line = source.open(`if let Some(${name}) = Some(opaque(${dice.below(99)})) {`);
      this.declare(scope, name, this.types.i32, line);
    }
  }

  /** Tells everything in scope, then calls the next function, or ends. */
  private crossing(seen: readonly RustVariable[]): void {
    const { source, dice, callee } = this;
    const number = this.functions.length - 1;
    source.put(`begin!(${number});`);
    for (const { name, declared } of seen) {
      const telling = this.tellings.size + 1;
      this.tellings.set(telling, jsonTelling(declared));
      source.put(`tell!(${telling}, &${name});`);
    }
    if (callee === undefined) source.put(dice.pick(ENDS));
    else {
      const given = callee.parameters.map(({ how, type }) => {
        const value = type.value(3);
        return how !== "" && type.isLoose ? `${how}(${value})` : `${how}${value}`;
      });
      const call = `${callee.name}(${given.join(", ")})`;
      if (dice.chance(0.2))
        source.put(`let call = |more: i32| ${call} + more; sink(call(opaque(1)) as i64);`);
      else source.put(`sink(${call} as i64);`);
    }
    source.put(`end!(${number});`);
  }
}
