/** Rust's slices of texts, `s[2..5]`: bytes again, which have to begin and end between characters. */
import { Missing } from "../dwarf/missing";
import { throughReferences } from "../values/access";
import type { TypedValue } from "../values/presentation";
import { rustElements } from "../values/rust/elements";
import { part } from "../values/rust/layout";
import { quoteUtf8 } from "../values/text";
import type { Bounds } from "./elements";
import { ExpressionError } from "./errors";
import { Unavailable } from "./session";

/** Bytes that a slice has at most. */
const LONGEST = 2 ** 16;

/** The part of a `str` or a String, quoted; undefined for every other value. @throws ExpressionError where Rust would panic */
export function textSlice(value: TypedValue, bounds: Bounds, position: number): string | undefined {
  const owner = throughReferences(value);
  const { type, storage, world } = owner;
  if (type.flavour.name !== "rust") return undefined;
  const isText = /^(&(mut )?|Box<|Rc<|Arc<)?str\b/.test(type.name);
  const whole = type.name === "String" ? part(type, storage, "vec", world) : isText ? owner : undefined;
  const elements = whole && rustElements(whole.type, whole.storage, world);
  if (elements === undefined) return undefined;
  if (elements instanceof Missing) throw new Unavailable(elements);
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
  return quoteUtf8(read(Number(from), Number(end - from)), Number.POSITIVE_INFINITY);
}
