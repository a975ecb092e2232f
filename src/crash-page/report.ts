/** The report of a dump: with its module where that is known, else of what the dump alone says. */
import { settle } from "../../engine/bytes/remote-source";
import { readCoreDump } from "../../engine/coredump/reader";
import { dumpInfo } from "../../engine/postmortem/dump-info";
import { triage } from "../../engine/postmortem/triage";
import { markdownReport } from "../../engine/report/markdown";
import { type Action, problemBody, reportBody } from "../../engine/report/page";
import { type Report, reportOf } from "../../engine/report/report";
import { REPORT_STYLE } from "../../engine/report/style";
import { openPlain } from "../../host/decompress";
import { crashExcerpt } from "../../host/excerpt";
import type { Host } from "../../host/host";
import type { LaunchArguments } from "../../host/launch";
import { openCrash } from "../../host/open-crash";
import { SourceLocator } from "../../host/source-locator";
import { isAboutFile } from "../about-file";
import { baseName } from "../crash-files/names";

export interface CrashPage {
  /** HTML of the page's body. */
  readonly body: string;
  readonly style: string;
  /** For an issue. */
  readonly markdown: string;
}

/**
 * @param args `program` undefined where no module is known to be the dump's
 * @returns a page in any case: one that says what is wrong when the dump cannot be read
 */
export async function crashPage(
  args: LaunchArguments,
  host: Host,
  actions: readonly Action[],
): Promise<CrashPage> {
  try {
    const report = await readReport(args, host);
    return settle(() => ({
      body: reportBody(report, actions).text,
      style: REPORT_STYLE,
      markdown: markdownReport(report),
    }));
  } catch (error) {
    if (!isAboutFile(error)) throw error;
    const name = baseName(args.coreFile);
    const problem = error.message.replaceAll(args.coreFile, name).replace(PLACE_OF_ALL, "");
    return { body: problemBody(name, problem).text, style: REPORT_STYLE, markdown: `${problem}\n` };
  } finally {
    host.close();
  }
}

/** Where an error is, when that is the whole file. */
const PLACE_OF_ALL = / \([^()]* at offset 0x0\)/;

async function readReport(args: LaunchArguments, host: Host): Promise<Report> {
  const name = baseName(args.coreFile);
  if (args.program === undefined) return reportOfDump(name, args, host);
  const crash = await openCrash(args, host);
  const facts = await settle(() => triage(crash));
  const excerpt = await crashExcerpt(facts, new SourceLocator(host, args), host);
  return settle(() => reportOf(name, crash, excerpt));
}

async function reportOfDump(name: string, args: LaunchArguments, host: Host): Promise<Report> {
  const source = await openPlain(args.coreFile, host);
  const dump = await settle(() => dumpInfo(readCoreDump(source, { dialect: args.dialect })));
  return { name, dump, triage: undefined, memory: undefined, excerpt: undefined };
}
