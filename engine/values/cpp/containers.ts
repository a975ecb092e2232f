/** How containers are shown: `{1, 2, 3}` and, where keys lead to values, `{"a": 1}`. */
import { Missing } from "../../dwarf/missing";
import { type Elements, elementChildren, presentElements } from "../arrays";
import { keyExpression } from "../key-text";
import type { Child } from "../model";
import {
  inner,
  type Presentation,
  type Style,
  SUMMARY_DEPTH,
  unavailable,
  type World,
} from "../presentation";
import { strip, type Type } from "../types";
import { withoutPaths } from "./holders";
import { libraryName, Part } from "./layout";
import { linkedElements } from "./linked";
import { asWritten, bareElements, indexedElements } from "./sequences";
import { presentText } from "./text";

/** `vector`, `array`, `deque`, `span`, `initializer_list`. */
export function presentSequence(whole: Part): Presentation | undefined {
  return presented(indexedElements(whole), whole, presentElements);
}

/** `basic_string`, `basic_string_view`. */
export const presentString = (whole: Part): Presentation | undefined =>
  presentText(bareElements(whole), whole, (characters) => asWritten(characters, whole));

/** `bitset`: its bits as it prints itself, the highest first. */
export function presentBitset(whole: Part): Presentation | undefined {
  return presented(indexedElements(whole), whole, (bits, world) => ({
    summary: (style) => bitText(bits, world, style),
    children: elementChildren(bits, world),
  }));
}

function bitText(bits: Elements, world: World, style: Style): string {
  let text = "";
  for (let i = bits.count - 1; i >= 0 && text.length < style.budget; i--) {
    const bit = world.value(bits.type, bits.at(i));
    if (bit.missing !== undefined) return bit.text();
    text += bit.text() === "true" ? "1" : "0";
  }
  if (text === "") return "{}";
  return text.length < bits.count ? `${text}…` : text;
}

/** `list`, `set`, …: no expression of the language leads to their elements. */
export function presentNodes(whole: Part): Presentation | undefined {
  return presented(linkedElements(whole), whole, (elements, world) => {
    const { summary, children } = presentElements(elements, world, ["{", "}"]);
    return { summary, children: children && withoutPaths(children) };
  });
}

/** `map` and its sisters: keys and what they lead to. */
export function presentMap(whole: Part): Presentation | undefined {
  // `[]` takes a key of these alone: the others keep several entries of one key.
  const indexes = /^(unordered_)?map$/.test(libraryName(whole.type) ?? "");
  return presented(linkedElements(whole), whole, (elements, world) => ({
    summary: (style) => `{${mapText(elements, world, style)}}`,
    children: {
      namedCount: 0,
      indexedCount: elements.count,
      named: () => [],
      indexed: (start, count) => {
        const last = Math.min(start + count, elements.count);
        const children: Child[] = [];
        for (let i = Math.max(0, start); i < last; i++)
          children.push(entryChild(elements, i, indexes, world));
        return children;
      },
    },
  }));
}

/** An entry of a map: its pair, and the pair's halves. */
export function pairAt(
  elements: Elements,
  index: number,
  world: World,
): { pair: Part; key?: Part; mapped?: Part } {
  const pair = new Part(elements.type, elements.at(index), world);
  const key = pair.member("first");
  const mapped = pair.member("second");
  return { pair, ...(key && { key }), ...(mapped && { mapped }) };
}

/** A key that fits into a line names what it leads to; another one is shown beside it, as a pair. */
function entryChild(elements: Elements, index: number, indexes: boolean, world: World): Child {
  const { pair, key, mapped } = pairAt(elements, index, world);
  if (
    key === undefined ||
    mapped === undefined ||
    !isPlain(key.type) ||
    pair.storage.place instanceof Missing
  )
    return { name: `[${index}]`, value: pair.value, path: undefined };
  const written = indexes ? keyExpression(key.value) : undefined;
  const path = written === undefined ? undefined : (parent: string) => `${parent}[${written}]`;
  return { name: `[${key.value.text()}]`, value: mapped.value, path };
}

function isPlain(type: Type): boolean {
  const { kind } = strip(type);
  const name = libraryName(type);
  return kind === "base" || kind === "enumeration" || name === "basic_string" || name === "basic_string_view";
}

function mapText(elements: Elements, world: World, style: Style): string {
  if (elements.count > 0 && style.depth >= SUMMARY_DEPTH) return "…";
  let text = "";
  for (let i = 0; i < elements.count; i++) {
    if (text.length > style.budget - 4) return `${text}…`;
    const { pair, key, mapped } = pairAt(elements, i, world);
    const write = (part: Part) => part.value.summary(inner(style, text.length + 2));
    text += key && mapped ? `${write(key)}: ${write(mapped)}` : write(pair);
    if (i + 1 < elements.count) text += ", ";
  }
  return text;
}

function presented(
  elements: Elements | Missing | undefined,
  whole: Part,
  show: (elements: Elements, world: World, brackets: readonly [string, string]) => Presentation,
): Presentation | undefined {
  if (elements === undefined) return undefined;
  return elements instanceof Missing ? unavailable(elements) : show(elements, whole.world, ["{", "}"]);
}
