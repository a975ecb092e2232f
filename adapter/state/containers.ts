/**
 * What a `variablesReference` stands for: something with children that are listed when asked for, by page.
 * A scope, a value's members and elements, a dereference that waits for a click.
 */
import { textValue } from "../../engine/expressions/typed";
import type { Declaration } from "../../engine/postmortem/declarations";
import type { CrashModule, Scope } from "../../engine/postmortem/model";
import type { Child, Value, Variable } from "../../engine/values/model";
import type { MemoryNumber } from "../presentation/references";

/** Whose values are shown: what their addresses and table slots are of. */
export interface Owner {
  readonly memory: MemoryNumber;
  readonly module: CrashModule;
}

/** One line of the variables view. */
export interface Item {
  readonly name: string;
  readonly value: Value;
  /** What to type in a watch to get it; undefined when no expression reaches it. */
  readonly expression: string | undefined;
  readonly hint: Child["hint"] | "static" | undefined;
  readonly declaration?: Declaration | undefined;
  /** What it opens to, where that is not its value's own children. */
  readonly children?: Container;
  /** Place in its container, stable: `named 3`, `element 70`. */
  readonly key: string;
}

export interface Container {
  readonly namedCount: number;
  readonly indexedCount: number;
  named(): readonly Item[];
  /** Elements `start` to `start + count`, cut at the end. */
  indexed(start: number, count: number): readonly Item[];
  readonly owner: Owner;
  /** Numbers already given to children, by `Item.key`, so that asking twice gives the same number. */
  readonly handles: Map<string, number>;
}

export function scopeContainer(scope: Scope, owner: Owner): Container {
  const hint = scope.kind === "statics" ? "static" : undefined;
  const named = remember(() => variableItems(scope.variables(), hint));
  return {
    get namedCount() {
      return named().length;
    },
    indexedCount: 0,
    named,
    indexed: () => [],
    owner,
    handles: new Map(),
  };
}

const variableItems = (variables: readonly Variable[], hint?: Item["hint"]): readonly Item[] =>
  variables.map(({ name, value, evaluateName, declaration }, index) => ({
    name,
    value,
    expression: evaluateName,
    hint,
    declaration,
    key: `named ${index}`,
  }));

/** One line, `text`, that opens to a frame's variables: what an `output` event can carry. */
export function frameContainer(
  name: string,
  text: string,
  variables: readonly Variable[],
  owner: Owner,
): Container {
  const items = variableItems(variables);
  const children: Container = {
    namedCount: items.length,
    indexedCount: 0,
    named: () => items,
    indexed: () => [],
    owner,
    handles: new Map(),
  };
  const value = textValue(text);
  return singleContainer(
    { name, value, children, expression: undefined, hint: "virtual", key: "frame" },
    owner,
  );
}

/** The children of a value; undefined for a leaf. */
export function valueContainer(
  value: Value,
  expression: string | undefined,
  owner: Owner,
): Container | undefined {
  const children = value.children;
  if (children === undefined) return undefined;
  const item = (child: Child, key: string): Item => ({
    name: child.name,
    value: child.value,
    expression: expression === undefined ? undefined : child.path?.(expression),
    hint: child.hint,
    key,
  });
  return {
    namedCount: children.namedCount,
    indexedCount: children.indexedCount,
    named: remember(() => children.named().map((child, index) => item(child, `named ${index}`))),
    indexed: (start, count) =>
      children.indexed(start, count).map((child, index) => item(child, `element ${start + index}`)),
    owner,
    handles: new Map(),
  };
}

/** What stands behind a lazy variable's button: the variable itself, no longer lazy (DAP, `lazy`). */
export const lazyContainer = (lazy: Item, owner: Owner): Container =>
  singleContainer({ ...lazy, hint: undefined }, owner);

/** One line. */
export function singleContainer(item: Item, owner: Owner): Container {
  return {
    namedCount: 1,
    indexedCount: 0,
    named: () => [item],
    indexed: () => [],
    owner,
    handles: new Map(),
  };
}

/** A page of a container's lines as DAP's `variables` request describes it. */
export interface Page {
  readonly filter?: "indexed" | "named" | undefined;
  /** First line, counted within what `filter` leaves. */
  readonly start?: number | undefined;
  /** Number of lines; 0 or undefined for all. */
  readonly count?: number | undefined;
}

/** The lines of a page: named ones first, then elements. */
export function itemsOf(container: Container, page: Page): readonly Item[] {
  const namedCount = page.filter === "indexed" ? 0 : container.namedCount;
  const indexedCount = page.filter === "named" ? 0 : container.indexedCount;
  const start = Math.max(0, page.start ?? 0);
  const count = page.count === undefined || page.count <= 0 ? Number.POSITIVE_INFINITY : page.count;
  const end = Math.min(start + count, namedCount + indexedCount);
  const named = start < namedCount ? container.named().slice(start, Math.min(end, namedCount)) : [];
  const firstElement = Math.max(0, start - namedCount);
  const elements = Math.max(0, end - namedCount - firstElement);
  return elements === 0 ? named : [...named, ...container.indexed(firstElement, elements)];
}

/** The outcome of `compute`, worked out once; a throw is not remembered (bytes may arrive later). */
function remember<T>(compute: () => T): () => T {
  let outcome: { value: T } | undefined;
  return () => {
    outcome ??= { value: compute() };
    return outcome.value;
  };
}
