/** Building blocks of Rust's views: presenting a value as one of its parts, and parts as children. */
import type { Child, Children } from "../model";
import { inner, type Presentation, type Style, SUMMARY_DEPTH, type World } from "../presentation";
import { Storage } from "../storage";
import type { Type } from "../types";
import type { Part } from "./layout";

export const decoded = (part: Part, world: World) => world.value(part.type, part.storage);

/** A part's text one level further in; an ellipsis where the summary has gone deep enough. */
export function partText(part: Part, world: World, style: Style, used = 0): string {
  return style.depth >= SUMMARY_DEPTH ? "…" : decoded(part, world).summary(inner(style, used));
}

export function partChild(name: string, part: Part, world: World): Child {
  return { name, value: decoded(part, world), path: part.path, ...(part.path ? {} : { hint: "virtual" }) };
}

/** The whole is shown as its part is: text and children, apart from the part's own `[raw]`. */
export function presentAs(part: Part, world: World): Presentation {
  const value = decoded(part, world);
  return {
    missing: value.missing,
    target: value.target,
    summary: (style) => value.summary(style),
    children: value.children && throughPart(value.children, part),
  };
}

function throughPart(own: Children, part: Part): Children {
  const through = (child: Child): Child => {
    const outer = part.path;
    const { path } = child;
    return { ...child, path: outer && path && ((whole) => path(outer(whole))) };
  };
  const named = own.named().filter(({ name, path }) => name !== "[raw]" || path !== undefined);
  return {
    namedCount: named.length,
    indexedCount: own.indexedCount,
    named: () => named.map(through),
    indexed: (start, count) => own.indexed(start, count).map(through),
  };
}

/** A whole number that no bytes of the program hold as it is, e.g. a count less one. */
export function computedNumber(type: Type, value: bigint, world: World): Part {
  const bytes = new Uint8Array(type.size ?? 0);
  for (let i = 0, rest = value; i < bytes.length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return {
    type,
    storage: new Storage({ kind: "value", bytes, provenance: "computed" }, world.frame.machine),
  };
}
