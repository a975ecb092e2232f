/**
 * The specification's encoding of a core dump (WebAssembly/tool-conventions, Coredump.md) as lists of bytes.
 * engine/coredump/writer.ts writes all that a dump can hold; this writes what JavaScript can know, in a fifth of
 * the code.
 */

export type Bytes = readonly number[];

/** Unsigned LEB128. */
export function uleb(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** Signed LEB128. */
export function sleb(value: number | bigint): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest >> 6n === 0n || rest >> 6n === -1n) return [...bytes, low];
    bytes.push(low + 128);
  }
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const counted = (bytes: Iterable<number>): number[] => {
  const list = [...bytes];
  return [...uleb(list.length), ...list];
};

/** A record that begins with its kind, which is 0, and a name. */
export const named = (name: string): number[] => [0, ...counted(utf8(name))];

export const vector = (items: readonly Bytes[]): number[] => [...uleb(items.length), ...items.flat()];

export const section = (id: number, contents: Iterable<number>): number[] => [id, ...counted(contents)];

export const custom = (name: string, contents: Iterable<number>): number[] =>
  section(0, [...counted(utf8(name)), ...contents]);

/**
 * A global with its value; undefined where JavaScript does not tell it. JavaScript has one type for i32, f32 and
 * f64: a whole number goes for i32, and the reader, who knows the global's type, puts it right. A NaN has lost its
 * bits; v128 and references cannot be read.
 */
export function globalOf(value: unknown): Bytes | undefined {
  const constant = (type: number, opcode: number, bytes: Iterable<number>) => [
    type,
    1,
    opcode,
    ...bytes,
    0x0b,
  ];
  if (typeof value === "bigint") return constant(0x7e, 0x42, sleb(value));
  if (typeof value !== "number" || Number.isNaN(value)) return undefined;
  if (Object.is(value | 0, value)) return constant(0x7f, 0x41, sleb(value));
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value, true);
  return constant(0x7c, 0x44, new Uint8Array(bits.buffer));
}
