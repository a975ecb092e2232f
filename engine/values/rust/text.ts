/** Rust's text: `&str` and what else points at str, and `String`. */
import { Missing } from "../../dwarf/missing";
import type { Elements } from "../arrays";
import { type Presentation, unavailable, type View } from "../presentation";
import { quoteUtf8 } from "../text";
import { strip } from "../types";
import { rustElements } from "./elements";
import { part } from "./layout";

/** Bytes of a text that a summary looks at. */
const TEXT_LIMIT = 512;

/** `&str`, `&mut str`, `Box<str>`, `Rc<str>` keeps its own shape. */
export const strView: View = (type, storage, world) => {
  if (type.kind !== "record" || !/^(&(mut )?|\*(const|mut) |(\w+::)*Box<)str\b/.test(type.entry?.name ?? ""))
    return undefined;
  const bytes = rustElements(type, storage, world);
  return bytes && presentText(bytes);
};

/** `String`: a record around a Vec of bytes. */
export const stringView: View = (type, storage, world) => {
  if (type.kind !== "record" || !/^(\w+::)*String$/.test(type.entry?.name ?? "")) return undefined;
  const vec = part(type, storage, "vec", world);
  const bytes = vec && rustElements(strip(vec.type), vec.storage, world);
  return bytes && presentText(bytes);
};

function presentText(bytes: Elements | Missing): Presentation {
  if (bytes instanceof Missing) return unavailable(bytes);
  const shown = Math.min(bytes.count, TEXT_LIMIT);
  const text = shown === 0 ? new Uint8Array(0) : bytes.at(0).read(shown);
  if (text instanceof Missing) return unavailable(text);
  return { summary: (style) => quoteUtf8(text, Math.max(8, style.budget), shown < bytes.count) };
}
