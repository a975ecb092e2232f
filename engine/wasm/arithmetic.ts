/**
 * What numeric instructions compute (Wasm core specification, "Numerics"), for working out values that a
 * program had computed when it stopped.
 *
 * Values are bits. The specification leaves the bits of a NaN that arithmetic produces to the engine, so one
 * stands here for any NaN, and what would look into its bits has no result.
 */

/** A number or vector as its unsigned bits. */
export interface WasmValue {
  readonly type: "i32" | "i64" | "f32" | "f64" | "v128";
  readonly bits: bigint;
}

type IntegerWidth = 32 | 64;
type FloatWidth = 32 | 64;

export function integerValue(width: IntegerWidth, value: bigint): WasmValue {
  return { type: `i${width}`, bits: BigInt.asUintN(width, value) };
}

/** @param value already a number of that width: for 32, what Math.fround leaves alone */
export function floatValue(width: FloatWidth, value: number): WasmValue {
  const view = new DataView(new ArrayBuffer(8));
  if (width === 64) {
    view.setFloat64(0, value);
    return { type: "f64", bits: view.getBigUint64(0) };
  }
  view.setFloat32(0, value);
  return { type: "f32", bits: BigInt(view.getUint32(0)) };
}

/** The number that an f32 or f64 holds. */
export function floatNumber(value: WasmValue): number {
  const view = new DataView(new ArrayBuffer(8));
  if (value.type === "f32") {
    view.setUint32(0, Number(value.bits));
    return view.getFloat32(0);
  }
  view.setBigUint64(0, value.bits);
  return view.getFloat64(0);
}

/**
 * The result of a numeric instruction without immediates, e.g. `i32.add`.
 * @param operands in the order in which they were pushed
 * @returns undefined where the instruction traps, where its result is not determined, for vectors, and for
 *   operands of other types than it takes
 */
export function numericResult(mnemonic: string, operands: readonly WasmValue[]): WasmValue | undefined {
  const [type, operation] = mnemonic.split(".");
  if (operation === undefined) return undefined;
  const converted = /_([if])(32|64)(_s|_u)?$/.exec(operation);
  if (converted !== null) return conversion(mnemonic, operands[0], `${converted[1]}${converted[2]}`);
  if (operands.length === 0 || operands.some((operand) => operand.type !== type)) return undefined;
  if (type === "i32") return integerResult(32, operation, operands);
  if (type === "i64") return integerResult(64, operation, operands);
  if (type === "f32") return floatResult(32, operation, operands);
  if (type === "f64") return floatResult(64, operation, operands);
  return undefined;
}

const truth = (value: boolean): WasmValue => integerValue(32, value ? 1n : 0n);

// Integers

function integerResult(
  width: IntegerWidth,
  operation: string,
  operands: readonly WasmValue[],
): WasmValue | undefined {
  const [left, right] = operands.map((operand) => operand.bits);
  if (left === undefined) return undefined;
  if (operation === "eqz") return truth(left === 0n);
  if (right === undefined) {
    const result = integerUnary[operation]?.(left, width);
    return result === undefined ? undefined : integerValue(width, result);
  }
  const signed = operation.endsWith("_s");
  const a = signed ? BigInt.asIntN(width, left) : left;
  const b = signed ? BigInt.asIntN(width, right) : right;
  const name = operation.replace(/_[su]$/, "");
  const compared = comparisons[name];
  if (compared !== undefined) return truth(compared(a, b));
  if (operation === "div_s" && b === -1n && a === -(1n << BigInt(width - 1))) return undefined; // traps
  const result = integerBinary[name]?.(a, b, width);
  return result === undefined ? undefined : integerValue(width, result);
}

const comparisons: Readonly<Record<string, (a: bigint | number, b: bigint | number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  ge: (a, b) => a >= b,
};

const binaryDigits = (value: bigint, width: number): string => value.toString(2).padStart(width, "0");
const leadingZeros = (digits: string): bigint => BigInt(/^0*/.exec(digits)![0].length);
const rotateLeft = (a: bigint, by: bigint, width: number): bigint => (a << by) | (a >> (BigInt(width) - by));

const integerUnary: Readonly<Record<string, (a: bigint, width: number) => bigint>> = {
  clz: (a, width) => leadingZeros(binaryDigits(a, width)),
  ctz: (a, width) => leadingZeros([...binaryDigits(a, width)].reverse().join("")),
  popcnt: (a, width) => BigInt(binaryDigits(a, width).replaceAll("0", "").length),
  extend8_s: (a) => BigInt.asIntN(8, a),
  extend16_s: (a) => BigInt.asIntN(16, a),
  extend32_s: (a) => BigInt.asIntN(32, a),
};

