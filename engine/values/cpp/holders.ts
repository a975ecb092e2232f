/** C++'s types that hold a few values, or one of several, or none: shown as what they hold. */
import { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { fieldStorage, shapeOf } from "../fields";
import type { Child, Children } from "../model";
import { inner, namedChildren, type Presentation, type Style, unavailable } from "../presentation";
import { strip } from "../types";
import { corrupted, libraryName, Part, typeArguments } from "./layout";

/** The presentation of a part as that of the whole; expressions reach its children through the part. */
export function delegated(part: Part | undefined): Presentation | undefined {
  if (part === undefined) return undefined;
  const { value } = part;
  const { missing, target, children } = value;
  const reroute = (child: Child): Child => {
    const { path } = child;
    return { ...child, path: path && ((whole) => path(part.path(whole))) };
  };
  return {
    missing,
    target,
    children: children && {
      namedCount: children.named().filter(isShown).length,
      indexedCount: children.indexedCount,
      named: () => children.named().filter(isShown).map(reroute),
      indexed: (start, count) => children.indexed(start, count).map(reroute),
    },
    summary: (style) => value.summary(style),
  };
}

/** Children that no expression of the language leads to. */
export function withoutPaths(children: Children): Children {
  const bare = (child: Child): Child => ({ ...child, path: undefined });
  return {
    ...children,
    named: () => children.named().map(bare),
    indexed: (start, count) => children.indexed(start, count).map(bare),
  };
}

/** The whole has bare members of its own, which include those of the part. */
const isShown = (child: Child): boolean => child.name !== "[raw]";

/** `optional`: its value, or `nullopt`. */
export function presentOptional(whole: Part): Presentation | undefined {
  const value = optionalValue(whole);
  if (value instanceof Missing) return unavailable(value);
  if (value === "nullopt") return { summary: () => "nullopt" };
  const held = delegated(value);
  return held && { ...held, summary: (style) => engagedText(held.summary(style)) };
}

/** An optional that holds an empty one is not empty itself. */
const engagedText = (text: string): string => (/^\{*nullopt\}*$/.test(text) ? `{${text}}` : text);

/** What an `optional` holds; undefined where its members are not those that are known. */
export function optionalValue(whole: Part): Part | "nullopt" | Missing | undefined {
  const engaged = whole.member("__engaged_")?.number();
  if (engaged === undefined || engaged instanceof Missing) return engaged;
  if (engaged > 1) return corrupted(`a truth value of ${engaged}`);
  return engaged === 0 ? "nullopt" : whole.member("__val_");
}

/** A variant has no more alternatives than this that are looked for. */
const ALTERNATIVES = 128;

/** `variant`: the active alternative, found at its depth in a chain of unions. */
export function presentVariant(whole: Part): Presentation | undefined {
  const active = activeAlternative(whole);
  if (active instanceof Missing) return unavailable(active);
  if (active === undefined) return undefined;
  if (active === "valueless") return { summary: () => "valueless" };
  let union = implementationOf(whole)?.member("__data");
  for (let i = 0; i < active; i++) union = union?.member("__tail");
  const value = union?.member("__head")?.member("__value", "__value_");
  if (value === undefined) return undefined;
  return {
    summary: (style) => value.value.summary(style),
    children: namedChildren(1, () => [
      { name: `[${active}]`, value: value.value, path: value.path, hint: "virtual" },
    ]),
  };
}

const implementationOf = (whole: Part): Part | undefined => whole.member("__impl_", "__impl");

/** The number of a variant's active alternative. */
export function activeAlternative(whole: Part): number | "valueless" | Missing | undefined {
  const index = implementationOf(whole)?.member("__index");
  const active = index?.number();
  if (index === undefined || active === undefined || active instanceof Missing) return active;
  const count = typeArguments(whole.type).length;
  if (active === 2 ** (8 * (index.type.size ?? 0)) - 1) return "valueless";
  return active >= count || active > ALTERNATIVES ? corrupted(`alternative ${active} of ${count}`) : active;
}

/** `tuple`: each element is a base class; one without data is its own base class. */
export function presentTuple(whole: Part): Presentation | undefined {
  const elements = tupleElements(whole);
  return (
    elements && {
      summary: (style) => `{${elementsText(elements, style)}}`,
      children: namedChildren(elements.length, () =>
        elements.map((element, i) => ({ name: `[${i}]`, value: element.value, path: undefined })),
      ),
    }
  );
}

function tupleElements(whole: Part): Part[] | undefined {
  if (typeArguments(whole.type).length === 0) return [];
  const base = whole.member("__base_", "__base");
  const record = base && strip(base.type);
  if (record?.kind !== "record" || record.definition === undefined) return undefined;
  const elements: Part[] = [];
  for (const field of shapeOf(record.definition).fields) {
    if (field.kind !== "base" || libraryName(field.type) !== "__tuple_leaf") continue;
    const leaf = new Part(field.type, fieldStorage(field, base!.storage, whole.world), whole.world);
    const value = leaf.member("__value_", "value") ?? emptyElement(leaf);
    if (value === undefined) return undefined;
    elements.push(value);
  }
  return elements.length === typeArguments(whole.type).length ? elements : undefined;
}

function emptyElement(leaf: Part): Part | undefined {
  const record = strip(leaf.type);
  if (record.kind !== "record" || record.definition === undefined) return undefined;
  const field = shapeOf(record.definition).fields.find(({ kind }) => kind === "base");
  return field && new Part(field.type, fieldStorage(field, leaf.storage, leaf.world), leaf.world);
}

function elementsText(elements: readonly Part[], style: Style): string {
  let text = "";
  for (const [i, element] of elements.entries()) {
    if (text.length > style.budget - 4) return `${text}…`;
    text += (i > 0 ? ", " : "") + element.value.summary(inner(style, text.length + 2));
  }
  return text;
}

/** `strong_ordering` and its sisters by their constants' names: how two values compare. */
export function presentOrdering(whole: Part): Presentation | undefined {
  const value = whole.member("__value_");
  const number = value && integerOf(value.type, value.storage);
  if (number === undefined) return undefined;
  if (number instanceof Missing) return unavailable(number);
  const same = libraryName(whole.type) === "strong_ordering" ? "equal" : "equivalent";
  const text = number === 0n ? same : number === 1n ? "greater" : number === -1n ? "less" : "unordered";
  return { summary: () => text };
}

/** `atomic`: the value itself. */
export const presentAtomic = (whole: Part): Presentation | undefined =>
  delegated(whole.member("__a_")?.member("__a_value"));

/** `complex`: `1.5 - 2i`. */
export function presentComplex(whole: Part): Presentation | undefined {
  const real = whole.member("__re_");
  const imaginary = whole.member("__im_");
  if (real === undefined || imaginary === undefined) return undefined;
  const parts = [real, imaginary].map(({ value }) => value);
  return {
    missing: parts.find(({ missing }) => missing !== undefined)?.missing,
    summary: (style) => {
      const [re, im] = parts.map((part) => part.summary(style)) as [string, string];
      return im.startsWith("-") ? `${re} - ${im.slice(1)}i` : `${re} + ${im}i`;
    },
    children: namedChildren(2, () => [
      { name: "real", value: parts[0]!, path: real.path, hint: "virtual" },
      { name: "imag", value: parts[1]!, path: imaginary.path, hint: "virtual" },
    ]),
  };
}
