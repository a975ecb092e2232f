/** The types of a generated Rust program: the library's, nested in each other, and the structs and enums it declares. */
import type { Dice } from "../dice";
import type { SourceText } from "../source-text";
import { areEmpty, declaredAs, type Field, made, tells, type Variant } from "./declarations";

export interface RustType {
  readonly name: string;
  readonly isCopy: boolean;
  /** Ordered, and hashed by the library. */
  readonly isKey: boolean;
  readonly isInteger: boolean;
  /** It has one value alone, which takes no room: the compiler may not describe a variable of it. */
  readonly isEmpty: boolean;
  /** Whether its values need parentheses after `&`. */
  readonly isLoose: boolean;
  /** @param depth of what may be nested in it */
  value(depth: number): string;
  /** Statements that change a variable after its declaration: what removals and growth leave behind. */
  changes(variable: string): string[];
}

const type = (given: Pick<RustType, "name" | "value"> & Partial<RustType>): RustType => ({
  isCopy: false,
  isKey: false,
  isInteger: false,
  isEmpty: false,
  isLoose: false,
  changes: () => [],
  ...given,
});

export class RustTypes {
  private readonly declared: RustType[] = [];
  private readonly integers: readonly RustType[];
  private readonly others: readonly RustType[];
  private readonly string: RustType;
  private readonly str: RustType;

  constructor(
    private readonly dice: Dice,
    source: SourceText,
  ) {
    this.integers = this.makeIntegers();
    const small = (name: string, values: readonly string[], isKey: boolean): RustType =>
      type({ name, isCopy: true, isKey, isEmpty: name === "()", value: () => dice.pick(values) });
    this.others = [
      small("bool", ["true", "false", "(opaque(1) == 1)"], true),
      small("char", ["'a'", "'Z'", "'0'", "'é'", "'λ'", "'🦀'", "'~'"], true),
      small("f64", ["0.5", "-1.25", "1e100", "3.0", "0.1", "-0.0", "(opaque(77) as f64 / 8.0)"], false),
      small("f32", ["0.5", "-1.25", "1e10", "3.0", "0.1"], false),
      small("()", ["()"], true),
      small(
        "NonZeroU8",
        [1, 77, 255].map((of) => `NonZeroU8::new(${of}).unwrap()`),
        true,
      ),
      small(
        "NonZeroI64",
        [-1, -256, 1].map((of) => `NonZeroI64::new(${of}).unwrap()`),
        true,
      ),
    ];
    this.string = type({
      name: "String",
      isKey: true,
      value: () => `String::from("${this.letters()}")`,
      changes: (name) => dice.pick([[], [], [`${name}.push_str("tail");`], [`${name}.reserve(100);`]]),
    });
    this.str = type({ name: "&'static str", isCopy: true, isKey: true, value: () => `"${this.letters()}"` });
    for (let index = 0; index < 2 + dice.below(5); index++) {
      if (dice.chance(0.45)) this.declareStruct(source, `Struct${index}`);
      else this.declareEnum(source, `Enum${index}`);
    }
  }

  /** What a loop counts, and an `if let` binds. */
  get i32(): RustType {
    return this.integers[0]!;
  }

  /** @param depth of what may be nested in it */
  any(depth: number): RustType {
    const { dice } = this;
    if (depth <= 0 || dice.chance(0.15))
      return dice.pick([this.scalar(), this.scalar(), this.string, this.str]);
    const chosen = dice.below(26);
    if (chosen < 6) return this.sequence(depth - 1);
    if (chosen < 9) return this.keyed(depth - 1);
    if (chosen < 13) return this.choice(depth - 1);
    if (chosen < 17) return this.pointer(depth - 1);
    if (chosen < 19) return this.tuple(depth - 1);
    if (chosen < 22) return this.small(depth - 1);
    return this.declared.length > 0 ? dice.pick(this.declared) : this.string;
  }

  private scalar(): RustType {
    return this.dice.pick(this.dice.chance(0.65) ? this.integers : this.others);
  }

  private list(of: RustType, depth: number, count: number): string {
    return this.dice.times(count, () => of.value(depth - 1)).join(", ");
  }

