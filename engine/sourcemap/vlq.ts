/** Base64 VLQ, the numbers of a source map's mappings (ECMA-426 §Base64 VLQ): 5 bits a character, sign lowest. */

const DIGITS = new Map(
  Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", (digit, value) => [
    digit,
    value,
  ]),
);

/** Numbers have 32 bits at most. */
const LONGEST = 7;

export class VlqReader {
  position = 0;

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** The character here; undefined at the end. */
  get next(): string | undefined {
    return this.text[this.position];
  }

  /** The number that starts here; undefined when there is none, and then the position is where it went wrong. */
  number(): number | undefined {
    let value = 0;
    for (let digits = 0; digits < LONGEST; digits++) {
      const digit = DIGITS.get(this.text[this.position] ?? "");
      if (digit === undefined) return undefined;
      this.position++;
      value += (digit & 31) * 2 ** (5 * digits);
      if (digit < 32) return value % 2 === 1 ? -((value - 1) / 2) : value / 2;
    }
    return undefined;
  }
}
