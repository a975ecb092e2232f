/** Whether the text of a value without children that matter is what the program said. */
import type { Value } from "../../engine/values/model";
import type { Truth } from "./truth";

const number = (text: string): number => Number(text.replace(/^(-?)inf$/i, "$1Infinity"));

export const quoted = (bytes: readonly number[]): string =>
  JSON.stringify(Buffer.from(bytes).toString()).replaceAll("\\u0000", "\\0");

export const integerIn = (text: string): string | undefined => /^-?\d+/.exec(text)?.[0];

/** Tells whether a value without children that matter is the truth; undefined when the truth has children. */
export function scalarTest(truth: Truth, sameBuild: boolean): ((value: Value) => boolean) | undefined {
  /** Without the address or the ampersand that a pointer has before what it leads to. */
  const bare = (value: Value) => value.text().replace(/^(0x[0-9a-f]+ (→ )?|&(mut )?)+/, "");
  if ("integer" in truth) return (value) => integerIn(bare(value)) === truth.integer;
  if ("truth" in truth)
    return (value) => [String(truth.truth), String(Number(truth.truth))].includes(bare(value));
  if ("float" in truth) return (value) => isFloat(number(bare(value)), number(truth.float));
  if ("constant" in truth) return (value) => isConstant(bare(value), truth.constant, truth.number);
  if ("letter" in truth) return (value) => value.text().includes(truth.letter);
  if ("text" in truth) return (value) => isText(value, truth.text);
  if ("none" in truth) return (value) => /^(nullopt|None)\b/.test(bare(value));
  if ("null" in truth)
    return (value) => value.target === 0 || value.text() === "nullptr" || value.text().includes("null");
  if ("bits" in truth) return (value) => bare(value).split(" ")[0] === truth.bits;
  if ("unit" in truth) return (value) => /^(\(\)|\{\}|std::monostate)$/.test(bare(value));
  if ("range" in truth) {
    const text = truth.range.map((end) => ("integer" in end ? end.integer : "")).join("..");
    return (value) => bare(value) === text;
  }
  if ("complex" in truth) {
    const [real, imaginary] = truth.complex.map((part) =>
      "float" in part ? Number(part.float) : Number.NaN,
    );
    const text = `${real} ${imaginary! < 0 ? "-" : "+"} ${Math.abs(imaginary!)}i`;
    return (value) => bare(value) === text;
  }
  if ("address" in truth) {
    const isNull = truth.address === "0";
    return ({ target }) => {
      if (isNull || target === undefined) return isNull && target === 0;
      return sameBuild ? String(target) === truth.address : target !== 0;
    };
  }
  return undefined;
}

/** A float is told as the double that it is, or shown as the shortest text that reads as it. */
const isFloat = (shown: number, told: number): boolean =>
  Object.is(shown, told) || Object.is(Math.fround(shown), told);

function isConstant(text: string, names: readonly string[], value: string | undefined): boolean {
  if (names.length === 0) return integerIn(text) === value || text.includes("|");
  return names.some((name) => text === name || text.endsWith(`::${name}`) || text.split(/[ ({]/)[0] === name);
}

function isText(value: Value, bytes: readonly number[]): boolean {
  const units = value.children?.indexed(0, bytes.length + 1) ?? [];
  const isUnit = (text: string, byte: number) => (Number(integerIn(text)) & 0xff) === byte;
  if (units.length > 0 && units.length === bytes.length)
    return units.every((unit, index) => isUnit(unit.value.text(), bytes[index]!));
  const text = value.text();
  // A reference to a pointer is shown as the address alone.
  return bytes.length === 0
    ? /""($| \()|^0x[0-9a-f]+$/.test(text)
    : text.replace(/^&(mut )?/, "") === quoted(bytes);
}
