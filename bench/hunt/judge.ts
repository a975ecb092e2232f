/**
 * Whether a value as a reader sees it is what the program said it is. Compares texts and children alone, so that it
 * knows nothing of how any type lies in memory.
 */
import type { Child, Value } from "../../engine/values/model";
import { integerIn, quoted, scalarTest } from "./scalars";
import type { Truth } from "./truth";

export type Judgement =
  | { readonly outcome: "right" }
  | { readonly outcome: "missing"; readonly why: string }
  | { readonly outcome: "wrong"; readonly why: string };

export interface JudgeOptions {
  /** Whether the build is the one that told: elsewhere, addresses are others. */
  readonly sameBuild: boolean;
}

const RIGHT: Judgement = { outcome: "right" };
/** Through how many wrappers (references, options, smart pointers) a value is looked for. */
const MOST_WRAPPERS = 4;
/** Children beside a wrapper's only one. */
const ASIDE = /^(strong|weak|\[raw\])$/;

/** @param path from the variable to what is told of: member names, `[3]`, `*` */
export function judge(
  variable: Value,
  path: readonly string[],
  truth: Truth,
  options: JudgeOptions,
): Judgement {
  let value = variable;
  for (const part of path) {
    if (isMissing(value)) return missing(value, "");
    const next = childOf(value, part);
    // The view of a pointer may be that of what it leads to.
    if (next === undefined && part !== "*") return wrong(part, value, "a child");
    value = next ?? value;
  }
  return judgeValue(value, truth, path.join("."), options);
}

const childOf = (value: Value, name: string): Value | undefined => {
  const index = /^\[(\d+)\]$/.exec(name)?.[1];
  const indexed = index === undefined ? undefined : value.children?.indexed(Number(index), 1)[0];
  return (indexed ?? value.children?.named().find((child) => child.name === name))?.value;
};

const isMissing = (value: Value): boolean =>
  value.missing !== undefined || value.text().startsWith("<unavailable");

/** One line of several values may have some of them. */
const lacksPart = (value: Value): boolean =>
  isMissing(value) || /<(unavailable|optimized out)/.test(value.text());

const missing = (value: Value, at: string): Judgement => ({
  outcome: "missing",
  why: `${at}: ${value.missing?.text ?? value.text()}`,
});

function wrong(at: string, value: Value, truth: Truth | string): Judgement {
  return {
    outcome: "wrong",
    why: `${at}: ${value.text().slice(0, 100)}, not ${JSON.stringify(truth).slice(0, 200)}`,
  };
}

/** What a transparent wrapper has in it. */
function wrapped(value: Value): Value | undefined {
  const named = value.children?.named().filter(({ name }) => !ASIDE.test(name)) ?? [];
  return named.length === 1 && value.children?.indexedCount === 0 ? named[0]!.value : undefined;
}

/** The value, or what is in it, as soon as `fits`; the value itself where none does. */
function within(value: Value, fits: (value: Value) => boolean): Value {
  let at: Value | undefined = value;
  for (let depth = 0; depth <= MOST_WRAPPERS && at !== undefined; depth++) {
    if (fits(at)) return at;
    at = wrapped(at);
  }
  return value;
}

function judgeValue(value: Value | undefined, truth: Truth, at: string, options: JudgeOptions): Judgement {
  if (value === undefined) return { outcome: "wrong", why: `${at}: it is not there` };
  if (isMissing(value)) return missing(value, at);
  const isScalar = scalarTest(truth, options.sameBuild);
  if (isScalar !== undefined) {
    const found = within(value, isScalar);
    if (isScalar(found)) return RIGHT;
    const lacking = [found, wrapped(found)].find((each) => each !== undefined && lacksPart(each));
    return lacking === undefined ? wrong(at, value, truth) : missing(lacking, at);
  }
  const parts = partsOf(value, truth);
  if (parts === undefined) return wrong(at, value, truth);
  return first(parts.map(([child, told, step]) => judgeValue(child, told, `${at}${step}`, options)));
}

