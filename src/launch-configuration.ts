/**
 * Turns what a user gives (nothing at all, a dump, a launch.json entry) into a configuration that the adapter
 * can launch: finds the dump, finds its module, and says early and once what is wrong with them.
 */
import * as vscode from "vscode";
import type { Host } from "../host/host";
import { askForDump, askForModule, offer } from "./ask";
import { type DumpFile, inspect, type ModuleFile } from "./crash-files/inspect";
import { differsInBuild, matchModule } from "./crash-files/match";
import { baseName } from "./crash-files/names";
import { traceFile } from "./crash-files/trace";
import { debugType } from "./debug-type";
import { hasScheme, toPath, toUri } from "./editor-host";
import { folderPaths } from "./find-files";
import { askAboutMismatch, type Verdict } from "./local-build/mismatch";
import type { Remembered } from "./local-build/remembered";
import { viewSettings } from "./view-settings";
import { findCrashFiles } from "./workspace";

const { t } = vscode.l10n;

export const configurationName = "Debug Wasm core dump";

/** The launch arguments as they are while they are being completed. */
export interface CrashConfiguration extends vscode.DebugConfiguration {
  program?: string;
  coreFile?: string;
  debugInfo?: string[];
  sourceMap?: Record<string, string>;
  workspaceFolders?: string[];
  /** That `r2://bucket/key` is in the local state of `wrangler dev`, and where that is, as `--local` and `--persist-to` say. */
  local?: boolean;
  persistTo?: string;
  /** The text of a JavaScript stack trace, in place of a dump. */
  stackTrace?: string;
}

export function configurationFor(coreFile: string, name = configurationName): CrashConfiguration {
  return { type: debugType, request: "launch", name, coreFile };
}

/** Fills in the dump, if none is given. @returns undefined when the user gives up */
export async function withDump(
  given: Partial<CrashConfiguration>,
  folder: vscode.WorkspaceFolder | undefined,
  host: Host,
): Promise<CrashConfiguration | undefined> {
  if (given.coreFile) return { ...configurationFor(given.coreFile), ...given };
  const { dumps } = await findCrashFiles(host, folder);
  const coreFile = dumps.length === 1 ? dumps[0]!.path : await chooseDump(dumps);
  return coreFile === undefined ? undefined : { ...configurationFor(coreFile), ...given, coreFile };
}

async function chooseDump(dumps: readonly DumpFile[]): Promise<string | undefined> {
  if (dumps.length > 0) return askForDump(dumps);
  const message = t("There is no Wasm core dump in this workspace.");
  return (await offer(message, t("Open Core Dump…"))) ? askForDump([]) : undefined;
}

/**
 * Checks the dump, fills in its module, if none is given, and checks that.
 * @returns undefined when the user gives up
 */
export async function withModule(
  given: CrashConfiguration,
  folder: vscode.WorkspaceFolder | undefined,
  host: Host,
  remembered: Remembered,
): Promise<CrashConfiguration | undefined> {
  const dump =
    given.stackTrace === undefined
      ? await soundDump(absolute(given.coreFile ?? "", folder), host)
      : traceFile(given.coreFile ?? "", given.stackTrace);
  if (dump === undefined) return undefined;
  const program = given.program
    ? await soundModule(absolute(given.program, folder), dump, host)
    : await findModule(dump, folder, host, remembered);
  if (program === undefined) return undefined;
  const verdict = await judge(program, dump, remembered);
  if (verdict === "give up") return undefined;
  if (verdict === "choose another") {
    const other = await askForModule(dump.path, []);
    return other === undefined
      ? undefined
      : withModule({ ...given, program: other }, folder, host, remembered);
  }
  return {
    ...viewSettings(),
    ...given,
    coreFile: dump.path,
    program: program.path,
    sourceMap: { ...remembered.sources, ...given.sourceMap },
    workspaceFolders: folderPaths(),
  };
}

