/** `info functions`, `types`: what the module and its debug information name, by the file that declares it. */
import { functionIndex } from "../../bytes/offsets";
import { DW_TAG } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/model";
import { qualifiedName } from "../../dwarf/qualified-names";
import { declarationOf, declarationOfFunction } from "../../postmortem/declarations";
import type { CrashModule } from "../../postmortem/model";
import { isDefinition, symbolsOf } from "../../values/symbol-index";
import { namePattern } from "../arguments";
import type { Command } from "../command";
import { ConsoleError } from "../errors";
import { declarationText } from "../type-text";
import { functionName } from "./meanings";

/** Names that one listing prints. */
const MOST = 2000;

interface Named {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly text: string;
}

const functions: Command = {
  names: ["functions"],
  usage: "info functions [REGEXP]",
  summary: "The functions of the selected frame's module by file and line, with their indices.",
  run: (context, args) => listing(functionsOf(context.selected().physical.module), args, "functions"),
};

function* functionsOf(module: CrashModule): Iterable<[name: string, () => Named]> {
  const { wasm } = module;
  for (let index = 0; index < wasm.functionCount; index++) {
    const name = functionName(module, index);
    yield [
      name,
      () => {
        const declared = declarationOfFunction(module, functionIndex(index));
        const text = `${String(index).padStart(6)}  ${name}`;
        return { file: declared?.file.path, line: declared?.line, text };
      },
    ];
  }
}

const types: Command = {
  names: ["types"],
  usage: "info types [REGEXP]",
  summary: "The types that the debug information of the selected frame's module describes, by file and line.",
  run(context, args) {
    const { debug } = context.selected().physical.module;
    if (debug === undefined) throw new ConsoleError("the module has no debug information");
    const found = symbolsOf(debug).everything(["type"]);
    return listing(typesOf(found), args, "types");
  },
};

function* typesOf(found: Iterable<{ readonly entry: Entry }>): Iterable<[name: string, () => Named]> {
  for (const { entry } of found) {
    // Rust describes a variant's fields as a type of the variant's name.
    if (!isDefinition(entry) || entry.parent?.tag === DW_TAG.variant_part) continue;
    const name = qualifiedName(entry) ?? "?";
    yield [
      name,
      () => {
        const declared = declarationOf(entry);
        const file = declared?.file.path;
        return {
          file: file === undefined || file.endsWith("<unknown>") ? undefined : file,
          line: declared?.line,
          text: declarationText(entry, name),
        };
      },
    ];
  }
}

/** Those whose name matches, and of which a different one is not listed yet; by file, line and name. */
function listing(names: Iterable<[name: string, () => Named]>, args: string, what: string): string {
  const pattern = args === "" ? undefined : namePattern(args);
  const found = new Map<string, Named>();
  let more = false;
  for (const [name, named] of names) {
    if (pattern !== undefined && !pattern.test(name) && !pattern.test(lastName(name))) continue;
    const one = named();
    const key = `${one.file}:${one.line}:${one.text}`;
    if (found.has(key)) continue;
    more = found.size === MOST;
    if (more) break;
    found.set(key, one);
  }
  if (found.size === 0) return `No ${what}.`;
  const lines = byFile([...found.values()]);
  if (more) lines.push("", `… more than ${MOST}: narrow it with info ${what} REGEXP`);
  return lines.join("\n");
}

/** `MyThing` of `app::MyThing`. */
const lastName = (name: string): string => /(?:^|::)([^:<]+(?:<.*)?)$/.exec(name)?.[1] ?? name;

function byFile(all: readonly Named[]): string[] {
  const files = new Map<string, Named[]>();
  for (const one of all) {
    const file = one.file ?? "";
    const known = files.get(file);
    if (known === undefined) files.set(file, [one]);
    else known.push(one);
  }
  // What no file declares stands last.
  const sorted = [...files].sort(([a], [b]) => (a === "" ? 1 : b === "" ? -1 : a < b ? -1 : 1));
  return sorted.flatMap(([file, named], i) => [
    ...(i > 0 ? [""] : []),
    ...(file === "" ? (files.size > 1 ? ["Without a line:"] : []) : [`File ${file}:`]),
    ...named
      .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.text < b.text ? -1 : 1))
      .map(({ line, text }) => `${line === undefined ? "" : `${line}:`}\t${text}`),
  ]);
}

export const listingInfos: readonly Command[] = [functions, types];