type Part = readonly [value: Value | undefined, told: Truth, step: string];

/** What of a value is to be what; undefined when it is not of that shape. */
function partsOf(value: Value, truth: Truth): readonly Part[] | undefined {
  const inOrder = (all: readonly Child[], told: readonly Truth[]): readonly Part[] | undefined =>
    all.length === told.length ? all.map((child, at) => [child.value, told[at]!, `[${at}]`]) : undefined;
  if ("elements" in truth) {
    const list = within(value, ({ children }) => (children?.indexedCount ?? 0) > 0);
    return inOrder(list.children?.indexed(0, truth.elements.length + 1) ?? [], truth.elements);
  }
  if ("pairs" in truth) {
    const keys = truth.pairs.map(([key]) => key);
    const pairsOf = (candidate: Value) => childrenOf(candidate, keys.length + 1);
    const isMap = (candidate: Value) =>
      pairsOf(candidate).length === keys.length &&
      pairsOf(candidate).every(({ name }, at) => isKey(name.slice(1, -1), keys[at]!));
    const map = within(value, isMap);
    const told = truth.pairs.map((pair) => pair[1]);
    return isMap(map) ? inOrder(pairsOf(map), told) : undefined;
  }
  if ("members" in truth) {
    const names = Object.keys(truth.members);
    const hasThem = (candidate: Value) => names.every((name) => childOf(candidate, name) !== undefined);
    const record = within(value, hasThem);
    if (!isNamed(value, truth.name)) return undefined;
    return names.map((name) => [childOf(record, name), truth.members[name]!, `.${name}`]);
  }
  if ("fields" in truth) {
    const { length } = truth.fields;
    const tuple = within(value, (candidate) => childrenOf(candidate, length + 1).length === length);
    return isNamed(value, truth.name) ? inOrder(childrenOf(tuple, length + 1), truth.fields) : undefined;
  }
  if ("some" in truth) {
    if (/^(nullopt|None)$/.test(value.text())) return undefined;
    const payload = /^Some\b/.test(value.text()) ? childOf(value, "0") : undefined;
    return [[payload ?? value, truth.some, "?"]];
  }
  if ("alternative" in truth) return [[wrapped(value) ?? value, truth.alternative, "|"]];
  if ("pointee" in truth) {
    const { pointee, strong } = truth;
    // A pointer to a counted one may be shown as that.
    if (strong === undefined && "strong" in pointee && childOf(value, "strong") !== undefined)
      return [[value, pointee, ""]];
    if (strong !== undefined && !isCounted(value, strong)) return undefined;
    return [[childOf(value, "*") ?? childOf(value, "value") ?? value, pointee, "*"]];
  }
  return undefined;
}

/** The first that is wrong; else the first that is missing. */
const first = (judgements: readonly Judgement[]): Judgement =>
  judgements.find(({ outcome }) => outcome === "wrong") ??
  judgements.find(({ outcome }) => outcome === "missing") ??
  RIGHT;

const childrenOf = (value: Value, count: number): readonly Child[] => [
  ...(value.children?.named().filter(({ name }) => name !== "[raw]") ?? []),
  ...(value.children?.indexed(0, count) ?? []),
];

const isNamed = (value: Value, name: string | undefined): boolean =>
  name === undefined ||
  value
    .text()
    .replace(/^&(mut )?/, "")
    .startsWith(name);

const isCounted = (value: Value, strong: number): boolean =>
  value.text().includes(`strong ${strong}`) || childOf(value, "strong")?.text() === String(strong);

/** Whether a map's child has the name of its key, where the key is short and plain. */
function isKey(name: string, key: Truth): boolean {
  if ("integer" in key)
    return (
      !Number.isSafeInteger(Number(key.integer)) || name.startsWith("'") || integerIn(name) === key.integer
    );
  if ("truth" in key) return name === String(key.truth);
  if ("text" in key && key.text.length < 20 && key.text.every(isPlain))
    return name.replace(/^&/, "") === quoted(key.text);
  return true;
}

const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
