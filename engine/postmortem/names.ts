/** A function's name in a form short enough for a stack. */

/** Generic arguments longer than this are shortened to `<…>`. */
const LONGEST_GENERICS = 40;

/** Shortens generic arguments, innermost text kept: `core::ops::FnOnce::call_once<fn(), ()>`. */
export function shortName(fullName: string): string {
  let short = "";
  let depth = 0;
  let open = 0;
  for (let i = 0; i < fullName.length; i++) {
    const c = fullName[i]!;
    if (c === "<" && opensGenerics(fullName, i)) {
      if (depth++ === 0) open = i;
    } else if (c === ">" && depth > 0 && fullName[i - 1] !== "-") {
      if (--depth === 0) {
        const generics = fullName.slice(open, i + 1);
        short += generics.length > LONGEST_GENERICS ? "<…>" : generics;
      }
    } else if (depth === 0) {
      short += c;
    }
  }
  return depth === 0 ? short : fullName;
}

/** Not the less-than of `operator<`, `operator<<`, `operator<=>`. */
function opensGenerics(name: string, at: number): boolean {
  return !/operator<?$/.test(name.slice(0, at)) && name[at + 1] !== "=";
}
