/** The types of a generated C++ program: the library's, nested in each other, and those that it declares. */
import type { Dice } from "../dice";
import type { SourceText } from "../source-text";

export interface CppType {
  readonly name: string;
  readonly isCopyable: boolean;
  /** Ordered, and hashed by the library. */
  readonly isKey: boolean;
  readonly isScalar: boolean;
  readonly isPointer: boolean;
  /** @param depth of what may be nested in it */
  value(depth: number): string;
  /** Statements that change a variable after its declaration: what removals and growth leave behind. */
  changes(variable: string): string[];
}

type Given = Pick<CppType, "name" | "value"> & Partial<CppType>;

const type = (given: Given): CppType => ({
  isCopyable: true,
  isKey: false,
  isScalar: false,
  isPointer: false,
  changes: () => [],
  ...given,
});

/** Lengths of texts on both sides of what a short string holds. */
const LENGTHS = [0, 1, 3, 9, 10, 11, 12, 22, 23, 40, 70];

export class CppTypes {
  private readonly declared: CppType[] = [];
  private readonly bases: { readonly name: string; readonly of: CppType }[] = [];
  private readonly scalars: readonly CppType[];
  private readonly string: CppType;
  private readonly view: CppType;

  constructor(
    private readonly dice: Dice,
    source: SourceText,
  ) {
    this.scalars = this.makeScalars();
    this.string = type({
      name: "std::string",
      isKey: true,
      value: () => this.text("std::string"),
      changes: (name) =>
        dice.pick([[], [], [`${name} += "tail";`], [`${name}.reserve(100);`], [`${name}.clear();`]]),
    });
    this.view = type({ name: "std::string_view", isKey: true, value: () => this.text("std::string_view") });
    for (let index = 0; index <= dice.below(2); index++) this.declareEnum(source, `Enum${index}`);
    for (let index = 0; index <= dice.below(4); index++) this.declareStruct(source, `Struct${index}`);
  }

  /** @param depth of what may be nested in it */
  any(depth: number): CppType {
    const { dice } = this;
    if (depth <= 0 || dice.chance(0.2)) return this.plain();
    const chosen = dice.below(24);
    if (chosen < 8) return this.sequence(depth - 1);
    if (chosen < 11) return this.associative(depth - 1);
    if (chosen < 15) return this.choice(depth - 1);
    if (chosen < 17) return this.product(depth - 1);
    if (chosen < 20) return this.pointer(depth - 1);
    if (chosen === 20) return this.bits();
    return dice.pick(this.declared);
  }

  copyable(depth: number): CppType {
    for (let tries = 0; tries < 20; tries++) {
      const found = this.any(depth);
      if (found.isCopyable) return found;
    }
    return this.string;
  }

  private plain(): CppType {
    const { dice } = this;
    const chosen = dice.fraction();
    if (chosen < 0.3) return this.string;
    if (chosen < 0.37) return this.view;
    const enums = this.declared.filter(({ isScalar }) => isScalar);
    return dice.pick(chosen < 0.48 && enums.length > 0 ? enums : this.scalars);
  }

  private key(): CppType {
    return this.dice.chance(0.5) ? this.dice.pick(this.scalars.filter(({ isKey }) => isKey)) : this.string;
  }

  private list(of: CppType, depth: number, count = this.dice.below(6)): string {
    return this.dice.times(count, () => of.value(depth - 1)).join(", ");
  }

  private makeScalars(): CppType[] {
    const { dice } = this;
    const integer = (name: string, literal: () => string): CppType =>
      type({
        name,
        isKey: true,
        isScalar: true,
        value: () => `(${name})${dice.chance(0.5) ? literal() : `opaque(${dice.below(1000)})`}`,
      });
    const float = (name: string, values: readonly string[]): CppType =>
      type({ name, isScalar: true, value: () => dice.pick(values) });
    return [
      integer("int", () => `(${dice.below(4000) - 2000})`),
      integer("char", () => `(${dice.below(200) - 100})`),
      integer("unsigned char", () => String(dice.below(256))),
      integer("short", () => `(${dice.below(60000) - 30000})`),
      integer("unsigned", () => String(dice.below(2 ** 31))),
      integer("long long", () => `(${dice.below(2 ** 31) - 2 ** 30}ll * 1000003)`),
      integer("unsigned long long", () => `(${dice.below(2 ** 31)}ull * 4000000007)`),
      type({ name: "bool", isKey: true, isScalar: true, value: () => dice.pick(["true", "false"]) }),
      float("double", ["0.5", "-1.25", "1e100", "3.0", "0.1", "-0.0", "(opaque(77) / 8.0)"]),
      float("float", ["0.5f", "-1.25f", "1e10f", "3.0f", "0.1f"]),
    ];
  }

