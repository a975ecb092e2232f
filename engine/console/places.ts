/**
 * Places of the source as gdb's commands take them ("linespecs"): a line of the file that is looked at, a line of a
 * named file, a function, an address of code.
 */

import { type CodeOffset, codeOffset, type FunctionIndex, functionIndex } from "../bytes/offsets";
import { settle } from "../bytes/remote-source";
import type { Entry, LineRow, SourceFile, Unit } from "../dwarf/model";
import { nearest } from "../expressions/type-names";
import { declarationOf } from "../postmortem/declarations";
import type { CrashModule } from "../postmortem/model";
import { symbolsOf } from "../values/symbol-index";
import { demangle } from "../wasm/demangle";
import type { Context } from "./command";
import { ConsoleError } from "./errors";

/** A line of a source file, and the function that was asked for when it was one. */
export interface SourcePlace {
  readonly file: SourceFile;
  /** 1-based. */
  readonly line: number;
  readonly function: FunctionPlace | undefined;
}

/** A function of a module: the code, what describes it, or both. */
export interface FunctionPlace {
  readonly module: CrashModule;
  /** Undefined where every call was inlined. */
  readonly index: FunctionIndex | undefined;
  readonly entry: Entry | undefined;
}

/**
 * The place that a text names: `12`, `main.rs:12`, `calculate`, `main.rs:calculate`, `*0x4a`.
 * @throws ConsoleError when there is none, or several
 */
export function placeNamed(text: string, context: Context): Promise<SourcePlace> {
  return settle(() => {
    const address = /^\*\s*(0x[0-9a-f]+|\d+)$/i.exec(text);
    if (address !== null) return placeOfCode(Number(address[1]), context);
    if (/^\d+$/.test(text)) return { file: currentFile(context), line: Number(text), function: undefined };
    const inFile = /^(.*[^:]):([^:]+)$/.exec(text);
    const file = inFile === null ? undefined : fileNamed(inFile[1]!, context);
    if (file === undefined) {
      if (inFile !== null && /^\d+$/.test(inFile[2]!))
        throw new ConsoleError(`no source file "${inFile[1]}" is in the debug information`);
      return placeOfFunction(text, undefined, context);
    }
    if (/^\d+$/.test(inFile![2]!)) return { file, line: Number(inFile![2]), function: undefined };
    return placeOfFunction(inFile![2]!, file, context);
  });
}

/** The file that was listed last, else the selected frame's. @throws ConsoleError when there is none */
export function currentFile(context: Context): SourceFile {
  const file = context.memory.list?.file ?? context.selected().location?.file;
  if (file === undefined)
    throw new ConsoleError("the frame has no source line: name a file, as in main.c:12");
  return file;
}

function placeOfCode(offset: number, context: Context): SourcePlace {
  const { module } = context.selected().physical;
  const row = module.debug?.unitAt(codeOffset(offset))?.lines?.rowAt(codeOffset(offset));
  if (row?.file === undefined || row.line === 0)
    throw new ConsoleError(`code offset 0x${offset.toString(16)} has no source line`);
  return { file: row.file, line: row.line, function: undefined };
}

function placeOfFunction(name: string, file: SourceFile | undefined, context: Context): SourcePlace {
  const found = functionsNamed(name, context);
  if (found.length === 0) throw new ConsoleError(`there is no function "${name}"`);
  const places = new Map<string, SourcePlace>();
  for (const one of found) {
    const declared = one.entry && declarationOf(one.entry);
    if (declared === undefined || (file !== undefined && declared.file.path !== file.path)) continue;
    places.set(`${declared.file.path}:${declared.line}`, { ...declared, function: one });
  }
  const [first] = places.values();
  if (first === undefined) throw new ConsoleError(`where "${name}" is declared is not known`);
  if (places.size > 1)
    throw new ConsoleError(`"${name}" is ambiguous: ${[...places.keys()].sort().join(", ")}`);
  return first;
}

/** The one function that a text names, by its name or its index. @throws ConsoleError when there is none, or several */
export function functionNamed(text: string, context: Context): FunctionPlace {
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) {
    const { module } = context.selected().physical;
    return { module, index: functionIndex(Number(text)), entry: undefined };
  }
  const found = functionsNamed(text, context);
  const [first] = found;
  if (first === undefined) throw new ConsoleError(`there is no function "${text}"`);
  const indices = new Set(found.map(({ index }) => index));
  if (indices.size > 1)
    throw new ConsoleError(`"${text}" is ambiguous: functions ${[...indices].join(", ")}`);
  return first;
}

