/**
 * Printing a v0 symbol while it is read: back-references, lifetimes, lists, parts that are not shown.
 *
 * A back-reference reads an earlier part again, so a short symbol can stand for an endless name: nesting and
 * the whole work are limited, and a symbol beyond the limits counts as malformed.
 */
import type { SymbolReader } from "./symbol-reader";

/** Productions within productions, back-references included. */
const deepest = 256;
/** Productions and printed characters together. */
const largestWork = 1 << 16;

/** Where a path stands: generic arguments need a turbofish (`::<`) in expressions, and not in types. */
export type PathContext = "expression" | "type";

export abstract class SymbolPrinter {
  private written = "";
  private muted = false;
  private work = 0;
  private depth = 0;
  /** Lifetimes bound by the enclosing binders. */
  private boundLifetimes = 0n;

  constructor(readonly reader: SymbolReader) {}

  /** Reads and prints a path: constants name structs and variants by theirs. */
  abstract path(context: PathContext): void;

  /** What was printed up to now. */
  get text(): string {
    return this.written;
  }

  print(text: string): void {
    this.spend(text.length);
    if (!this.muted) this.written += text;
  }

  private spend(amount: number): void {
    this.work += amount;
    if (this.work > largestWork) this.reader.fail("The name is too long");
  }

  /** Reads a production without showing it. */
  unseen(read: () => void): void {
    const before = this.muted;
    this.muted = true;
    read();
    this.muted = before;
  }

  /** Reads a production that may hold others of its kind. */
  nested<T>(read: () => T): T {
    this.spend(1);
    if (++this.depth > deepest) this.reader.fail("The symbol is nested too deeply");
    const result = read();
    this.depth--;
    return result;
  }

  /** Reads up to the closing `E`, with commas between, and counts. */
  list(read: () => void, separator = ", "): number {
    let count = 0;
    for (; !this.reader.accept("E"); count++) {
      if (count > 0) this.print(separator);
      read();
    }
    return count;
  }

  /** A list in parentheses; a single element has a comma, to tell it from a parenthesised one. */
  tuple(read: () => void): void {
    this.print("(");
    const count = this.list(read);
    this.print(count === 1 ? ",)" : ")");
  }

  /**
   * backref, its tag being read: `read`s again what stands at an earlier place.
   * @returns undefined where nothing is shown, and so nothing read
   */
  backReference<T>(read: () => T): T | undefined {
    const { reader } = this;
    const tag = reader.position - 1;
    const target = reader.base62();
    if (target >= tag) reader.fail("A back-reference does not point back");
    if (this.muted) return undefined;
    const end = reader.position;
    reader.position = Number(target);
    const result = read();
    reader.position = end;
    return result;
  }

  /** A lifetime by its de Bruijn index: the same level of binding has the same letter. */
  lifetime(index: bigint): void {
    if (index > this.boundLifetimes) this.reader.fail("A lifetime is not bound");
    this.print(index === 0n ? "'_" : lifetimeName(this.boundLifetimes - index));
  }

  /** An optional binder, and what it binds lifetimes for. */
  bound(read: () => void): void {
    const count = this.reader.optionalBase62("G");
    const before = this.boundLifetimes;
    for (let i = 0n; i < count; i++) {
      this.print(i === 0n ? "for<" : ", ");
      this.print(lifetimeName(before + i));
    }
    if (count > 0n) this.print("> ");
    this.boundLifetimes = before + count;
    read();
    this.boundLifetimes = before;
  }
}

function lifetimeName(level: bigint): string {
  return level < 26n ? `'${String.fromCharCode(0x61 + Number(level))}` : `'_${level}`;
}