  private text(name: string): string {
    const { dice } = this;
    const letters = dice.times(dice.pick(LENGTHS), () => {
      if (dice.chance(0.03)) return dice.pick(["\\n", "\\t", '\\"', "\\\\", '\\xff" "', '\\0" "']);
      return dice.chance(0.02) ? "é" : String.fromCharCode(0x61 + dice.below(26));
    });
    const literal = `"${letters.join("")}"`;
    return `${name}(${literal}, sizeof(${literal}) - 1)`;
  }

  private sequence(depth: number): CppType {
    const { dice } = this;
    if (dice.chance(0.12)) {
      const name = "std::vector<bool>";
      const flags = () => dice.times(dice.below(70), () => dice.pick(["true", "false"])).join(", ");
      return type({ name, value: () => `${name}{${flags()}}` });
    }
    const of = this.copyable(depth);
    if (dice.chance(0.15)) {
      const count = 1 + dice.below(4);
      const name = `std::array<${of.name}, ${count}>`;
      return type({ name, value: (within) => `${name}{{${this.list(of, within, count)}}}` });
    }
    const container = dice.pick(["vector", "vector", "deque", "deque", "list", "forward_list"]);
    const name = `std::${container}<${of.name}>`;
    const one = () => of.value(1);
    const possible: Record<string, (variable: string) => string[]> = {
      vector: (v) => [
        `${v}.push_back(${one()});`,
        `${v}.reserve(50);`,
        `if (!${v}.empty()) ${v}.erase(${v}.begin());`,
      ],
      deque: (v) => [
        `${v}.push_front(${one()});`,
        `${v}.push_back(${one()});`,
        `if (!${v}.empty()) ${v}.pop_front();`,
        `if (!${v}.empty()) ${v}.pop_back();`,
      ],
      list: (v) => [`${v}.push_front(${one()});`],
      forward_list: (v) => [`${v}.push_front(${one()});`],
    };
    return type({
      name,
      value: (within) => `${name}{${this.list(of, within)}}`,
      changes: (v) => dice.times(dice.below(4), () => dice.pick(possible[container]!(v))),
    });
  }

  private associative(depth: number): CppType {
    const { dice } = this;
    const key = this.key();
    const erase = (v: string) => (dice.chance(0.4) ? [`if (!${v}.empty()) ${v}.erase(${v}.begin());`] : []);
    if (dice.chance(0.33)) {
      const name = `std::${dice.pick(["set", "multiset", "unordered_set"])}<${key.name}>`;
      return type({
        name,
        value: (within) => `${name}{${this.list(key, within, dice.below(9))}}`,
        changes: erase,
      });
    }
    const value = this.copyable(depth);
    const map = dice.pick(["map", "multimap", "unordered_map", "map"]);
    const name = `std::${map}<${key.name}, ${value.name}>`;
    const pair = (within: number) => `{${key.value(within - 1)}, ${value.value(within - 1)}}`;
    return type({
      name,
      value: (within) => `${name}{${dice.times(dice.below(7), () => pair(within)).join(", ")}}`,
      changes: (v) => (dice.chance(0.1) ? [`${v}.clear();`] : erase(v)),
    });
  }

  /** Of several types, one at a time. */
  private choice(depth: number): CppType {
    const { dice } = this;
    const first = this.any(depth);
    if (dice.chance(0.5)) {
      const name = `std::optional<${first.name}>`;
      const value = (within: number) =>
        dice.chance(0.3) ? `${name}()` : `${name}(std::in_place, ${first.value(within - 1)})`;
      return type({ name, isCopyable: first.isCopyable, value });
    }
    const all = [first, this.any(depth), dice.pick([this.string, ...this.scalars])];
    const name = `std::variant<${all.map((each) => each.name).join(", ")}>`;
    const isCopyable = all.every((each) => each.isCopyable);
    const value = (within: number) => {
      const index = dice.below(all.length);
      return `${name}(std::in_place_index<${index}>, ${all[index]!.value(within - 1)})`;
    };
    return type({ name, isCopyable, value });
  }