const integerBinary: Readonly<Record<string, (a: bigint, b: bigint, width: number) => bigint | undefined>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => (b === 0n ? undefined : a / b),
  rem: (a, b) => (b === 0n ? undefined : a % b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b, width) => a << shift(b, width),
  shr: (a, b, width) => a >> shift(b, width),
  rotl: (a, b, width) => rotateLeft(a, shift(b, width), width),
  rotr: (a, b, width) => rotateLeft(a, shift(BigInt(width) - shift(b, width), width), width),
};

/** A shift counts modulo the width; the count's sign makes no difference. */
const shift = (count: bigint, width: number): bigint => BigInt.asUintN(64, count) & BigInt(width - 1);

// Floats

function floatResult(
  width: FloatWidth,
  operation: string,
  operands: readonly WasmValue[],
): WasmValue | undefined {
  const [left, right] = operands;
  if (left === undefined) return undefined;
  const sign = 1n << BigInt(width - 1);
  const a = floatNumber(left);
  if (operation === "abs") return { type: left.type, bits: left.bits & ~sign };
  if (operation === "neg") return { type: left.type, bits: left.bits ^ sign };
  if (right === undefined) {
    const result = floatUnary[operation]?.(a);
    return result === undefined ? undefined : rounded(width, result);
  }
  const b = floatNumber(right);
  if (operation === "copysign") {
    if (Number.isNaN(b)) return undefined;
    return { type: left.type, bits: (left.bits & ~sign) | (right.bits & sign) };
  }
  const compared = comparisons[operation];
  if (compared !== undefined) return truth(compared(a, b));
  const result = floatBinary[operation]?.(a, b);
  return result === undefined ? undefined : rounded(width, result);
}

/** For f32 these operations give the same when computed as f64 and rounded once more. */
const rounded = (width: FloatWidth, value: number): WasmValue =>
  floatValue(width, width === 32 ? Math.fround(value) : value);

const floatUnary: Readonly<Record<string, (a: number) => number>> = {
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  nearest: toEven,
  sqrt: Math.sqrt,
};

const floatBinary: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
};

/** The nearest integer, the even one of two; keeps the sign of zero. */
function toEven(a: number): number {
  const below = Math.floor(a);
  const rest = a - below;
  if (!Number.isFinite(a) || rest === 0) return a;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const result = up ? below + 1 : below;
  return result === 0 && a < 0 ? -0 : result;
}

// Conversions

function conversion(mnemonic: string, operand: WasmValue | undefined, from: string): WasmValue | undefined {
  if (operand?.type !== from) return undefined;
  const [to, operation] = mnemonic.split(".");
  const width = to?.endsWith("64") ? 64 : 32;
  const fromWidth = from.endsWith("64") ? 64 : 32;
  const signed = operation?.endsWith("_s") ?? false;
  const integer = signed ? BigInt.asIntN(fromWidth, operand.bits) : operand.bits;
  switch (operation?.split("_")[0]) {
    case "wrap":
    case "extend":
      return integerValue(width, integer);
    case "convert":
      return floatValue(width, width === 32 ? singleOf(integer) : Number(integer));
    case "demote":
    case "promote":
      return rounded(width, floatNumber(operand));
    case "reinterpret":
      if (from.startsWith("f") && Number.isNaN(floatNumber(operand))) return undefined;
      return { type: to as WasmValue["type"], bits: operand.bits };
    case "trunc":
      return truncated(width, signed, operation.startsWith("trunc_sat"), floatNumber(operand));
    default:
      return undefined;
  }
}

function truncated(
  width: IntegerWidth,
  signed: boolean,
  saturating: boolean,
  value: number,
): WasmValue | undefined {
  const least = signed ? -(1n << BigInt(width - 1)) : 0n;
  const most = signed ? (1n << BigInt(width - 1)) - 1n : (1n << BigInt(width)) - 1n;
  if (Number.isNaN(value)) return saturating ? integerValue(width, 0n) : undefined;
  if (Number.isFinite(value)) {
    const whole = BigInt(Math.trunc(value));
    if (whole >= least && whole <= most) return integerValue(width, whole);
  }
  return saturating ? integerValue(width, value < 0 ? least : most) : undefined;
}

/** The f32 nearest to an integer of up to 64 bits, rounded once: bits past 53 are gathered into one. */
function singleOf(integer: bigint): number {
  const magnitude = integer < 0n ? -integer : integer;
  if (magnitude < 1n << 53n) return Math.fround(Number(integer));
  const lost = magnitude & 0x7ffn ? 1n : 0n;
  const gathered = Number(((magnitude >> 11n) | lost) << 11n);
  return Math.fround(integer < 0n ? -gathered : gathered);
}
