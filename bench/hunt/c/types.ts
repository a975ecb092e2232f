/** The types of a generated C program, and its declarations of them. */
import type { Dice } from "../dice";
import type { SourceText } from "../source-text";

export interface IntegerType {
  readonly kind: "integer";
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly signed: boolean;
}
export interface FloatType {
  readonly kind: "float";
  readonly name: string;
  readonly size: number;
}
export interface EnumType {
  readonly kind: "enum";
  readonly name: string;
  readonly constants: readonly (readonly [name: string, value: number])[];
}
export interface Member {
  readonly name: string;
  readonly type: CType;
  /** Of a bit-field. */
  readonly bits?: number;
}
export interface RecordType {
  readonly kind: "record";
  readonly name: string;
  readonly isUnion: boolean;
  readonly members: readonly Member[];
}
export interface ArrayType {
  readonly kind: "array";
  readonly name: string;
  readonly of: CType;
  readonly count: number;
}
export interface PointerType {
  readonly kind: "pointer";
  readonly to: CType;
}
export type CType =
  | IntegerType
  | FloatType
  | EnumType
  | RecordType
  | ArrayType
  | PointerType
  | { readonly kind: "bool"; readonly name: "_Bool" };

const integer = (name: string, size: number, signed: boolean): IntegerType => ({
  kind: "integer",
  name,
  size,
  signed,
});

export const INT = integer("int", 4, true);
const WIDE: readonly IntegerType[] = [integer("__int128", 16, true), integer("unsigned __int128", 16, false)];
/** Those that bit-fields and pointers are made of. */
export const NARROW: readonly IntegerType[] = [
  integer("signed char", 1, true),
  integer("unsigned char", 1, false),
  integer("short", 2, true),
  integer("unsigned short", 2, false),
  INT,
  integer("unsigned", 4, false),
  integer("long long", 8, true),
  integer("unsigned long long", 8, false),
];
const INTEGERS: readonly IntegerType[] = [...NARROW, INT, ...WIDE, integer("char", 1, true)];
const DOUBLE: FloatType = { kind: "float", name: "double", size: 8 };
const FLOATS: readonly FloatType[] = [{ kind: "float", name: "float", size: 4 }, DOUBLE, DOUBLE];
const LONG_DOUBLE: FloatType = { kind: "float", name: "long double", size: 16 };
const BOOL: CType = { kind: "bool", name: "_Bool" };

/** Scalars that one type may hold, so that a program can tell all of them. */
const MOST_SCALARS = 16;

export const nameOf = (type: CType): string => (type.kind === "pointer" ? `${nameOf(type.to)} *` : type.name);

export const pointerTo = (to: CType): PointerType => ({ kind: "pointer", to });

export function holdsPointer(type: CType): boolean {
  if (type.kind === "record") return type.members.some((member) => holdsPointer(member.type));
  if (type.kind === "array") return holdsPointer(type.of);
  return type.kind === "pointer";
}

function scalarsIn(type: CType): number {
  if (type.kind === "record") return type.members.reduce((sum, member) => sum + scalarsIn(member.type), 0);
  if (type.kind === "array") return type.count * scalarsIn(type.of);
  return type.kind === "pointer" ? 1 + scalarsIn(type.to) : 1;
}

/** The types that a program declares, and the choice among them. */
export class CTypes {
  private readonly declared: CType[] = [];
  private names = 0;

  constructor(
    private readonly dice: Dice,
    source: SourceText,
  ) {
    for (let index = 3 + dice.below(6); index > 0; index--) {
      const chosen = dice.fraction();
      if (chosen < 0.2) this.declareEnum(source);
      else if (chosen < 0.7 || this.declared.length === 0) this.declareRecord(source);
      else this.declareArray(source);
    }
  }

  get records(): readonly RecordType[] {
    return this.declared.filter((type) => type.kind === "record");
  }

  any(): CType {
    return this.dice.chance(0.55) ? this.scalar() : this.dice.pick(this.declared);
  }

  scalar(): CType {
    const { dice } = this;
    const chosen = dice.fraction();
    if (chosen < 0.62) return dice.pick(INTEGERS);
    if (chosen < 0.82) return dice.pick(FLOATS);
    if (chosen < 0.86) return BOOL;
    if (chosen < 0.88) return LONG_DOUBLE;
    const enums = this.declared.filter((type) => type.kind === "enum");
    return enums.length > 0 ? dice.pick(enums) : dice.pick(INTEGERS);
  }

  /** A pointer to a record or to an integer. */
  pointer(): PointerType {
    const { dice, records } = this;
    return pointerTo(dice.chance(0.5) && records.length > 0 ? dice.pick(records) : dice.pick(NARROW));
  }

  private keep(type: CType): void {
    if (scalarsIn(type) <= MOST_SCALARS) this.declared.push(type);
  }

  private freshName(letter: string): string {
    return `${letter}${this.names++}`;
  }

  private declareEnum(source: SourceText): void {
    const { dice } = this;
    const name = this.freshName("Enum");
    let value = dice.chance(0.3) ? -dice.below(5) : 0;
    const constants = dice.times(2 + dice.below(4), (index) => {
      const constant = [`${name}_${index}`, value] as const;
      value += 1 + (dice.chance(0.3) ? dice.below(100) : 0);
      return constant;
    });
    source.put(`typedef enum { ${constants.map(([label, is]) => `${label} = ${is}`).join(", ")} } ${name};`);
    this.keep({ kind: "enum", name, constants });
  }

  private declareRecord(source: SourceText): void {
    const { dice } = this;
    const isUnion = dice.chance(0.15);
    const name = this.freshName(isUnion ? "Union" : "Struct");
    const members = dice.times(1 + dice.below(5), (index) => this.member(`m${index}`, isUnion));
    const packed = dice.chance(0.08) ? " __attribute__((packed))" : "";
    const body = members.map(
      (member) => ` ${nameOf(member.type)} ${member.name}${member.bits ? ` : ${member.bits}` : ""};`,
    );
    source.put(`typedef ${isUnion ? "union" : "struct"} ${name}_ {${body.join("")} }${packed} ${name};`);
    this.keep({ kind: "record", name, isUnion, members });
  }

  private member(name: string, inUnion: boolean): Member {
    const { dice } = this;
    if (!inUnion && dice.chance(0.25)) {
      const type = dice.pick(NARROW);
      return { name, type, bits: 1 + dice.below(8 * type.size) };
    }
    if (inUnion) {
      // What all members of a union may be read as: any bits are one of their values.
      return { name, type: dice.pick<CType>([...INTEGERS, ...FLOATS]) };
    }
    if (dice.chance(0.3) && this.declared.length > 0) return { name, type: dice.pick(this.declared) };
    return { name, type: dice.chance(0.12) ? pointerTo(dice.pick(NARROW)) : this.scalar() };
  }

  private declareArray(source: SourceText): void {
    const { dice } = this;
    const name = this.freshName("Array");
    const of = dice.chance(0.5) ? this.scalar() : dice.pick(this.declared);
    const count = 1 + dice.below(4);
    source.put(`typedef ${nameOf(of)} ${name}[${count}];`);
    this.keep({ kind: "array", name, of, count });
  }
}
