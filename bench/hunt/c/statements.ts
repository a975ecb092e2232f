/** Statements between a generated function's declarations, which compilers move, unroll, fold and drop. */
import type { Dice } from "../dice";
import type { SourceText } from "../source-text";
import { INT } from "./types";
import type { Values } from "./values";
import { type CVariable, integersIn, placesIn, visible } from "./variables";

/** Something that counts up, for names. */
export type FreshName = (prefix: string) => string;

export class Statements {
  /** Functions of two ints. */
  readonly helpers: string[] = [];

  constructor(
    private readonly dice: Dice,
    private readonly source: SourceText,
    private readonly values: Values,
    private readonly freshName: FreshName,
  ) {}

  /** @param depth of blocks that it may open */
  put(scope: readonly CVariable[], depth: number): void {
    const { dice, source } = this;
    const seen = visible(scope);
    const chosen = dice.fraction();
    if (chosen < 0.35) this.assignment(seen);
    else if (chosen < 0.5 && this.helpers.length > 0) {
      const argument = dice.pick(integersIn(seen)).expression;
      source.put(`acc += ${dice.pick(this.helpers)}(acc, (int)${argument});`);
    } else if (chosen < 0.65 && depth > 0) {
      source.open(`if (opaque(${dice.below(2)})) {`);
      this.put(scope, depth - 1);
      source.close("}");
    } else if (chosen < 0.85 && depth > 0) this.loop(scope, depth);
    else if (chosen < 0.92) source.put(`sink((long long)${dice.pick(placesIn(seen)).expression});`);
    else this.writeThroughPointer(seen);
  }

  private assignment(seen: readonly CVariable[]): void {
    const { dice, source, values } = this;
    const places = integersIn(seen.filter(({ isConst, isCounter }) => !isConst && !isCounter));
    const { expression, type } = dice.pick(places);
    const cast = type.kind === "enum" ? `(${type.name})` : "";
    source.put(`${expression} = ${cast}${values.of(INT, seen)};`);
  }

  private loop(scope: readonly CVariable[], depth: number): void {
    const { dice, source } = this;
    const name = this.freshName("j");
    const limit = dice.chance(0.5) ? `opaque(${dice.below(6)})` : dice.below(6);
    source.open(`for (int ${name} = 0; ${name} < ${limit}; ${name}++) {`);
    source.put(`acc ${dice.pick(["+=", "^=", "-="])} ${name}${dice.pick(["", " * 3"])};`);
    this.put(scope, depth - 1);
    source.close("}");
  }

  private writeThroughPointer(seen: readonly CVariable[]): void {
    const own = seen.filter(
      ({ type, ownsPointee }) => ownsPointee && type.kind === "pointer" && type.to.kind === "integer",
    );
    if (own.length === 0) {
      this.source.put("acc++;");
      return;
    }
    const { name } = this.dice.pick(own);
    this.source.put(`if (${name}) *${name} += 1;`);
  }
}
