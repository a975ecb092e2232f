/** `info`: one subcommand a question. */
import type { Command } from "../command";
import { ConsoleError } from "../errors";
import { fileInfos } from "./files";
import { frameInfo } from "./frame";
import { listingInfos } from "./listings";
import { programInfos } from "./program";
import { sourceInfos } from "./source";
import { symbolInfos } from "./symbols";
import { variableInfos } from "./variables";

const SUBCOMMANDS: readonly Command[] = [
  frameInfo,
  ...variableInfos,
  ...programInfos,
  ...fileInfos,
  ...listingInfos,
  ...symbolInfos,
  ...sourceInfos,
];

export const info: Command = {
  names: ["info", "i", "inf"],
  usage: "info SUBCOMMAND",
  summary: `What is known: ${SUBCOMMANDS.map(({ names }) => names[0]).join(", ")}.`,
  completes: "subcommand",
  subcommands: SUBCOMMANDS,
  run(context, args) {
    const [, name = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(args)!;
    const found =
      SUBCOMMANDS.find(({ names }) => names.includes(name)) ??
      only(SUBCOMMANDS.filter(({ names }) => name !== "" && names[0]!.startsWith(name)));
    if (found === undefined) {
      const known = SUBCOMMANDS.map(({ names }) => names[0]).join(", ");
      const what = name === "" ? "info needs one of" : `info knows no "${name}", but`;
      throw new ConsoleError(`${what}: ${known}`);
    }
    return found.run(context, rest);
  },
};

/** The only one; undefined when there is none or a choice. */
function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}
