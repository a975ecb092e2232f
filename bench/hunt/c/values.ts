/** Values of a generated C program: initialisers from constants, from what no compiler knows, and from other variables. */
import type { Dice } from "../dice";
import { type CType, type IntegerType, nameOf, type RecordType } from "./types";
import { type CVariable, integersIn } from "./variables";

export class Values {
  /** Functions that make a record, which compilers inline. */
  readonly makers = new Map<RecordType, string>();

  constructor(
    private readonly dice: Dice,
    private readonly globals: readonly CVariable[],
  ) {}

  /** An int that no compiler knows. */
  opaque(limit: number): string {
    return `opaque(${this.dice.below(limit)})`;
  }

  /** What may initialise a local, beside the variables that it may use. */
  of(type: CType, variables: readonly CVariable[]): string {
    const { dice } = this;
    const integers = integersIn(variables).map(({ expression }) => expression);
    switch (type.kind) {
      case "bool":
        return dice.chance(0.5) && integers.length > 0
          ? `((int)${dice.pick(integers)} & 1)`
          : `(${this.opaque(2)} != 0)`;
      case "integer":
        return this.integer(type, integers);
      case "float":
        return this.float(type.name, integers);
      case "enum": {
        const [name, value] = dice.pick(type.constants);
        return dice.chance(0.5) ? name : `(${type.name})opaque(${value})`;
      }
      case "pointer": {
        const targets = [...variables, ...this.globals].filter(
          (target) => target.type === type.to && isWritable(target),
        );
        return targets.length > 0 && dice.chance(0.9) ? `&${dice.pick(targets).name}` : `(${nameOf(type)})0`;
      }
      case "record": {
        const [first] = type.members;
        if (type.isUnion) return `{ .${first!.name} = ${this.of(first!.type, variables)} }`;
        const members = type.members.map((member) =>
          member.bits === undefined
            ? this.of(member.type, variables)
            : `(${nameOf(member.type)})${this.opaque(2 ** Math.min(member.bits, 30))}`,
        );
        return `{ ${members.join(", ")} }`;
      }
      case "array":
        return `{ ${dice.times(type.count, () => this.of(type.of, variables)).join(", ")} }`;
    }
  }

  /** What may initialise a static. */
  constant(type: CType): string {
    const { dice } = this;
    switch (type.kind) {
      case "bool":
        return String(dice.below(2));
      case "integer":
        return this.literal(type);
      case "float":
        return this.eighths();
      case "enum":
        return dice.pick(type.constants)[0];
      case "pointer":
        return "0";
      case "record": {
        const members = type.isUnion ? type.members.slice(0, 1) : type.members;
        return `{ ${members.map((member) => (member.bits ? "1" : this.constant(member.type))).join(", ")} }`;
      }
      case "array":
        return `{ ${dice.times(type.count, () => this.constant(type.of)).join(", ")} }`;
    }
  }

  /** What an argument may be: a variable itself, a record made for it, an array that becomes a pointer. */
  argument(type: CType, scope: readonly CVariable[]): string {
    const { dice } = this;
    const same = scope.filter((variable) => variable.type === type);
    if (same.length > 0 && dice.chance(0.6)) return dice.pick(same).name;
    if (type.kind === "record") {
      const maker = this.makers.get(type);
      return maker === undefined ? `(${type.name})${this.of(type, scope)}` : `${maker}(${this.opaque(100)})`;
    }
    if (type.kind === "pointer") {
      const arrays = [...scope, ...this.globals].filter(
        (variable) => variable.type.kind === "array" && variable.type.of === type.to && isWritable(variable),
      );
      if (arrays.length > 0 && dice.chance(0.7)) return dice.pick(arrays).name;
    }
    return this.of(type, scope);
  }

  private integer(type: IntegerType, integers: readonly string[]): string {
    const { dice } = this;
    const chosen = dice.fraction();
    const cast = `(${type.name})`;
    if (chosen < 0.3) return this.literal(type);
    if (chosen < 0.6 || integers.length === 0) {
      const more = dice.pick(["", ` * ${dice.below(50)}`, ` - ${dice.below(2000)}`, ` << ${dice.below(8)}`]);
      return `${cast}(${this.opaque(1000)}${more})`;
    }
    if (chosen > 0.85) return `${cast}${dice.pick(integers)}`;
    const other = dice.chance(0.5) ? dice.pick(integers) : this.literal(type);
    return `${cast}(${cast}${dice.pick(integers)} ${dice.pick(["+", "-", "*", "^", "&", "|"])} ${cast}${other})`;
  }

  private literal(type: IntegerType): string {
    const { dice } = this;
    const sign = type.signed && dice.chance(0.5) ? -1 : 1;
    const bits = Math.min(31, 8 * type.size - (type.signed ? 1 : 0));
    const value = sign * (dice.chance(0.4) ? dice.below(10) : dice.below(2 ** bits));
    const cast = `(${type.name})`;
    if (type.size === 16) return `((${cast}(${value}) << 64) ^ ${cast}${dice.below(2 ** 50)})`;
    if (type.size === 8 && dice.chance(0.5)) return `(${cast}(${value}) * 4294967291)`;
    return `(${cast}(${value}))`;
  }

  private float(name: string, integers: readonly string[]): string {
    const { dice } = this;
    if (dice.chance(0.4)) return `(${name})${this.eighths()}`;
    if (dice.chance(0.05)) return `(${name})${dice.pick(["1e30", "-0.0", "1e-20"])}`;
    if (integers.length > 0 && dice.chance(0.4))
      return `((${name})(short)${dice.pick(integers)} * (${name})0.25)`;
    return `((${name})${this.opaque(1000)} / 8)`;
  }

  private eighths(): string {
    return String((this.dice.below(4000) - 2000) / 8);
  }
}

/** Whether something may write to it: through a pointer, or by its name. */
const isWritable = ({ isConst, isVolatile, isCounter }: CVariable): boolean =>
  !isConst && !isVolatile && !isCounter;