/** A file that is a dump, if need be another than this one. @returns undefined when the user gives up */
export async function soundDump(path: string, host: Host): Promise<DumpFile | undefined> {
  const file = await inspect(path, host);
  if (file.kind === "dump") return file;
  const why =
    file.kind === "module"
      ? t("{0} is a WebAssembly module, not a core dump.", baseName(path))
      : t("This core dump cannot be opened: {0}", file.why);
  if (!(await offer(why, t("Choose Core Dump…")))) return undefined;
  const other = await askForDump([]);
  return other === undefined ? undefined : soundDump(other, host);
}

/** A file that is a module, if need be another than this one. @returns undefined when the user gives up */
export async function soundModule(path: string, dump: DumpFile, host: Host): Promise<ModuleFile | undefined> {
  const file = await inspect(path, host);
  if (file.kind === "module") return file;
  const why =
    file.kind === "dump"
      ? t("{0} is a core dump, not the module that crashed.", baseName(path))
      : t("This Wasm module cannot be opened: {0}", file.why);
  if (!(await offer(why, t("Choose Module…")))) return undefined;
  const other = await askForModule(dump.path, []);
  return other === undefined ? undefined : soundModule(other, dump, host);
}

async function findModule(
  dump: DumpFile,
  folder: vscode.WorkspaceFolder | undefined,
  host: Host,
  remembered: Remembered,
): Promise<ModuleFile | undefined> {
  const known = await rememberedModule(dump, host, remembered);
  if (known !== undefined && known.buildId === dump.buildId) return known;
  const inFolder = folder && (await findCrashFiles(host, folder)).modules;
  const modules = inFolder?.length ? inFolder : (await findCrashFiles(host)).modules;
  const match = await matchModule(dump, modules, host);
  const isSameBuild =
    "module" in match && dump.buildId !== undefined && match.module.buildId === dump.buildId;
  if (known !== undefined && !isSameBuild) return known;
  if ("module" in match) return match.module;
  if (match.candidates.length === 0) {
    const [name] = dump.names;
    const missing = t("The Wasm module that wrote {0} is not in this workspace.", baseName(dump.path));
    const message = name === undefined ? missing : `${missing} ${t("The dump names {0}.", baseName(name))}`;
    if (!(await offer(message, t("Choose Module…")))) return undefined;
  }
  const path = await askForModule(dump.path, match.candidates);
  const chosen = path === undefined ? undefined : await soundModule(path, dump, host);
  if (chosen !== undefined && !differsInBuild(dump, chosen)) await remembered.keepPair(dump, chosen);
  return chosen;
}

/** The module that the user opened the dump with before, if it still is one. */
async function rememberedModule(
  dump: DumpFile,
  host: Host,
  remembered: Remembered,
): Promise<ModuleFile | undefined> {
  const path = remembered.programOf(dump);
  const file = path === undefined ? undefined : await inspect(path, host);
  return file?.kind === "module" ? file : undefined;
}

/** Asks about a module of another build, once for each dump and module. */
export async function judge(module: ModuleFile, dump: DumpFile, remembered: Remembered): Promise<Verdict> {
  if (!differsInBuild(dump, module) || remembered.isPair(dump, module)) return "good enough";
  const verdict = await askAboutMismatch(module, dump);
  if (verdict === "good enough") await remembered.keepPair(dump, module);
  return verdict;
}

function absolute(path: string, folder: vscode.WorkspaceFolder | undefined): string {
  const base = folder ?? vscode.workspace.workspaceFolders?.[0];
  const isAbsolute = hasScheme(path) || /^([a-z]:)?[\\/]/i.test(path);
  return isAbsolute || base === undefined ? path : toPath(vscode.Uri.joinPath(base.uri, path));
}

/** The folder of the workspace that a dump lies in. */
export function folderOf(path: string): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.getWorkspaceFolder(toUri(path));
}
