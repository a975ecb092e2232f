/**
 * Rust's v0 mangling (RFC 2603; rustc book, "v0 Symbol Format"): the grammar of paths and types, printed while
 * it is read, as Rust source would write them.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { printConstant } from "./rust-v0-constants";
import { type PathContext, SymbolPrinter } from "./symbol-printer";
import { SymbolReader } from "./symbol-reader";

const basicTypes: ReadonlyMap<string, string> = new Map([
  ["a", "i8"],
  ["b", "bool"],
  ["c", "char"],
  ["d", "f64"],
  ["e", "str"],
  ["f", "f32"],
  ["h", "u8"],
  ["i", "isize"],
  ["j", "usize"],
  ["l", "i32"],
  ["m", "u32"],
  ["n", "i128"],
  ["o", "u128"],
  ["p", "_"],
  ["s", "i16"],
  ["t", "u16"],
  ["u", "()"],
  ["v", "..."],
  ["x", "i64"],
  ["y", "u64"],
  ["z", "!"],
]);

/** Namespaces that are shown by a word; other upper-case ones are shown by their letter. */
const namespaces: ReadonlyMap<string, string> = new Map([
  ["C", "closure"],
  ["S", "shim"],
]);

/** @returns undefined when `symbol` is not of the v0 scheme, malformed or beyond the limits */
export function demangleV0(symbol: string): string | undefined {
  if (!symbol.startsWith("_R")) return undefined;
  const printer = new V0Printer(new SymbolReader(new TextEncoder().encode(symbol.slice(2))));
  const name = attempt(() => printer.symbol());
  return name instanceof FormatError ? undefined : name;
}

/** One method a production: reads it, and prints it. */
class V0Printer extends SymbolPrinter {
  /** symbol-name. Instantiating crate and vendor-specific suffix are not shown. */
  symbol(): string {
    this.path("expression");
    if (!this.atSuffix) this.unseen(() => this.path("expression"));
    if (!this.atSuffix) this.reader.fail("The symbol does not end where its name does");
    return this.text;
  }

  private get atSuffix(): boolean {
    return ["", ".", "$"].includes(this.reader.peek());
  }

  // Paths

  /**
   * path. With `leaveOpen`, generic arguments stay without their `>`, so that bindings can follow.
   * @returns whether they were left open
   */
  override path(context: PathContext, leaveOpen = false): boolean {
    return this.nested(() => this.pathAfter(this.reader.next(), context, leaveOpen));
  }

  private pathAfter(tag: string, context: PathContext, leaveOpen: boolean): boolean {
    switch (tag) {
      case "C":
        this.reader.disambiguator();
        this.print(this.reader.identifier());
        return false;
      case "N":
        this.nestedPath(context);
        return false;
      case "M":
        this.implPath();
        this.selfType(false);
        return false;
      case "X":
        this.implPath();
        this.selfType(true);
        return false;
      case "Y":
        this.selfType(true);
        return false;
      case "I":
        this.path(context);
        this.print(context === "expression" ? "::<" : "<");
        this.list(() => this.genericArgument());
        if (!leaveOpen) this.print(">");
        return leaveOpen;
      case "B":
        return this.backReference(() => this.path(context, leaveOpen)) ?? false;
      default:
        return this.reader.fail("A path has an unknown tag");
    }
  }

  /** nested-path. Lower-case namespaces are the compiler's own and not shown. */
  private nestedPath(context: PathContext): void {
    const namespace = this.reader.next();
    if (!/[A-Za-z]/.test(namespace)) this.reader.fail("A namespace is not a letter");
    this.path(context);
    const disambiguator = this.reader.disambiguator();
    const name = this.reader.identifier();
    if (namespace >= "a") {
      if (name !== "") this.print(`::${name}`);
      return;
    }
    const kind = namespaces.get(namespace) ?? namespace;
    this.print(`::{${kind}${name && `:${name}`}#${disambiguator}}`);
  }

