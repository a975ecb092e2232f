/** Floating-point numbers as Rust's `Display` and `Debug` write them: the shortest text that reads as the same number. */
import { type Options, padNumber } from "./rust-options";

/** @returns undefined where versions of Rust differ: a number halfway between two of its precision */
export function floatText(
  bytes: Uint8Array,
  trait: "Display" | "Debug",
  options: Options,
): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const value = bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  if (Number.isNaN(value)) return padNumber("", "NaN", { ...options, plus: false, zeroPad: false });
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return padNumber(sign, "inf", { ...options, zeroPad: false });
  const digits =
    options.precision === undefined ? shortest(size, bytes.length, trait) : fixed(size, options.precision);
  return digits === undefined ? undefined : padNumber(sign, digits, options);
}

function shortest(size: number, width: number, trait: "Display" | "Debug"): string {
  const [digits, exponent] = decimal(width === 4 ? shortestSingle(size) : size);
  if (trait === "Debug" && size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [first, rest] = [digits.slice(0, 1), digits.slice(1)];
    return `${first}${rest === "" ? "" : `.${rest}`}e${exponent}`;
  }
  const point = exponent + 1;
  const whole = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0");
  const fraction = point < 0 ? "0".repeat(-point) + digits : digits.slice(point);
  if (fraction === "") return trait === "Debug" ? `${whole}.0` : whole;
  return `${whole}.${fraction}`;
}

/** Significant digits, and the power of ten of the first. */
function decimal(value: number): [digits: string, exponent: number] {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return [mantissa.replace(".", ""), Number(exponent)];
}

/** The double of the fewest digits that is nearest to this f32. */
function shortestSingle(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function fixed(size: number, precision: number): string | undefined {
  if (size >= 1e21 || precision > 40) return undefined;
  const exact = size.toFixed(precision + 60);
  const rest = exact.slice(exact.length - 60);
  return /^50*$/.test(rest) ? undefined : size.toFixed(precision);
}
