/** `wasm-postmortem triage MODULE DUMP`: the whole crash on one page. */
import { Command } from "commander";
import { settle } from "../../engine/bytes/remote-source";
import { triage } from "../../engine/postmortem/triage";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { SourceLocator } from "../../host/source-locator";
import { crashExcerpt } from "./excerpt";
import { renderTriage } from "./render";

interface Options {
  readonly json?: boolean;
  readonly color: boolean;
  readonly debugInfo: string[];
  readonly sourceMap: string[];
}

export function triageCommand(): Command {
  return new Command("triage")
    .description("Say why a program crashed: reason, crash line, stack with arguments, variables.")
    .argument("<module>", "the .wasm of the build that crashed")
    .argument("<dump>", "its core dump")
    .option("--json", "print the triage as JSON (docs/TRIAGE.md)")
    .option("--no-color", "plain text; also when the output is piped or NO_COLOR is set")
    .option(
      "--debug-info <path>",
      "a file or folder with split-off debug information; may be repeated",
      collect,
      [],
    )
    .option("--source-map <from=to>", "rewrite a prefix of source paths; may be repeated", collect, [])
    .action(run);
}

const collect = (value: string, previous: string[]): string[] => [...previous, value];

async function run(program: string, coreFile: string, options: Options): Promise<void> {
  const host = new NodeHost();
  try {
    const sourceMap = Object.fromEntries(options.sourceMap.map((pair) => splitPair(pair)));
    const args = { program, coreFile, sourceMap, debugInfo: options.debugInfo };
    const crash = await openCrash(args, host);
    const facts = await settle(() => triage(crash));
    const excerpt = await crashExcerpt(
      facts,
      new SourceLocator(host, { ...args, workspaceFolders: [process.cwd()] }),
      host,
    );
    const color = options.color && process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ ...facts, source: excerpt ?? null }, null, 2)}\n`
        : renderTriage(facts, excerpt, color),
    );
  } finally {
    host.close();
  }
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
}