/** Functions of a name, which may lack its first namespaces: of the selected frame's module, else of the others. */
export function functionsNamed(path: string, context: Context): readonly FunctionPlace[] {
  const frame = context.selected();
  const own = frame.physical.module;
  for (const module of [own, ...context.crash.modules.filter((one) => one !== own)]) {
    const found = [...described(path, module, frame.unit, frame.fullName)];
    if (found.length > 0) return found;
    const named = byNameSection(path, module);
    if (named.length > 0) return named;
  }
  return [];
}

function* described(
  path: string,
  module: CrashModule,
  unit: Unit | undefined,
  from: string,
): Iterable<FunctionPlace> {
  const { debug, wasm } = module;
  if (debug === undefined) return;
  const index = symbolsOf(debug);
  const own = unit?.program === debug ? index.inUnit(unit, path, ["function"]) : [];
  const all = own.length > 0 ? own : index.anywhere(path, ["function"]);
  const placed = all.filter(({ entry }) => entry.ranges().length > 0);
  for (const { entry } of nearest(placed.length > 0 ? placed : all, path, from)) {
    const [range] = entry.ranges();
    yield { module, entry, index: range && wasm.functionAt(range.low) };
  }
}

/** Functions that only the name section knows. */
function byNameSection(path: string, module: CrashModule): readonly FunctionPlace[] {
  const { wasm, debug } = module;
  const found: FunctionPlace[] = [];
  for (let at = 0; at < wasm.functionCount; at++) {
    const index = functionIndex(at);
    const name = wasm.functionName(index);
    if (name === undefined || (name !== path && demangle(name) !== path)) continue;
    const body = wasm.body(index);
    found.push({ module, index, entry: body && debug?.unitAt(body.start)?.subprogramAt(body.start) });
  }
  return found;
}

/** A file whose path is or ends in `path`: of the selected frame's unit, else of any. */
function fileNamed(path: string, context: Context): SourceFile | undefined {
  const { unit, physical } = context.selected();
  const wanted = path.replaceAll("\\", "/");
  for (const one of [...(unit === undefined ? [] : [unit]), ...(physical.module.debug?.units() ?? [])]) {
    const found = one.lines?.files.find(({ path }) => {
      const known = path.replaceAll("\\", "/");
      return known === wanted || known.endsWith(`/${wanted}`);
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Code of a line. */
export interface LineCode {
  readonly module: CrashModule;
  readonly unit: Unit;
  /** Code offsets: the first, and the one behind the last. */
  readonly low: CodeOffset;
  readonly high: CodeOffset;
}

/** What a line was compiled to, in runs; at most `most` of them. */
export function codeOfLine(
  { file, line }: Pick<SourcePlace, "file" | "line">,
  context: Context,
  most: number,
): readonly LineCode[] {
  const found: LineCode[] = [];
  for (const module of context.crash.modules) {
    for (const unit of module.debug?.units() ?? []) {
      if (!unit.lines?.files.some(({ path }) => path === file.path)) continue;
      const rows = unit.lines.rowsIn({ low: codeOffset(0), high: codeOffset(Number.MAX_SAFE_INTEGER) });
      for (const run of runsOf(rows, file.path, line)) {
        if (found.length === most) return found;
        const start = module.wasm.functionAt(run.low);
        const body = start === undefined ? undefined : module.wasm.body(start);
        const end = body === undefined ? run.low : codeOffset(body.start + body.size);
        found.push({ module, unit, low: run.low, high: run.high ?? end });
      }
    }
  }
  return found;
}

function* runsOf(
  rows: readonly LineRow[],
  path: string,
  line: number,
): Iterable<{ low: CodeOffset; high: CodeOffset | undefined }> {
  let low: CodeOffset | undefined;
  for (const row of rows) {
    const here = row.line === line && row.file?.path === path;
    if (here && low === undefined) low = row.address;
    if (!here && low !== undefined && row.address > low) {
      yield { low, high: row.address };
      low = undefined;
    }
  }
  if (low !== undefined) yield { low, high: undefined };
}
