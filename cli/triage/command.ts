/** `wasm-postmortem triage MODULE DUMP`: the whole crash on one page. */
import { Command } from "commander";
import { settle } from "../../engine/bytes/remote-source";
import type { Crash } from "../../engine/postmortem/model";
import { type Triage, triage } from "../../engine/postmortem/triage";
import { markdownReport } from "../../engine/report/markdown";
import { standaloneReport } from "../../engine/report/page";
import { type Excerpt, reportOf } from "../../engine/report/report";
import { crashExcerpt } from "../../host/excerpt";
import { openCrash } from "../../host/open-crash";
import { SourceLocator } from "../../host/source-locator";
import {
  type CrashOptions,
  launchArguments,
  wantsColor,
  withColorOption,
  withCrashOptions,
} from "../options";
import { type BucketPlace, bucketHost, withPlaceOptions } from "../r2/options";
import { renderTriage } from "./render";

interface Options extends CrashOptions, BucketPlace {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: boolean;
  readonly color: boolean;
}

export function triageCommand(): Command {
  const command = new Command("triage")
    .description("Say why a program crashed: reason, crash line, stack with arguments, variables.")
    .argument("<module>", "the .wasm of the build that crashed")
    .argument("<dump>", "its core dump")
    .option("--json", "print the triage as JSON (docs/TRIAGE.md)")
    .option("--markdown", "print it as Markdown, for an issue")
    .option("--html", "print it as a page by itself, with a picture of the memory");
  return withPlaceOptions(withCrashOptions(withColorOption(command))).action(run);
}

async function run(program: string, coreFile: string, options: Options): Promise<void> {
  const host = bucketHost(options);
  try {
    const args = { program, coreFile, ...launchArguments(options) };
    const crash = await openCrash(args, host);
    const facts = await settle(() => triage(crash));
    const excerpt = await crashExcerpt(
      facts,
      new SourceLocator(host, { ...args, workspaceFolders: [process.cwd()] }),
      host,
    );
    process.stdout.write(await settle(() => rendered(crash, facts, excerpt, options)));
  } finally {
    host.close();
  }
}

function rendered(crash: Crash, facts: Triage, excerpt: Excerpt | undefined, options: Options): string {
  if (options.json === true) return `${JSON.stringify({ ...facts, source: excerpt ?? null }, null, 2)}\n`;
  if (options.markdown === true || options.html === true) {
    const report = reportOf(crash.dump.executable, crash, excerpt);
    return options.html === true ? standaloneReport(report) : markdownReport(report);
  }
  const color = wantsColor(options);
  return renderTriage(facts, excerpt, color);
}
