/** `info source`, `line`: the file that is looked at, and what its lines were compiled to. */
import { settle } from "../../bytes/remote-source";
import { languageName } from "../../dwarf/constants";
import type { Unit } from "../../dwarf/model";
import { originOfPath } from "../../postmortem/origin";
import type { Command, Context } from "../command";
import { codeOfLine, currentFile, placeNamed, type SourcePlace } from "../places";
import { functionName } from "./meanings";

/** Runs of code that are listed of one line: a generic function has one an instance. */
const MOST_RUNS = 50;

const line: Command = {
  names: ["line"],
  usage: "info line [N | FUNCTION | FILE:N | *ADDRESS]",
  summary: "A source line, and the code that it was compiled to: the selected frame's, or another one.",
  completes: "place",
  async run(context: Context, args) {
    if (args !== "") {
      const place = await placeNamed(args, context);
      return settle(() => lineText(place, context));
    }
    return settle(() => {
      const { location } = context.selected();
      if (location === undefined || location.line === 0) return "The frame has no source line.";
      return lineText({ ...location, function: undefined }, context);
    });
  },
};

function lineText(place: SourcePlace, context: Context): string {
  const head = `Line ${place.line} of ${place.file.path}`;
  const runs = codeOfLine(place, context, MOST_RUNS + 1);
  if (runs.length === 0) return `${head} has no code.`;
  const lines = runs.slice(0, MOST_RUNS).map(({ module, low, high }) => {
    const index = module.wasm.functionAt(low);
    const name = index === undefined ? "" : ` in ${functionName(module, index)}`;
    return `  code offsets 0x${low.toString(16)} to 0x${high.toString(16)}${name}`;
  });
  if (runs.length > MOST_RUNS) lines.push("  …");
  return [`${head} is compiled to`, ...lines].join("\n");
}

const source: Command = {
  names: ["source"],
  usage: "info source",
  summary: "The source file that is looked at: its unit, its language, its compiler, and whether it is here.",
  async run(context) {
    const file = await settle(() => currentFile(context));
    const lines = await context.host.lines(file, originOfPath(file.path));
    const here =
      lines === undefined ? "not on this machine: map its path with --source-map" : `${lines.length} lines`;
    const facts = [`File         ${file.path}`, `Text         ${here}`];
    return [...facts, ...(await settle(() => unitFacts(context.selected().unit)))].join("\n");
  },
};

function unitFacts(unit: Unit | undefined): readonly string[] {
  if (unit === undefined) return [];
  const { name, compilationDirectory, language, producer, version } = unit;
  return [
    `Unit         ${name ?? "?"}`,
    ...(compilationDirectory === undefined ? [] : [`Compiled in  ${compilationDirectory}`]),
    ...(language === undefined ? [] : [`Language     ${languageName(language).replace(/^DW_LANG_/, "")}`]),
    ...(producer === undefined ? [] : [`Producer     ${producer}`]),
    `Format       DWARF ${version}`,
  ];
}

export const sourceInfos: readonly Command[] = [source, line];
