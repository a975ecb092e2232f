/** Functions of Rust's library that only read, by their paths: `Rc::strong_count(&x)`, `i32::pow(2, 3)`, `std::cmp::max(a, b)`. */
import { owners } from "../values/access";
import type { Value } from "../values/model";
import { libraryName } from "../values/rust/library";
import { option } from "./composed";
import type { MethodCall } from "./rust-reads";
import type { Scalar } from "./scalars";
import { isTyped } from "./typed";

/** Types of which every method may be written as a function, with what it is asked of in front. */
const TYPES =
  /^(?:[iu](?:8|16|32|64|128|size)|f32|f64|char|str|String|Vec|VecDeque|Option|Result|HashMap|BTreeMap|HashSet|BTreeSet|RefCell|Cell)(?:<.*>)?$/s;

/** Paths whose operands are worth being evaluated. */
export const FUNCTIONS = /(?:^|::)(?:(?:Rc|Arc|Weak|Box)::\w+|String::from)$/;

/** Functions that give what they take, in another place. */
const PLACES =
  /^(?:(?:std|alloc)::(?:\w+::)?)?(?:String::from|Box::new|Rc::new|Arc::new|Rc::clone|Arc::clone|Some::from)$/;

/** The method that a path stands for; undefined where it is that of no such function. */
export function associatedMethod(path: string): string | undefined {
  const bare = path.replace(/^(?:std|core|alloc)::(?:\w+::)*?(?=\w+(?:<.*>)?::\w+$)/s, "");
  const [, owner, name] = /^(.*)::(\w+)$/s.exec(bare) ?? [];
  if (owner === undefined || name === undefined) return undefined;
  if (owner === "cmp" && (name === "min" || name === "max")) return name;
  return TYPES.test(owner) ? name : undefined;
}

/** What such a function gives; undefined for every other one. */
export function rustFunction(path: string, operands: readonly Value[]): Scalar | Value | undefined {
  const [first, second, more] = operands;
  if (first === undefined || more !== undefined) return undefined;
  if (second === undefined && PLACES.test(path)) return first;
  const [, name] = /^(?:(?:std|alloc)::(?:rc|sync)::)?(?:Rc|Arc|Weak)::(\w+)$/.exec(path) ?? [];
  if (second === undefined && (name === "strong_count" || name === "weak_count"))
    return countedBy(first)
      ?.children?.named()
      .find((child) => `${child.name}_count` === name)?.value;
  if (second === undefined || name !== "ptr_eq") return undefined;
  const [a, b] = [first, second].map(countedBy);
  const at = (value: Value | undefined): Value | undefined =>
    value?.children?.named().find((child) => child.name === "value")?.value;
  const [left, right] = [at(a)?.address, at(b)?.address];
  return left === undefined || right === undefined ? undefined : { kind: "boolean", value: left === right };
}

const COUNTED: ReadonlySet<string | undefined> = new Set(["Rc", "Arc", "Weak"]);

function countedBy(value: Value): Value | undefined {
  if (!isTyped(value)) return undefined;
  for (const owner of owners(value)) if (COUNTED.has(libraryName(owner.type))) return owner;
  return undefined;
}

/** `weak.upgrade()` and `cell.get()` of a cell that may be empty; undefined for every other method. */
export function optionalRead({ self, name, operands }: MethodCall): Value | undefined {
  if (!isTyped(self) || operands.length > 0) return undefined;
  for (const owner of owners(self)) {
    const library = libraryName(owner.type);
    const inside = (child: string): Value | undefined =>
      owner.children?.named().find((one) => one.name === child)?.value;
    const type = /<(.*)>$/s.exec(owner.typeName ?? "")?.[1] ?? "_";
    if (name === "upgrade" && library === "Weak") {
      const lives = inside("strong") !== undefined && owner.text().startsWith("Weak(");
      return option(lives ? inside("value") : undefined, `Rc<${type}>`);
    }
    if (name === "get" && (library === "OnceCell" || library === "OnceLock")) {
      const held = inside("value") ?? inside("0");
      return option(held, `&${type}`);
    }
  }
  return undefined;
}