  private product(depth: number): CppType {
    const { dice } = this;
    const isPair = dice.chance(0.5);
    const all = dice.times(isPair ? 2 : 1 + dice.below(3), () => this.any(depth));
    const name = `std::${isPair ? "pair" : "tuple"}<${all.map((each) => each.name).join(", ")}>`;
    return type({
      name,
      isCopyable: all.every((each) => each.isCopyable),
      value: (within) => `${name}(${all.map((each) => each.value(within - 1)).join(", ")})`,
    });
  }

  private pointer(depth: number): CppType {
    const { dice } = this;
    const to = this.any(depth);
    const kind = dice.pick(["unique_ptr", "shared_ptr", "raw"]);
    if (kind === "raw") {
      if (to.isPointer) return this.string;
      const name = `${to.name} *`;
      const value = (within: number) =>
        dice.chance(0.15) ? `(${name})nullptr` : `new ${to.name}(${to.value(within - 1)})`;
      return type({ name, isPointer: true, value });
    }
    const name = `std::${kind}<${to.name}>`;
    return type({
      name,
      isCopyable: kind === "shared_ptr",
      value: (within) => {
        const value = to.value(within - 1);
        const makers = [`${name}()`, `std::make_${kind.replace("_ptr", "")}<${to.name}>(${value})`];
        return dice.pick([...makers, `${name}(new ${to.name}(${value}))`]);
      },
    });
  }

  private bits(): CppType {
    const { dice } = this;
    if (dice.chance(0.5)) {
      const name = "std::complex<double>";
      return type({ name, value: () => `${name}(${dice.below(100) / 4}, -1.5)` });
    }
    const name = `std::bitset<${dice.pick([1, 8, 31, 32, 33, 70])}>`;
    return type({ name, value: () => `${name}(${dice.below(2 ** 31)}ull)` });
  }

  private declareEnum(source: SourceText, name: string): void {
    const { dice } = this;
    let value = dice.chance(0.3) ? -3 : 0;
    const under =
      value < 0 ? dice.pick(["", " : long long"]) : dice.pick(["", " : unsigned char", " : long long"]);
    const labels = dice.times(2 + dice.below(4), (index) => `${name}_${index}`);
    const constants = labels.map((label) => {
      const constant = `${label} = ${value}`;
      value += 1 + dice.below(3);
      return constant;
    });
    source.put(`enum ${dice.chance(0.6) ? "class " : ""}${name}${under} { ${constants.join(", ")} };`);
    const cases = labels.map(
      (label) => `case ${name}::${label}: to += "{\\"constant\\":[\\"${label}\\"]}"; break;`,
    );
    source.put(`TELLS(inline void tell(Text &to, ${name} value) { switch (value) { ${cases.join(" ")} } })`);
    const of = (): string => `${name}::${dice.pick(labels)}`;
    this.declared.push(type({ name, isScalar: true, value: of }));
  }

  private declareStruct(source: SourceText, name: string): void {
    const { dice } = this;
    const members = dice.times(1 + dice.below(4), (index) => ({
      name: `m${index}`,
      type: this.any(dice.pick([0, 1, 1, 2])),
    }));
    const base = dice.chance(0.3) && this.bases.length > 0 ? dice.pick(this.bases) : undefined;
    const parts = [
      ...(base ? [`to += "\\"${base.name}\\":"; ${base.name}::tell_members(to);`] : []),
      ...members.map((member) => `to += "\\"${member.name}\\":"; tell(to, ${member.name});`),
    ];
    const body = members.map((member) => `${member.type.name} ${member.name};`).join(" ");
    const telling = `TELLS(void tell_members(Text &to) const { to += "{\\"members\\":{"; ${parts.join(' to += ","; ')} to += "}}"; })`;
    source.put(`struct ${name}${base ? ` : ${base.name}` : ""} { ${body} ${telling} };`);
    const made = type({
      name,
      isCopyable: members.every((member) => member.type.isCopyable) && (base?.of.isCopyable ?? true),
      value: (depth) => {
        const values = members.map((member) => member.type.value(Math.max(1, depth - 1)));
        return `${name}{${[...(base ? [base.of.value(1)] : []), ...values].join(", ")}}`;
      },
    });
    this.declared.push(made);
    if (base === undefined) this.bases.push({ name, of: made });
  }
}
