/**
 * Which macros hold on a line: those that the preprocessor knew when it came there, as gdb takes it. A file that is
 * included several times counts where the unit's own file is nearest to it.
 */
import type { MacroDirective, MacroFile } from "../dwarf/model";
import type { Frame } from "../postmortem/model";

export interface Macro {
  readonly name: string;
  /** Of a macro that takes arguments; the last one may stand for all that are left. */
  readonly parameters: readonly string[] | undefined;
  readonly variadic: boolean;
  readonly body: string;
}

/** Macros by their names. */
export interface Macros {
  names(): Iterable<string>;
  find(name: string): Macro | undefined;
}

/** A memo of the frames that expressions were evaluated in, and kept no longer than they. */
const known = new WeakMap<Frame, Macros>();

/** The macros of the line that a frame is on; none where its unit has no debug information of them. */
export function macrosOf(frame: Frame): Macros {
  let macros = known.get(frame);
  if (macros === undefined) {
    const { unit, location } = frame;
    const whole = unit?.macros;
    const texts =
      whole === undefined
        ? new Map<string, string>()
        : textsAt(whole, location?.file.path, location?.line || undefined);
    known.set(frame, (macros = tableOf(texts)));
  }
  return macros;
}

const tableOf = (texts: ReadonlyMap<string, string>): Macros => ({
  names: () => texts.keys(),
  find(name) {
    const text = texts.get(name);
    return text === undefined ? undefined : macroOf(text);
  },
});

/** `NAME body`, or `NAME(a,b,...) body` (DWARF 5 §6.3.2.1). */
const DEFINITION = /^(?<name>[^\s(]+)(?:\((?<parameters>[^)]*)\))?\s*(?<body>[\s\S]*)$/;

function macroOf(text: string): Macro | undefined {
  const { name, parameters, body } = DEFINITION.exec(text)?.groups ?? {};
  if (name === undefined || body === undefined) return undefined;
  if (parameters === undefined) return { name, parameters, variadic: false, body };
  const names = parameters.split(",").map((parameter) => parameter.trim());
  const variadic = names.at(-1)!.endsWith("...");
  // GNU's `rest...` gives the rest a name of its own.
  if (variadic) names.push(names.pop()!.slice(0, -"...".length) || "__VA_ARGS__");
  return { name, parameters: names.filter((parameter) => parameter !== ""), variadic, body };
}

/** What each name stands for on a line of a file; of a line that is not known, what holds on every one. */
function textsAt(
  whole: MacroFile,
  path: string | undefined,
  line: number | undefined,
): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  // The compiler's own and those of its command line hold from the start, wherever they are listed.
  for (const directive of whole.directives) apply(directive, texts);
  const way = path === undefined || line === undefined ? undefined : wayTo(path, whole);
  if (way === undefined) addUnchanging(whole, texts);
  else follow(way, line!, texts);
  return texts;
}

const nameOf = (text: string): string => /^[^\s(]*/.exec(text)![0];

function apply(directive: MacroDirective, texts: Map<string, string>): void {
  if (directive.kind === "define") texts.set(nameOf(directive.text), directive.text);
  else if (directive.kind === "undefine") texts.delete(directive.name);
}

/** All directives of a file and of those that it includes, as the preprocessor meets them. */
function* directivesOf(file: MacroFile): Iterable<Exclude<MacroDirective, { kind: "include" }>> {
  for (const directive of file.directives) {
    if (directive.kind === "include") yield* directivesOf(directive.file);
    else yield directive;
  }
}

/** The inclusions that lead to a file of this path, from the whole on: of several files the one nearest to it. */
function wayTo(path: string, whole: MacroFile): readonly MacroFile[] | undefined {
  const includers = new Map<MacroFile, MacroFile>();
  for (let level: MacroFile[] = [whole]; level.length > 0; ) {
    const found = level.find(({ file }) => file?.path === path);
    if (found !== undefined) {
      const way = [found];
      for (let file = includers.get(found); file !== undefined; file = includers.get(file)) way.unshift(file);
      return way;
    }
    const next: MacroFile[] = [];
    for (const file of level) {
      for (const directive of file.directives) {
        if (directive.kind !== "include") continue;
        includers.set(directive.file, file);
        next.push(directive.file);
      }
    }
    level = next;
  }
  return undefined;
}

/** Applies what the files of a way say before each includes the next, and the last one up to a line. */
function follow(way: readonly MacroFile[], line: number, texts: Map<string, string>): void {
  way.forEach(({ directives }, depth) => {
    const next = way[depth + 1];
    for (const directive of directives) {
      if (next === undefined && directive.line > line) return;
      if (directive.kind !== "include") {
        if (depth > 0) apply(directive, texts);
      } else if (directive.file === next) return;
      else for (const inner of directivesOf(directive.file)) apply(inner, texts);
    }
  });
}

/** What is defined once and never undone: whichever line it is, it means nothing else there. */
function addUnchanging(whole: MacroFile, texts: Map<string, string>): void {
  const own = new Map<string, string | undefined>();
  for (const included of whole.directives) {
    if (included.kind !== "include") continue;
    for (const directive of directivesOf(included.file)) {
      const name = directive.kind === "define" ? nameOf(directive.text) : directive.name;
      const isFirst = directive.kind === "define" && !own.has(name) && !texts.has(name);
      own.set(name, isFirst ? directive.text : undefined);
    }
  }
  for (const [name, text] of own) {
    if (text === undefined) texts.delete(name);
    else texts.set(name, text);
  }
}
