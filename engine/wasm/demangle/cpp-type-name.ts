/**
 * Names of types as a `std::type_info` holds them (Itanium C++ ABI, 5.1.5: mangled, without `_Z`), as C++ writes
 * them: fundamental types, pointers, classes in namespaces, templates of those. What has more to it, substitutions
 * above all, stays as it is.
 */

/** Abbreviations of fundamental types (5.1.5.2). */
const FUNDAMENTAL: Readonly<Record<string, string>> = {
  b: "bool",
  c: "char",
  a: "signed char",
  h: "unsigned char",
  s: "short",
  t: "unsigned short",
  i: "int",
  j: "unsigned int",
  l: "long",
  m: "unsigned long",
  x: "long long",
  y: "unsigned long long",
  f: "float",
  d: "double",
};

const STRING = /^NSt3__(\d)12basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEEE$/;

/** Types within types that are followed. */
const DEEPEST = 32;

/** The version of libc++'s ABI, as its inline namespace has it, that a `std::string` is of; undefined for others. */
export function stringVersion(mangled: string): number | undefined {
  const version = STRING.exec(mangled)?.[1];
  return version === undefined ? undefined : Number(version);
}

/** `N5store9not_foundE` as `store::not_found`. */
export function typeNameOf(mangled: string): string {
  if (STRING.test(mangled)) return "std::string";
  const reader = new TypeReader(mangled);
  const name = reader.type(0);
  return name !== undefined && reader.atEnd ? name : mangled;
}

class TypeReader {
  private at = 0;

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.at === this.text.length;
  }

  private take(prefix: string): boolean {
    if (!this.text.startsWith(prefix, this.at)) return false;
    this.at += prefix.length;
    return true;
  }

  /** undefined for what is not known here, and everywhere below. */
  type(depth: number): string | undefined {
    if (depth > DEEPEST) return undefined;
    if (this.take("P")) return suffixed(this.type(depth + 1), "*");
    if (this.take("K")) return suffixed("const ", this.type(depth + 1));
    const fundamental = FUNDAMENTAL[this.text[this.at] ?? ""];
    if (fundamental !== undefined) {
      this.at++;
      return fundamental;
    }
    if (!this.take("N"))
      return this.take("St") ? suffixed("std::", this.sourceName(depth)) : this.sourceName(depth);
    const parts = this.take("St") ? ["std"] : [];
    while (!this.take("E")) {
      const part = this.sourceName(depth);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return parts.join("::");
  }

  /** Its length, the name, and a template's arguments. */
  private sourceName(depth: number): string | undefined {
    const digits = /^[1-9]\d{0,3}/.exec(this.text.slice(this.at, this.at + 4))?.[0];
    if (digits === undefined) return undefined;
    const start = this.at + digits.length;
    const name = this.text.slice(start, start + Number(digits));
    if (name.length < Number(digits)) return undefined;
    this.at = start + name.length;
    const shown = name.startsWith("_GLOBAL__N") ? "(anonymous namespace)" : name;
    if (!this.take("I")) return shown;
    const inner: string[] = [];
    while (!this.take("E")) {
      const argument = this.type(depth + 1);
      if (argument === undefined) return undefined;
      inner.push(argument);
    }
    return `${shown}<${inner.join(", ")}>`;
  }
}

const suffixed = (first: string | undefined, second: string | undefined): string | undefined =>
  first === undefined || second === undefined ? undefined : first + second;
