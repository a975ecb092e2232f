/** `forward-search`, `reverse-search`: the next line of the source that is listed which matches. */
import { settle } from "../../bytes/remote-source";
import type { SourceFile } from "../../dwarf/model";
import { originOfPath } from "../../postmortem/origin";
import { namePattern } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { currentFile } from "../places";

/** Longer lines are no source that somebody wrote; a pattern may take long on them. */
const LONGEST_LINE = 2000;

const searching = (names: readonly string[], direction: 1 | -1, summary: string): Command => ({
  names,
  usage: `${names[0]} REGEXP`,
  summary,
  async run(context, args) {
    if (args === "") throw new ConsoleError(`${names[0]} needs a regular expression`);
    const pattern = namePattern(args);
    const { file, from } = await settle(() => start(context, direction));
    const lines = await context.host.lines(file, originOfPath(file.path));
    if (lines === undefined)
      throw new ConsoleError(`${file.path} is not on this machine: map its path with --source-map`);
    for (let number = from; number >= 1 && number <= lines.length; number += direction) {
      const text = lines[number - 1]!;
      if (!pattern.test(text.slice(0, LONGEST_LINE))) continue;
      context.memory.list = { file, first: number, next: number + 1 };
      return `${number}\t${text}`;
    }
    throw new ConsoleError(`no ${direction > 0 ? "later" : "earlier"} line matches "${args}"`);
  },
});

/** The file that is looked at, and the line to begin at: behind or before what was listed, or where the frame stands. */
function start(context: Context, direction: 1 | -1): { file: SourceFile; from: number } {
  const file = currentFile(context);
  const { list } = context.memory;
  if (list !== undefined) return { file, from: direction > 0 ? list.next : list.first - 1 };
  return { file, from: (context.selected().location?.line ?? 0) + direction };
}

export const searchCommands: readonly Command[] = [
  searching(["forward-search", "search", "fo"], 1, "The next line of the listed source that matches."),
  searching(["reverse-search", "rev"], -1, "The last line before the listed source that matches."),
];
