/**
 * Constants in v0 symbols (v0 Symbol Format, "Const"), and the structural ones that rustc writes for
 * `adt_const_params`: strings, references, arrays, tuples, structs and enum variants.
 */
import type { SymbolPrinter } from "./symbol-printer";

/** As a generic argument, an expression that is no literal needs braces; inside of one it does not. */
export type ConstantContext = "argument" | "expression";

/** const. Types are not shown: `[u8; 4]`, not `[u8; 4usize]`. */
export function printConstant(printer: SymbolPrinter, context: ConstantContext): void {
  printer.nested(() => {
    const tag = printer.reader.next();
    const braces = structural.has(tag) && context === "argument" && !isStringLiteral(printer, tag);
    if (braces) printer.print("{");
    printAfter(printer, tag, context);
    if (braces) printer.print("}");
  });
}

const structural: ReadonlySet<string> = new Set(["e", "R", "Q", "A", "T", "V"]);

/** A `&str`, which is a literal, unlike other references. */
function isStringLiteral({ reader }: SymbolPrinter, tag: string): boolean {
  return tag === "R" && reader.peek() === "e";
}

function printAfter(printer: SymbolPrinter, tag: string, context: ConstantContext): void {
  const { reader } = printer;
  const inner = () => printConstant(printer, "expression");
  switch (tag) {
    case "p":
      printer.print("_");
      break;
    case "B":
      printer.backReference(() => printConstant(printer, context));
      break;
    case "b":
      printBoolean(printer);
      break;
    case "c":
      printCharacter(printer);
      break;
    case "e":
      // A literal is a `&str`; the string itself is what it points at.
      printer.print("*");
      printString(printer);
      break;
    case "R":
      if (reader.accept("e")) {
        printString(printer);
      } else {
        printer.print("&");
        inner();
      }
      break;
    case "Q":
      printer.print("&mut ");
      inner();
      break;
    case "A":
      printer.print("[");
      printer.list(inner);
      printer.print("]");
      break;
    case "T":
      printer.tuple(inner);
      break;
    case "V":
      printVariant(printer, inner);
      break;
    default:
      printInteger(printer, tag);
  }
}

const unsignedIntegers = "htmyoj";
const signedIntegers = "aslxni";

function printInteger(printer: SymbolPrinter, tag: string): void {
  const { reader } = printer;
  const signed = signedIntegers.includes(tag);
  if (!signed && !unsignedIntegers.includes(tag)) reader.fail("A constant has an unknown type");
  const sign = signed && reader.accept("n") ? "-" : "";
  printer.print(sign + integer(reader.hexDigits()));
}

/** In decimal up to 64 bits, in hexadecimal above, as rustc's own demangler does. */
function integer(hex: string): string {
  const digits = hex.replace(/^0+/, "");
  if (digits.length > 16) return `0x${digits}`;
  return BigInt(`0x${digits || "0"}`).toString();
}

function printBoolean(printer: SymbolPrinter): void {
  const value = integer(printer.reader.hexDigits());
  if (value !== "0" && value !== "1") printer.reader.fail("A constant is neither true nor false");
  printer.print(value === "1" ? "true" : "false");
}

function printCharacter(printer: SymbolPrinter): void {
  const digits = printer.reader.hexDigits().replace(/^0+/, "");
  const codePoint = Number.parseInt(digits || "0", 16);
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000)) {
    printer.reader.fail("A constant is not a character");
  }
  printer.print(`'${escaped(String.fromCodePoint(codePoint), "'")}'`);
}

/** The bytes of UTF-8, two hexadecimal digits each. */
function printString(printer: SymbolPrinter): void {
  const { reader } = printer;
  const digits = reader.hexDigits();
  if (digits.length % 2 !== 0) reader.fail("A string ends within a byte");
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const text = Array.from(reader.utf8(bytes), (character) => escaped(character, '"')).join("");
  printer.print(`"${text}"`);
}

/** A struct or an enum's variant: a path, then `U`nit, `T`uple or `S`truct with named fields. */
function printVariant(printer: SymbolPrinter, field: () => void): void {
  const { reader } = printer;
  printer.path("expression");
  switch (reader.next()) {
    case "U":
      break;
    case "T":
      printer.print("(");
      printer.list(field);
      printer.print(")");
      break;
    case "S":
      printer.print(" { ");
      printer.list(() => {
        reader.disambiguator();
        printer.print(`${reader.identifier()}: `);
        field();
      });
      printer.print(" }");
      break;
    default:
      reader.fail("A variant is neither unit, tuple nor struct");
  }
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["\0", "\\0"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\\", "\\\\"],
]);

/** A character as a Rust literal within `quote` has it. */
function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const hidden = character !== " " && /^[\p{C}\p{Z}\p{Mn}\p{Me}]$/u.test(character);
  return escapes.get(character) ?? (hidden ? `\\u{${character.codePointAt(0)!.toString(16)}}` : character);
}
