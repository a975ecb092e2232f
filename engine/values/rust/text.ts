/** Rust's text: `&str` and what else points at str, `String`, and the texts of operating systems and of C. */
import { Missing } from "../../dwarf/missing";
import type { Elements } from "../arrays";
import { type Presentation, unavailable, type View } from "../presentation";
import type { Storage } from "../storage";
import { quoteUtf8, TEXT_LIMIT } from "../text";
import { strip } from "../types";
import { rustElements } from "./elements";
import { member, type Part, part, wholePart } from "./layout";
import { libraryName, libraryPath } from "./library";
import { follow } from "./pointees";

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

/** `&Path`, `&OsStr`, `Box<CStr>`: fat pointers to types that are bytes of text. */
const TEXTS = /^(&(mut )?|\*(const|mut) |(\w+::)*Box<)(\w+::)*(OsStr|Path|CStr)\b/;

export const textPointerView: View = (type, storage, world) => {
  const name = type.kind === "record" ? TEXTS.exec(type.entry?.name ?? "") : null;
  if (name === null || type.flavour.name !== "rust") return undefined;
  const found = follow(wholePart(type, storage), world);
  if (found instanceof Missing) return unavailable(found);
  if (found?.length === undefined) return undefined;
  // A CStr's length counts the NUL at its end.
  return presentBytes(found.target.storage, Math.max(0, found.length - (name.at(-1) === "CStr" ? 1 : 0)));
};

/** `OsString`, `PathBuf` and `CString`: records around a Vec, or a box, of bytes. */
export const ownedTextView: View = (type, storage, world) => {
  const name = libraryName(type);
  if (name !== "OsString" && name !== "PathBuf" && name !== "CString") return undefined;
  let inner: Part | undefined = wholePart(type, storage);
  for (let depth = 0; depth < NESTING_LIMIT && inner !== undefined; depth++) {
    const bytes = rustElements(inner.type, inner.storage, world);
    if (bytes instanceof Missing) return unavailable(bytes);
    if (bytes !== undefined && bytes.type.size === 1)
      return presentText(name === "CString" ? { ...bytes, count: Math.max(0, bytes.count - 1) } : bytes);
    inner = member(inner, world, "inner") ?? member(inner, world, "bytes");
  }
  return undefined;
};

/** `Chars` and `Bytes` of a text: what is left of it. */
export const restOfTextView: View = (type, storage, world) => {
  const path = libraryPath(type);
  const whole = wholePart(type, storage);
  const bytes =
    path === "core::str::iter::Chars"
      ? member(whole, world, "iter")
      : path === "core::str::iter::Bytes"
        ? member(whole, world, "__0", "it")
        : undefined;
  const rest = bytes && rustElements(bytes.type, bytes.storage, world);
  return rest && presentText(rest);
};

/** PathBuf, OsString, the platform's buffer, Vec. */
const NESTING_LIMIT = 6;

function presentBytes(storage: Storage, count: number): Presentation {
  const text = storage.read(Math.min(count, TEXT_LIMIT));
  if (text instanceof Missing) return unavailable(text);
  return { summary: (style) => quoteUtf8(text, Math.max(8, style.budget), text.length < count) };
}

function presentText(bytes: Elements | Missing): Presentation {
  if (bytes instanceof Missing) return unavailable(bytes);
  const shown = Math.min(bytes.count, TEXT_LIMIT);
  const text = shown === 0 ? new Uint8Array(0) : bytes.at(0).read(shown);
  if (text instanceof Missing) return unavailable(text);
  return { summary: (style) => quoteUtf8(text, Math.max(8, style.budget), shown < bytes.count) };
}
