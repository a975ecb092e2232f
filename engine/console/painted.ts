/**
 * A command's answer in colours. The answers are plain text, which is read here as a person reads it: by how a line
 * begins. Colours are put around parts and nothing else changes. `syntaxes/wasm-postmortem-console.tmLanguage.json`
 * tells an editor the same of texts in files.
 */
import type { Palette } from "./palette";

/** `#3  descend (node=…`: the name ends where the parameters begin, and may have parentheses itself: `call<fn(), ()>`. */
const FRAME = /^((?:[* ] \d+ .*? )?#\d+ +)(.+?)(?= \((?:\)(?: |$)|…\)|[^\s()=]+=))/;
/** `key = 3`, `$1 = …`, `$global0 __stack_pointer = …`. */
const VARIABLE = /^(\s*)(\$?[\w.[\]]+(?: [\w.]+)?)(?= = )/;
/** `   0x38a:`, `0x4d40 <hidden>:`; `=>` is where the frame stands. */
const ADDRESS = /^((?:=> | {3})?0x[0-9a-f]+(?: <.*?>)?:)/;
/** The line of a listing at which the frame stands. */
const LISTED = /^\d+ *→.*/;
/** A value that is not known, with or without why. */
const UNAVAILABLE = /<(?:unavailable(?:: [^>]*)?|optimized out)>/g;

export function painted(text: string, paint: Palette): string {
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(UNAVAILABLE, (why) => paint.dim(why))
        .replace(FRAME, (_, number: string, name: string) => paint.dim(number) + paint.name(name))
        .replace(VARIABLE, (_, indent: string, name: string) => indent + paint.name(name))
        .replace(ADDRESS, (address) => paint.dim(address))
        .replace(LISTED, (marked) => paint.strong(marked)),
    )
    .join("\n");
}
