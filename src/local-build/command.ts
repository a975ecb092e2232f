/**
 * "Wasm: Open Core Dump with Local Build…": the user picks a dump and the module it is to be debugged with. Whether they
 * belong together is checked by build id and by the code itself, sources of the build machine are found here, and the
 * answers are remembered: the next session of the dump asks nothing.
 */
import * as vscode from "vscode";
import type { Host } from "../../host/host";
import { askForDump, askForModule } from "../ask";
import type { DumpFile, ModuleFile } from "../crash-files/inspect";
import { byLikelihood, differsInBuild } from "../crash-files/match";
import { configurationFor, folderOf, judge, soundDump, soundModule } from "../launch-configuration";
import { findCrashFiles } from "../workspace";
import { findSources, look } from "./look";
import { askAboutMisfit, type Verdict } from "./mismatch";
import type { Remembered } from "./remembered";

const { t } = vscode.l10n;

export function registerLocalBuild(host: () => Host, remembered: Remembered): vscode.Disposable {
  const command = (name: string, run: (file?: vscode.Uri) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(`wasm-postmortem.${name}`, run);
  return vscode.Disposable.from(
    command("openWithLocalBuild", () => openWithLocalBuild(host, remembered)),
    command("forgetLocalBuilds", async () => {
      await remembered.forget();
      vscode.window.setStatusBarMessage(t("Forgot which builds and sources go with core dumps"), 3000);
    }),
  );
}

async function openWithLocalBuild(host: () => Host, remembered: Remembered): Promise<void> {
  const { dumps, modules } = await findCrashFiles(host());
  const path = await askForDump(dumps);
  const dump = path === undefined ? undefined : await soundDump(path, host());
  if (dump === undefined) return;
  const module = await chooseModule(dump, modules, host, remembered);
  if (module !== undefined) await debugWith(dump, module, host, remembered);
}

/** Debugs a dump with a module that is accepted, after a look for its sources. */
async function debugWith(
  dump: DumpFile,
  module: ModuleFile,
  host: () => Host,
  remembered: Remembered,
): Promise<void> {
  const { path: program } = module;
  await findSources({ coreFile: dump.path, program }, host, remembered);
  await remembered.keepPair(dump, module);
  await vscode.debug.startDebugging(folderOf(dump.path), { ...configurationFor(dump.path), program });
}

/** @returns the module that the user wants; undefined when he gives up */
async function chooseModule(
  dump: DumpFile,
  modules: readonly ModuleFile[],
  host: () => Host,
  remembered: Remembered,
): Promise<ModuleFile | undefined> {
  const before = remembered.programOf(dump);
  const likely = [...modules].sort(byLikelihood(dump, before));
  for (;;) {
    const path = await askForModule(dump.path, likely, (module) => told(module, dump, before));
    const module = path === undefined ? undefined : await soundModule(path, dump, host());
    if (module === undefined) return undefined;
    const verdict = await accept(module, dump, host, remembered);
    if (verdict === "good enough") return module;
    if (verdict === "give up") return undefined;
  }
}

/** What the user should know of a module before he picks it. */
function told(module: ModuleFile, dump: DumpFile, before: string | undefined): string[] {
  const facts = module.path === before ? [t("used last time")] : [];
  if (dump.buildId === undefined) return facts;
  if (module.buildId === undefined) facts.push(`$(question) ${t("has no build id")}`);
  else if (differsInBuild(dump, module)) facts.push(`$(warning) ${t("another build: {0}", module.buildId)}`);
  else facts.push(`$(check) ${t("the build that crashed: {0}", module.buildId)}`);
  return facts;
}

/** By build id; where that does not tell, by the code that the frames stand in. */
async function accept(
  module: ModuleFile,
  dump: DumpFile,
  host: () => Host,
  remembered: Remembered,
): Promise<Verdict> {
  const verdict = await judge(module, dump, remembered);
  const isCertain = dump.buildId !== undefined && module.buildId !== undefined;
  if (verdict !== "good enough" || isCertain || remembered.isPair(dump, module)) return verdict;
  const { problems } = await look({ coreFile: dump.path, program: module.path }, host, remembered);
  return problems.length === 0 ? "good enough" : askAboutMisfit(module, problems);
}
