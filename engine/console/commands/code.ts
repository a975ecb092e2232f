/** `list`, `disassemble`: source and code of where the console stands. */
import { type CodeOffset, codeOffset } from "../../bytes/offsets";
import { settle } from "../../bytes/remote-source";
import type { LineTable, SourceFile } from "../../dwarf/model";
import { originOfPath } from "../../postmortem/origin";
import { disassembleFunction, functionHeader } from "../../wasm/disassembly";
import { splitFormat } from "../arguments";
import type { Command, ConsoleHost, Context } from "../command";
import { ConsoleError } from "../errors";
import { functionName } from "../info/meanings";
import { currentFile, functionNamed, placeNamed } from "../places";

const list: Command = {
  names: ["list", "l"],
  usage: "list [N | FIRST,LAST | FUNCTION | FILE:N | FILE:FUNCTION | *ADDRESS | -]",
  summary:
    "Source around the selected frame's line, a line, a function, or the lines after (-: before) the last ones.",
  completes: "place",
  async run(context, args) {
    const { file, first, last } = await linesWanted(context, args);
    const origin = originOfPath(file.path);
    const lines = await context.host.lines(file, origin);
    if (lines === undefined)
      throw new ConsoleError(`${file.path} is not on this machine: map its path with --source-map`);
    if (first > lines.length)
      throw new ConsoleError(`line ${first} is past the end: ${file.path} has ${lines.length} lines`);
    const shown = lines.slice(first - 1, last);
    context.memory.list = { file, first, next: first + shown.length };
    const head = /^\*/.test(args) ? [await settle(() => codeText(args, context))] : [];
    const location = await settle(() => context.selected().location);
    const current = location?.file.path === file.path ? location.line : undefined;
    const mark = (number: number): string => (number === current ? "→" : " ");
    const numbered = shown.map((text, i) => `${first + i}${mark(first + i)}\t${text}`.trimEnd());
    return [...head, ...numbered].join("\n");
  },
};

/** `0x384 is in library(int)`: what an address of code is. */
function codeText(args: string, context: Context): string {
  const offset = Number(args.replace(/^\*\s*/, ""));
  const { module } = context.selected().physical;
  const index = module.wasm.functionAt(codeOffset(offset));
  return `0x${offset.toString(16)} is in ${index === undefined ? "no function" : functionName(module, index)}`;
}

interface Lines {
  readonly file: SourceFile;
  /** 1-based. */
  readonly first: number;
  readonly last: number;
}

async function linesWanted(context: Context, args: string): Promise<Lines> {
  const { memory, settings } = context;
  const size = settings.listSize;
  const { list } = memory;
  if (args === "-" || (args === "" && list !== undefined)) {
    const { file, line } =
      list === undefined ? await settle(() => standing(context)) : { file: list.file, line: list.first };
    if (args === "") return { file, first: list!.next, last: list!.next + size - 1 };
    const before = list?.first ?? Math.max(1, line - Math.floor(size / 2));
    if (before <= 1) throw new ConsoleError("this is the file's first line");
    return { file, first: Math.max(1, before - size), last: before - 1 };
  }
  const range = /^([^,]*),([^,]*)$/.exec(args);
  if (range !== null) return rangeOf(range[1]!.trim(), range[2]!.trim(), context);
  const { file, line } =
    args === "" ? await settle(() => standing(context)) : await placeNamed(args, context);
  const first = Math.max(1, line - Math.floor(size / 2));
  return { file, first, last: first + size - 1 };
}

/** `FIRST,LAST`; without one of them, as many lines as are listed. */
async function rangeOf(from: string, to: string, context: Context): Promise<Lines> {
  const size = context.settings.listSize;
  const start = from === "" ? undefined : await placeNamed(from, context);
  const end = to === "" ? undefined : await placeNamed(to, context);
  const file = (start ?? end)?.file ?? (await settle(() => currentFile(context)));
  const last = end?.line ?? (start?.line ?? 1) + size - 1;
  const first = Math.max(1, start?.line ?? last - size + 1);
  if (last < first) throw new ConsoleError(`line ${last} is before line ${first}`);
  return { file, first, last };
}

/** The selected frame's line. */
function standing(context: Context): { readonly file: SourceFile; readonly line: number } {
  const { location } = context.selected();
  if (location === undefined || location.line === 0) throw new ConsoleError("the frame has no source line");
  return location;
}

const disassemble: Command = {
  names: ["disassemble", "disas"],
  usage: "disassemble[/sr] [FUNCTION | INDEX]",
  summary:
    "The selected frame's function, or another one, as WebAssembly text; with /s between its source lines, with /r with the bytes.",
  completes: "place",
  async run(context, args) {
    const { format, rest } = splitFormat(args);
    const { physical } = context.selected();
    const found =
      rest === ""
        ? { module: physical.module, index: physical.functionIndex }
        : await settle(() => functionNamed(rest, context));
    const { module, index } = found;
    if (index === undefined)
      throw new ConsoleError(`every call of ${rest} was inlined: it has no code of its own`);
    const { wasm, debug } = module;
    const lines = disassembleFunction(wasm, index);
    if (lines.length === 0) throw new ConsoleError(`function ${index} has no code in the module`);
    const table = /[sm]/.test(format) ? debug?.unitAt(lines[0]!.pc)?.lines : undefined;
    const body: string[] = [];
    const raw = format.includes("r");
    for (const { pc, text, bytes } of lines) {
      const source = await sourceLine(table, pc, context.host);
      if (source !== undefined) body.push(source);
      const stands = module === physical.module && pc === physical.pc;
      const code = raw ? `${hexBytes(bytes)}\t` : "";
      body.push(`${stands ? "=> " : "   "}0x${pc.toString(16)}:\t${code}${text}`);
    }
    return [...functionHeader(wasm, index), ...body].join("\n");
  },
};

const hexBytes = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** The line that an instruction begins, with its text where the source is here. */
async function sourceLine(
  table: LineTable | undefined,
  pc: CodeOffset,
  host: ConsoleHost,
): Promise<string | undefined> {
  const row = table?.rowAt(pc);
  if (row?.file === undefined || row.address !== pc || row.line === 0) return undefined;
  const lines = await host.lines(row.file, originOfPath(row.file.path));
  const text = lines?.[row.line - 1];
  return `${row.file.path}:${row.line}${text === undefined ? "" : `\t${text}`}`;
}

export const codeCommands: readonly Command[] = [list, disassemble];
