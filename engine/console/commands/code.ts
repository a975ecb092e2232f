/** `list`, `disassemble`: source and code of where the console stands. */
import { type CodeOffset, functionIndex } from "../../bytes/offsets";
import type { LineTable } from "../../dwarf/model";
import { originOfPath } from "../../postmortem/origin";
import { disassembleFunction, functionHeader } from "../../wasm/disassembly";
import { splitFormat, wholeNumber } from "../arguments";
import type { Command, ConsoleHost, Context } from "../command";
import { ConsoleError } from "../errors";

const list: Command = {
  names: ["list", "l"],
  usage: "list [N | FIRST,LAST | -]",
  summary:
    "Source around the selected frame's line, around line N, or the lines after (-: before) the last ones.",
  async run(context, args) {
    const frame = context.selected();
    const { location, origin } = frame;
    if (location === undefined || location.line === 0) throw new ConsoleError("the frame has no source line");
    const lines = await context.host.lines(location.file, origin);
    if (lines === undefined)
      throw new ConsoleError(`${location.file.path} is not on this machine: map its path with --source-map`);
    const { first, last } = linesWanted(context, args, location.line);
    if (first > lines.length)
      throw new ConsoleError(`line ${first} is past the end: the file has ${lines.length} lines`);
    const shown = lines.slice(first - 1, last);
    context.memory.list = { file: location.file, origin, first, next: first + shown.length };
    const mark = (number: number): string => (number === location.line ? "→" : " ");
    return shown.map((text, i) => `${first + i}${mark(first + i)}\t${text}`.trimEnd()).join("\n");
  },
};

function linesWanted(
  { memory, settings }: Context,
  args: string,
  current: number,
): { first: number; last: number } {
  const size = settings.listSize;
  const around = (line: number) => {
    const first = Math.max(1, line - Math.floor(size / 2));
    return { first, last: first + size - 1 };
  };
  const range = /^(\d+)\s*,\s*(\d*)$/.exec(args);
  if (range !== null) {
    const first = Math.max(1, Number(range[1]));
    return { first, last: range[2] === "" ? first + size - 1 : Number(range[2]) };
  }
  if (args === "-") {
    const before = memory.list?.first ?? around(current).first;
    if (before <= 1) throw new ConsoleError("this is the file's first line");
    return { first: Math.max(1, before - size), last: before - 1 };
  }
  if (args !== "") return around(wholeNumber(args.replace(/^.*:/, ""), "a line"));
  if (memory.list !== undefined) return { first: memory.list.next, last: memory.list.next + size - 1 };
  return around(current);
}

const disassemble: Command = {
  names: ["disassemble", "disas"],
  usage: "disassemble[/s] [FUNCTION INDEX]",
  summary:
    "The selected frame's function, or another one, as WebAssembly text; with /s between its source lines.",
  async run(context, args) {
    const { format, rest } = splitFormat(args);
    const { physical } = context.selected();
    const { wasm, debug } = physical.module;
    const index =
      rest === "" ? physical.functionIndex : functionIndex(wholeNumber(rest, "a function's index"));
    const lines = disassembleFunction(wasm, index);
    if (lines.length === 0) throw new ConsoleError(`function ${index} has no code in the module`);
    const table = /[sm]/.test(format) ? debug?.unitAt(lines[0]!.pc)?.lines : undefined;
    const body: string[] = [];
    for (const { pc, text } of lines) {
      const source = await sourceLine(table, pc, context.host);
      if (source !== undefined) body.push(source);
      const stands = pc === physical.pc && index === physical.functionIndex;
      body.push(`${stands ? "=> " : "   "}0x${pc.toString(16)}:\t${text}`);
    }
    return [...functionHeader(wasm, index), ...body].join("\n");
  },
};

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