  /** impl-path: where the impl stands, which is not shown. */
  private implPath(): void {
    this.reader.disambiguator();
    this.unseen(() => this.path("type"));
  }

  /** The Self type, and the trait: `<T>` or `<T as Trait>`. */
  private selfType(ofTrait: boolean): void {
    this.print("<");
    this.type();
    if (ofTrait) {
      this.print(" as ");
      this.path("type");
    }
    this.print(">");
  }

  private genericArgument(): void {
    if (this.reader.accept("L")) this.lifetime(this.reader.base62());
    else this.typeOrConstant();
  }

  private typeOrConstant(): void {
    if (this.reader.accept("K")) printConstant(this, "argument");
    else this.type();
  }

  // Types

  private type(): void {
    this.nested(() => this.typeAfter(this.reader.next()));
  }

  private typeAfter(tag: string): void {
    switch (tag) {
      case "R":
        this.reference("&");
        break;
      case "Q":
        this.reference("&mut ");
        break;
      case "P":
        this.print("*const ");
        this.type();
        break;
      case "O":
        this.print("*mut ");
        this.type();
        break;
      case "S":
        this.print("[");
        this.type();
        this.print("]");
        break;
      case "A":
        this.print("[");
        this.type();
        this.print("; ");
        printConstant(this, "expression");
        this.print("]");
        break;
      case "T":
        this.tuple(() => this.type());
        break;
      case "F":
        this.bound(() => this.functionSignature());
        break;
      case "D":
        this.traitObject();
        break;
      case "W":
        this.type();
        this.print(" is ");
        this.pattern();
        break;
      case "B":
        this.backReference(() => this.type());
        break;
      default:
        this.basicTypeOrPath(tag);
    }
  }

  private basicTypeOrPath(tag: string): void {
    const basic = basicTypes.get(tag);
    if (basic === undefined) this.pathAfter(tag, "type", false);
    else this.print(basic);
  }

  private reference(sigil: string): void {
    const index = this.reader.accept("L") ? this.reader.base62() : 0n;
    if (index === 0n) {
      this.print(sigil);
    } else {
      this.print("&");
      this.lifetime(index);
      this.print(` ${sigil.slice(1)}`);
    }
    this.type();
  }

  /** fn-sig after its binder. */
  private functionSignature(): void {
    const { reader } = this;
    if (reader.accept("U")) this.print("unsafe ");
    if (reader.accept("K")) {
      const abi = reader.accept("C") ? "C" : reader.identifier();
      if (abi === "") reader.fail("An ABI has no name");
      this.print(`extern "${abi.replaceAll("_", "-")}" `);
    }
    this.print("fn(");
    this.list(() => this.type());
    this.print(")");
    if (reader.accept("u")) return;
    this.print(" -> ");
    this.type();
  }

  /** dyn-trait-type. */
  private traitObject(): void {
    this.print("dyn ");
    this.bound(() => this.list(() => this.dynTrait(), " + "));
    if (!this.reader.accept("L")) this.reader.fail("A trait object has no lifetime");
    const index = this.reader.base62();
    if (index === 0n) return;
    this.print(" + ");
    this.lifetime(index);
  }

  /** dyn-trait: its associated types and constants stand among the generic arguments. */
  private dynTrait(): void {
    let open = this.path("type", true);
    while (this.reader.accept("p")) {
      this.print(open ? ", " : "<");
      open = true;
      this.print(`${this.reader.identifier()} = `);
      this.typeOrConstant();
    }
    if (open) this.print(">");
  }

  /** The pattern of a pattern type: the values that a type is narrowed to, e.g. a range of integers. */
  private pattern(): void {
    this.nested(() => {
      const tag = this.reader.next();
      if (tag === "R") {
        printConstant(this, "argument");
        this.print("..=");
        printConstant(this, "argument");
      } else if (tag === "O") {
        this.list(() => this.pattern(), " | ");
      } else if (tag === "N") {
        this.print("!null");
      } else {
        this.reader.fail("A pattern has an unknown tag");
      }
    });
  }
}
