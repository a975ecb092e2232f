/**
 * Names of C++ types as programmers write them: without the namespaces that version the library's ABI, and
 * without the arguments that the library's templates have by default.
 */

/** Arguments that are the defaults of the library's own templates, where they stand last. */
const DEFAULT = /^std::(?:allocator|default_delete|char_traits|less|hash|equal_to)</;

/** `span`'s second argument when its size is not part of its type: size_t's largest value. */
const DYNAMIC_EXTENT = /^(?:4294967295|18446744073709551615)$/;

const CHARACTERS: Readonly<Record<string, string>> = {
  char: "",
  wchar_t: "w",
  char8_t: "u8",
  char16_t: "u16",
  char32_t: "u32",
};

/** Templates are nested so deep in names that we take apart. */
const DEPTH_LIMIT = 32;

/**
 * A type's name, shortened.
 * @param library whether the name stands in namespace std, which it then does not mention itself
 */
export function shortName(name: string, library: boolean, depth = 0): string {
  const plain = name.replace(/\bstd::__\w+::/g, "std::");
  const open = plain.indexOf("<");
  const close = open < 0 ? -1 : closing(plain, open);
  if (close < 0 || depth > DEPTH_LIMIT) return plain;
  const template = plain.slice(0, open);
  const own = library || /(?:^|[ (])std::/.test(template);
  const written = arguments_(plain.slice(open + 1, close)).map((argument) => shortArgument(argument, depth));
  const given = own ? withoutDefaults(template, written) : written;
  const rest = plain.slice(close + 1);
  return alias(template, given) + (rest === "" ? "" : shortName(rest, false, depth + 1));
}

function shortArgument(argument: string, depth: number): string {
  const number = /^(-?\d+)(?:UL?L?|LL?)$/.exec(argument);
  return number === null ? shortName(argument, false, depth + 1) : number[1]!;
}

function withoutDefaults(template: string, given: readonly string[]): readonly string[] {
  let count = given.length;
  while (count > 1 && DEFAULT.test(given[count - 1]!)) count--;
  if (/\bspan$/.test(template) && count === 2 && DYNAMIC_EXTENT.test(given[1]!)) count--;
  return given.slice(0, count);
}

/** `basic_string<char>` is `string`. */
function alias(template: string, given: readonly string[]): string {
  const text = /^(.*)\bbasic_(string|string_view)$/s.exec(template);
  const prefix = text !== null && given.length === 1 ? CHARACTERS[given[0]!] : undefined;
  if (text !== null && prefix !== undefined) return `${text[1]}${prefix}${text[2]}`;
  return `${template}<${given.join(", ")}>`;
}

/** Where the bracket at `open` is closed; -1 when it is none. */
function closing(name: string, open: number): number {
  let depth = 0;
  for (let i = open; i < name.length; i++) {
    const character = name[i]!;
    if ("<([{".includes(character)) depth++;
    else if (")]}".includes(character) || (character === ">" && name[i - 1] !== "-")) depth--;
    if (depth === 0) return (character === ">") === (name[open] === "<") ? i : -1;
  }
  return -1;
}

/** A template's arguments, each without the spaces around it. */
function arguments_(list: string): string[] {
  const found: string[] = [];
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    if (list[i] === ",") {
      found.push(list.slice(start, i).trim());
      start = i + 1;
    } else if ("<([{".includes(list[i]!)) {
      const end = closing(list, i);
      if (end < 0) break;
      i = end;
    }
  }
  const last = list.slice(start).trim();
  return last === "" ? found : [...found, last];
}
