/** A value as its leaves: the texts that are left when everything that can be expanded has been, by path. */
import type { Child, Value } from "../../engine/values/model";

/** Elements of one array, levels of nesting, and leaves that are looked at. */
const ELEMENTS = 64;
const LEVELS = 8;
const LEAVES = 3000;

export interface Leaves {
  /** Text without addresses; undefined where the value is missing. */
  readonly texts: ReadonlyMap<string, string | undefined>;
  /** Whether there were more than are looked at. */
  readonly cut: boolean;
}

export function leavesOf(root: Value): Leaves {
  const texts = new Map<string, string | undefined>();
  let cut = false;
  /** Pointers that are being followed, against cycles. */
  const within = new Set<string>();
  const walk = (value: Value, path: string, level: number): void => {
    if (texts.size >= LEAVES) {
      cut = true;
      return;
    }
    if (value.missing !== undefined) {
      texts.set(path, undefined);
      return;
    }
    const children = partsOf(value);
    const text = withoutAddresses(value.text());
    const pointer = value.target === undefined ? undefined : `${value.target} ${value.typeName}`;
    if (value.target === 0) texts.set(path, "null");
    // What a pointer points to may be missing: a type that is only declared, or memory that is not there.
    else if (children.length === 0) texts.set(path, /^ADDRESS$|<unavailable/.test(text) ? undefined : text);
    // What a pointer points to is told by its children, but for the text of a character pointer.
    else if (/^(&|ADDRESS) *L?"/.test(text)) texts.set(path, text);
    if (value.target === 0 || level >= LEVELS || (pointer !== undefined && within.has(pointer))) return;
    if (pointer !== undefined) within.add(pointer);
    for (const child of children) walk(child.value, `${path}/${child.name}`, level + 1);
    if (pointer !== undefined) within.delete(pointer);
  };
  walk(root, "", 0);
  return { texts, cut };
}

/** Children that are not the same value in another form. */
export function partsOf(value: Value): readonly Child[] {
  const { children } = value;
  if (children === undefined) return [];
  const named = children.named().filter(({ name }) => name !== "[raw]");
  return [...named, ...children.indexed(0, ELEMENTS)];
}

/** Addresses, and functions' places in the table, differ from build to build. */
const withoutAddresses = (text: string): string => text.replace(/\b0x[0-9a-f]{2,}\b|\b\d+(?= <)/g, "ADDRESS");

/**
 * Paths at which two values that are the same thing in two builds differ; what either lacks is no difference.
 * Undefined where there is nothing that both have.
 */
export function differences(one: Value, other: Value): string[] | undefined {
  const [left, right] = [leavesOf(one), leavesOf(other)];
  const found: string[] = [];
  let compared = 0;
  for (const path of new Set([...left.texts.keys(), ...right.texts.keys()])) {
    const [a, b] = [left, right].map(({ texts }) => texts.get(path));
    if (lacks(left, path) || lacks(right, path)) continue;
    compared++;
    if (a === b || ((a === undefined || b === undefined) && (left.cut || right.cut))) continue;
    found.push(`${path}: ${a ?? "(nothing)"}, not ${b ?? "(nothing)"}`);
  }
  return compared === 0 ? undefined : found;
}

/** Whether the value at a path, or something that it is a part of, is missing. */
function lacks({ texts }: Leaves, path: string): boolean {
  for (let end = path.length; end >= 0; end = path.lastIndexOf("/", end - 1)) {
    const prefix = path.slice(0, end);
    if (texts.has(prefix) && texts.get(prefix) === undefined) return true;
    if (end === 0) break;
  }
  return false;
}