  private makeIntegers(): RustType[] {
    const { dice } = this;
    const integer = (name: string, literal: () => string): RustType =>
      type({
        name,
        isCopy: true,
        isKey: true,
        isInteger: true,
        value: () => `((${dice.chance(0.5) ? literal() : `opaque(${dice.below(1000)})`}) as ${name})`,
      });
    return [
      integer("i32", () => String(dice.below(4000) - 2000)),
      integer("u8", () => String(dice.below(256))),
      integer("i8", () => String(dice.below(200) - 100)),
      integer("i16", () => String(dice.below(60000) - 30000)),
      integer("u16", () => String(dice.below(60000))),
      integer("u32", () => String(dice.below(2 ** 31))),
      integer("i64", () => `${dice.below(2 ** 31) - 2 ** 30}i64 * 1000003`),
      integer("u64", () => `${dice.below(2 ** 31)}u64 * 4000000007`),
      integer("usize", () => String(dice.below(5000))),
      integer("i128", () => `${dice.below(2 ** 31) - 2 ** 30}i128 * 1000000000000000000003`),
      integer("u128", () => `${dice.below(2 ** 31)}u128 << 90`),
    ];
  }

  private letters(): string {
    const { dice } = this;
    const letter = () =>
      dice.chance(0.04)
        ? dice.pick(["\\n", "\\t", '\\"', "\\\\", "\\0", "é", "λ"])
        : String.fromCharCode(0x61 + dice.below(26));
    return dice.times(dice.pick([0, 1, 3, 9, 22, 23, 40]), letter).join("");
  }

  private sequence(depth: number): RustType {
    const { dice } = this;
    const kind = dice.pick(["Vec", "Vec", "array", "VecDeque", "LinkedList", "BinaryHeap"]);
    const of = kind === "BinaryHeap" ? dice.pick(this.integers) : this.any(depth);
    if (kind === "array") {
      const count = dice.below(4);
      return type({
        name: `[${of.name}; ${count}]`,
        isCopy: of.isCopy,
        isEmpty: of.isEmpty || count === 0,
        value: (within) => `[${this.list(of, within, count)}]`,
      });
    }
    const name = `${kind}<${of.name}>`;
    const one = () => of.value(1);
    const possible: Record<string, (v: string) => string[]> = {
      Vec: (v) => [`${v}.push(${one()});`, `${v}.reserve(20);`, `${v}.pop();`],
      VecDeque: (v) => [`${v}.push_front(${one()});`, `${v}.pop_front();`, `${v}.push_back(${one()});`],
      LinkedList: (v) => [`${v}.push_front(${one()});`],
      BinaryHeap: (v) => [`${v}.pop();`],
    };
    return type({
      name,
      value: (within) => `${kind}::<${of.name}>::from([${this.list(of, within, dice.below(6))}])`,
      changes: (v) => dice.times(dice.below(4), () => dice.pick(possible[kind]!(v))),
    });
  }

  private keyed(depth: number): RustType {
    const { dice } = this;
    const [bool, char] = this.others;
    const key = dice.pick([
      dice.pick(this.integers),
      dice.pick(this.integers),
      this.string,
      this.str,
      bool!,
      char!,
    ]);
    if (dice.chance(0.33)) {
      const set = `${dice.pick(["HashSet", "BTreeSet"])}`;
      const value = (within: number) =>
        `${set}::<${key.name}>::from([${this.list(key, within, dice.below(15))}])`;
      return type({ name: `${set}<${key.name}>`, value });
    }
    const of = this.any(depth);
    const map = dice.pick(["HashMap", "BTreeMap"]);
    const pair = (within: number) => `(${key.value(within - 1)}, ${of.value(within - 1)})`;
    const growth = (v: string) => (map === "HashMap" ? [`${v}.reserve(40);`] : []);
    return type({
      name: `${map}<${key.name}, ${of.name}>`,
      value: (within) =>
        `${map}::<${key.name}, ${of.name}>::from([${dice.times(dice.below(9), () => pair(within)).join(", ")}])`,
      changes: (v) => dice.pick([[], [], [`${v}.remove(&${key.value(1)});`], [`${v}.clear();`], growth(v)]),
    });
  }

  /** Of several types, one at a time. */
  private choice(depth: number): RustType {
    const { dice } = this;
    const first = this.any(depth);
    if (dice.chance(0.7)) {
      const value = (within: number) =>
        dice.chance(0.35) ? `None::<${first.name}>` : `Some(${first.value(within - 1)})`;
      return type({ name: `Option<${first.name}>`, isCopy: first.isCopy, value });
    }
    const second = this.any(depth);
    const both = `<${first.name}, ${second.name}>`;
    const value = (within: number) =>
      dice.chance(0.5)
        ? `Ok::${both}(${first.value(within - 1)})`
        : `Err::${both}(${second.value(within - 1)})`;
    return type({ name: `Result${both}`, isCopy: first.isCopy && second.isCopy, value });
  }

