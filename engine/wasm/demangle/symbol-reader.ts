/**
 * The words of a v0 symbol (v0 Symbol Format, "Common rules" and "Identifier"): tags, numbers, identifiers.
 * Over bytes, because lengths and back-references count bytes of UTF-8.
 */
import { FormatError } from "../../bytes/errors";
import { decodePunycode } from "./punycode";

const digits62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const largestU64 = (1n << 64n) - 1n;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class SymbolReader {
  /** Bytes after the `_R`. */
  position = 0;

  /** @param bytes the symbol without its `_R` */
  constructor(private readonly bytes: Uint8Array) {}

  fail(problem: string): never {
    throw new FormatError(problem, { section: "symbol", offset: this.position });
  }

  /** The next byte as a character, not consumed; empty at the end. */
  peek(): string {
    const byte = this.bytes[this.position];
    return byte === undefined ? "" : String.fromCharCode(byte);
  }

  /** Consumes one byte. */
  next(): string {
    const tag = this.peek();
    if (tag === "") this.fail("The symbol ends early");
    this.position++;
    return tag;
  }

  /** Consumes the next byte if it is this one. */
  accept(tag: string): boolean {
    if (this.peek() !== tag) return false;
    this.position++;
    return true;
  }

  /** decimal-number, e.g. a length; `0` ends it, whatever follows. */
  private decimal(): number {
    if (this.accept("0")) return 0;
    let value = 0;
    if (!isDigit(this.peek())) this.fail("A number is missing");
    while (isDigit(this.peek())) {
      value = value * 10 + Number(this.next());
      if (value > this.bytes.length) this.fail("A length reaches beyond the symbol");
    }
    return value;
  }

  /** base-62-number: `_` is 0, `0_` is 1. At most 64 bits. */
  base62(): bigint {
    if (this.accept("_")) return 0n;
    let value = 0n;
    while (!this.accept("_")) {
      const digit = digits62.indexOf(this.next());
      if (digit < 0) this.fail("A base-62 number has a wrong digit");
      value = value * 62n + BigInt(digit);
      if (value >= largestU64) this.fail("A base-62 number is too large");
    }
    return value + 1n;
  }

  /** A base-62-number after its tag, plus one; 0 when the tag is not there. */
  optionalBase62(tag: string): bigint {
    return this.accept(tag) ? this.base62() + 1n : 0n;
  }

  /** disambiguator, 0 when there is none. */
  disambiguator(): bigint {
    return this.optionalBase62("s");
  }

  /** undisambiguated-identifier; may be empty. */
  identifier(): string {
    const isPunycode = this.accept("u");
    const length = this.decimal();
    this.accept("_");
    if (length > this.bytes.length - this.position) this.fail("An identifier reaches beyond the symbol");
    const text = this.utf8(this.bytes.subarray(this.position, this.position + length));
    const decoded = isPunycode ? decodePunycode(text) : text;
    if (decoded === undefined) this.fail("An identifier is not Punycode");
    this.position += length;
    return decoded;
  }

  /** const-data without its sign: hexadecimal digits up to `_`. */
  hexDigits(): string {
    const start = this.position;
    while (/^[0-9a-f]$/.test(this.peek())) this.position++;
    const digits = this.utf8(this.bytes.subarray(start, this.position));
    if (!this.accept("_")) this.fail("A constant does not end");
    return digits;
  }

  utf8(bytes: Uint8Array): string {
    try {
      return strictUtf8.decode(bytes);
    } catch {
      this.fail("Text is not UTF-8");
    }
  }
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}
