/** `wasm-postmortem triage MODULE DUMP`: the whole crash on one page. */
import { Command } from "commander";
import { settle } from "../../engine/bytes/remote-source";
import { triage } from "../../engine/postmortem/triage";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { SourceLocator } from "../../host/source-locator";
import { type CrashOptions, launchArguments, withCrashOptions } from "../options";
import { crashExcerpt } from "./excerpt";
import { renderTriage } from "./render";

interface Options extends CrashOptions {
  readonly json?: boolean;
  readonly color: boolean;
}

export function triageCommand(): Command {
  const command = new Command("triage")
    .description("Say why a program crashed: reason, crash line, stack with arguments, variables.")
    .argument("<module>", "the .wasm of the build that crashed")
    .argument("<dump>", "its core dump")
    .option("--json", "print the triage as JSON (docs/TRIAGE.md)")
    .option("--no-color", "plain text; also when the output is piped or NO_COLOR is set");
  return withCrashOptions(command).action(run);
}

async function run(program: string, coreFile: string, options: Options): Promise<void> {
  const host = new NodeHost();
  try {
    const args = { program, coreFile, ...launchArguments(options) };
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
