/** The constants of Rust's own types, which no debug information has: `u32::MAX`, `f64::EPSILON`, `std::f64::consts::PI`. */
import { roundTo } from "./floats";
import { integer, type Scalar } from "./scalars";
import type { Session } from "./session";

const PATH =
  /^(?:(?:std|core)::)?(?:(?<type>[iu](?:8|16|32|64|128|size)|f32|f64|char)::(?<name>MAX|MIN|BITS|MIN_POSITIVE|EPSILON|INFINITY|NEG_INFINITY|NAN)|(?<float>f32|f64)::consts::(?<constant>[A-Z0-9_]+))$/;

const CONSTANTS: Readonly<Record<string, number>> = {
  ...{ PI: Math.PI, TAU: 2 * Math.PI, E: Math.E, SQRT_2: Math.SQRT2 },
  ...{ LN_2: Math.LN2, LN_10: Math.LN10, LOG2_E: Math.LOG2E, LOG10_E: Math.LOG10E },
};

type Constant = Exclude<Scalar, { kind: "text" }>;

/** The value of such a path; undefined for every other. */
export function rustConstant(path: string, { addressSize }: Session): Constant | undefined {
  const { type, name, float, constant } = PATH.exec(path)?.groups ?? {};
  if (float !== undefined) {
    const value = Object.hasOwn(CONSTANTS, constant!) ? CONSTANTS[constant!] : undefined;
    return value === undefined ? undefined : floating(value, float);
  }
  if (type === undefined) return undefined;
  if (type === "char") return name === "MAX" ? { kind: "character", code: 0x10ffffn } : undefined;
  if (type.startsWith("f")) return floatConstant(type, name!);
  const width = type.slice(1);
  const bits = width === "size" ? 8 * addressSize : Number(width);
  const signed = type.startsWith("i");
  const high = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  switch (name) {
    case "BITS":
      return integer(BigInt(bits), { name: "u32", bits: 32, signed: false });
    case "MAX":
      return integer(high, { name: type, bits, signed });
    case "MIN":
      return integer(signed ? -high - 1n : 0n, { name: type, bits, signed });
    default:
      return undefined;
  }
}

function floatConstant(type: string, name: string): Constant | undefined {
  const single = type === "f32";
  const most = single ? (2 - 2 ** -23) * 2 ** 127 : Number.MAX_VALUE;
  const values: Readonly<Record<string, number>> = {
    ...{
      MAX: most,
      MIN: -most,
      MIN_POSITIVE: 2 ** (single ? -126 : -1022),
      EPSILON: 2 ** (single ? -23 : -52),
    },
    ...{ INFINITY: Number.POSITIVE_INFINITY, NEG_INFINITY: Number.NEGATIVE_INFINITY, NAN: Number.NaN },
  };
  const value = values[name];
  return value === undefined ? undefined : floating(value, type);
}

function floating(value: number, name: string): Constant {
  const size = name === "f32" ? 4 : 8;
  return { kind: "float", value: roundTo(value, size), type: { name, size } };
}