  private pointer(depth: number): RustType {
    const { dice } = this;
    const kind = dice.pick(["Box", "Rc", "Arc", "Cell", "RefCell", "&'static", "Box<[]>"]);
    const to = kind === "Cell" ? this.scalar() : this.any(depth);
    if (kind === "&'static") {
      const value = (within: number) => `&*Box::leak(Box::new(${to.value(within - 1)}))`;
      return type({ name: `&'static ${to.name}`, isCopy: true, value });
    }
    if (kind === "Box<[]>") {
      const value = () => `vec![${to.value(1)}, ${to.value(1)}].into_boxed_slice()`;
      return type({ name: `Box<[${to.name}]>`, value });
    }
    const counts = kind === "Rc" || kind === "Arc";
    return type({
      name: `${kind}<${to.name}>`,
      isEmpty: kind === "Cell" && to.isEmpty,
      value: (within) => `${kind}::new(${to.value(within - 1)})`,
      changes: (v) => (counts && dice.chance(0.3) ? [`std::mem::forget(${v}.clone());`] : []),
    });
  }

  private tuple(depth: number): RustType {
    const all = this.dice.times(1 + this.dice.below(4), () => this.any(depth));
    return type({
      name: `(${all.map(({ name }) => name).join(", ")},)`,
      isCopy: all.every(({ isCopy }) => isCopy),
      isEmpty: all.every(({ isEmpty }) => isEmpty),
      value: (within) => `(${all.map((of) => of.value(within - 1)).join(", ")},)`,
    });
  }

  private small(depth: number): RustType {
    const { dice } = this;
    if (dice.chance(0.5)) {
      const of = dice.pick(this.integers);
      const value = () => `${of.value(depth)}..${of.value(depth)}`;
      return type({ name: `std::ops::Range<${of.name}>`, isLoose: true, value });
    }
    const value = () =>
      dice.chance(0.5)
        ? `Cow::Borrowed("${this.letters()}")`
        : `Cow::Owned(String::from("${this.letters()}"))`;
    return type({ name: "Cow<'static, str>", value });
  }

  private fields(kind: Variant["kind"], count: number): Field[] {
    return this.dice.times(count, (index) => ({
      name: kind === "tuple" ? String(index) : `m${index}`,
      type: this.any(this.dice.pick([0, 1, 1, 2])),
    }));
  }

  private declareStruct(source: SourceText, name: string): void {
    const { dice } = this;
    const kind = dice.chance(0.25) ? "tuple" : "struct";
    const fields = this.fields(kind, dice.below(5) + (kind === "tuple" ? 1 : 0));
    const repr = dice.chance(0.15) ? "#[repr(C)] " : "";
    source.put(`${repr}struct ${declaredAs({ name, kind, fields })}${kind === "tuple" ? ";" : ""}`);
    const told = tells({ name, kind, fields }, ({ name: field }) => `&self.${field}`);
    source.put(`#[cfg(full)] impl Tell for ${name} { fn tell(&self, to: &mut String) { ${told} } }`);
    this.declared.push(
      type({ name, isEmpty: areEmpty(fields), value: (depth) => made(name, kind, fields, depth) }),
    );
  }

  private declareEnum(source: SourceText, name: string): void {
    const { dice } = this;
    const variants = dice.times(1 + dice.below(5), (index): Variant => {
      const kind = dice.pick(["unit", "tuple", "struct", "struct"] as const);
      return { name: `V${index}`, kind, fields: kind === "unit" ? [] : this.fields(kind, 1 + dice.below(3)) };
    });
    const isPlain = variants.every(({ kind }) => kind === "unit");
    const repr = dice.chance(0.2) ? `#[repr(${dice.pick(["u8", "i16", "i64"])})] ` : "";
    const bodies = variants.map((variant, index) => {
      const first = repr.includes("i") && index === 0 && !repr.includes("u8") ? -5 : index * 7 + 1;
      return declaredAs(variant) + (isPlain && dice.chance(0.4) ? ` = ${first}` : "");
    });
    source.put(`${repr}enum ${name} { ${bodies.join(", ")} }`);
    const arms = variants.map((variant) => {
      const bound = (field: Field): string => `m${field.name.replace("m", "")}`;
      const pattern = variant.fields.map((field) => `${field.name}: ${bound(field)}`).join(", ");
      return `${name}::${variant.name} { ${pattern} } => ${tells(variant, bound)},`;
    });
    const match = `match self { ${arms.join(" ")} }`;
    source.put(`#[cfg(full)] impl Tell for ${name} { fn tell(&self, to: &mut String) { ${match} } }`);
    const value = (depth: number): string => {
      const variant = dice.pick(variants);
      return made(`${name}::${variant.name}`, variant.kind, variant.fields, depth);
    };
    const isEmpty = variants.length === 1 && areEmpty(variants[0]!.fields);
    this.declared.push(type({ name, isEmpty, value }));
  }
}
