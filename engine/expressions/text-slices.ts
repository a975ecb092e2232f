/** Rust's slices of texts, `s[2..5]`: bytes again, which have to begin and end between characters. */
import { Missing } from "../dwarf/missing";
import { owners, throughReferences } from "../values/access";
import type { Elements } from "../values/arrays";
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { rustElements } from "../values/rust/elements";
import { part } from "../values/rust/layout";
import { sharedElements } from "../values/rust/shared";
import type { Bounds } from "./elements";
import { ExpressionError } from "./errors";
import { Unavailable } from "./session";
import { isQuoted, isTyped } from "./typed";

/** Bytes that a slice has at most. */
const LONGEST = 2 ** 16;

/** The bytes of a `str` or a String, wherever they lie; undefined for every other value. */
function textElements(owner: TypedValue): Elements | undefined {
  const { type, storage, world } = owner;
  if (type.flavour.name !== "rust") return undefined;
  const isText = /^(&(mut )?|Box<|Rc<|Arc<)?str\b/.test(type.name);
  const whole = type.name === "String" ? part(type, storage, "vec", world) : isText ? owner : undefined;
  const elements =
    whole &&
    (rustElements(whole.type, whole.storage, world) ?? sharedElements(whole.type, whole.storage, world));
  if (elements instanceof Missing) throw new Unavailable(elements);
  return elements;
}

/** All bytes of a text, behind whatever dereferences to it; undefined for every other value. */
export function wholeText(value: Value, position: number): Uint8Array | undefined {
  if (isQuoted(value)) return value.bytes;
  if (!isTyped(value)) return undefined;
  for (const owner of owners(value)) {
    const elements = textElements(owner);
    if (elements === undefined) continue;
    if (elements.count > LONGEST) throw new ExpressionError("the text is too long", position);
    const bytes = elements.count === 0 ? new Uint8Array(0) : elements.at(0).read(elements.count);
    if (bytes instanceof Missing) throw new Unavailable(bytes);
    return bytes;
  }
  return undefined;
}

/** The part of a `str` or a String; undefined for every other value. @throws ExpressionError where Rust would panic */
export function textSlice(value: TypedValue, bounds: Bounds, position: number): Uint8Array | undefined {
  const elements = textElements(throughReferences(value));
  if (elements === undefined) return undefined;
  const from = bounds.from ?? 0n;
  const end = bounds.to === undefined ? BigInt(elements.count) : bounds.to + (bounds.inclusive ? 1n : 0n);
  if (from < 0n || from > end || end > BigInt(elements.count))
    throw new ExpressionError(`${from}..${end} is outside of 0..${elements.count}`, position);
  if (end - from > LONGEST) throw new ExpressionError("the text is too long to be shown", position);
  const read = (start: number, length: number): Uint8Array => {
    const bytes = length === 0 ? new Uint8Array(0) : elements.at(start).read(length);
    if (bytes instanceof Missing) throw new Unavailable(bytes);
    return bytes;
  };
  for (const edge of [from, end]) {
    const next = edge < BigInt(elements.count) ? read(Number(edge), 1)[0]! : 0;
    if ((next & 0xc0) === 0x80)
      throw new ExpressionError(`${edge} is inside of a character: it would panic`, position);
  }
  return read(Number(from), Number(end - from));
}
