/**
 * The specification's encoding of a core dump (WebAssembly/tool-conventions, Coredump.md) as lists of bytes.
 * engine/coredump/writer.ts writes all that a dump can hold; this writes what JavaScript can know, in a fifth of
 * the code.
 */

export type Bytes = readonly number[];

/** Unsigned LEB128. */
export const uleb = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...uleb(Math.floor(value / 128))];

/** Signed LEB128. */
export const sleb = (value: number | bigint): number[] => {
  const whole = BigInt(value);
  const low = Number(whole & 0x7fn);
  return BigInt.asIntN(7, whole) === whole ? [low] : [low + 128, ...sleb(whole >> 7n)];
};

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const counted = (bytes: ArrayLike<number> & Iterable<number>): number[] => [...uleb(bytes.length), ...bytes];

/** A record that begins with its kind, which is 0, and a name. */
export const named = (name = ""): number[] => [0, ...counted(utf8(name))];

export const vector = (items: readonly Bytes[]): number[] => [...uleb(items.length), ...items.flat()];

export const section = (id: number, contents: Bytes): number[] => [id, ...counted(contents)];

/** A custom section: its id is 0, and it begins with its name. */
export const custom = (name: string, contents: Iterable<number>): number[] =>
  section(0, [...counted(utf8(name)), ...contents]);

/**
 * A global with its value; undefined where JavaScript does not tell it. JavaScript has one type for i32, f32 and
 * f64: a whole number goes for i32, and the reader, who knows the global's type, puts it right. A NaN has lost its
 * bits; v128 and references cannot be read.
 */
export function globalOf(global: WebAssembly.Global): Bytes | undefined {
  let value: unknown;
  try {
    value = global.value;
  } catch {
    return undefined;
  }
  if (typeof value === "bigint") return [0x7e, 1, 0x42, ...sleb(value), 0x0b];
  if (typeof value !== "number" || Number.isNaN(value)) return undefined;
  if (Object.is(value | 0, value)) return [0x7f, 1, 0x41, ...sleb(value), 0x0b];
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value, true);
  return [0x7c, 1, 0x44, ...new Uint8Array(bits.buffer), 0x0b];
}
