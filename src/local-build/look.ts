/** A look at a dump with a module before the session, and what follows from it: the question where the sources are. */
import type { Host } from "../../host/host";
import { engine } from "../engine";
import { folderPaths } from "../find-files";
import type { CrashConfiguration } from "../launch-configuration";
import type { Examined } from "./examine";
import type { Remembered } from "./remembered";
import { askForSources } from "./sources";

/** What is looked at: the files and how sources are found. */
export type Looked = Pick<CrashConfiguration, "coreFile" | "program" | "debugInfo" | "sourceMap">;

export async function look(
  { coreFile = "", program = "", debugInfo = [], sourceMap }: Looked,
  host: () => Host,
  remembered: Remembered,
): Promise<Examined> {
  const { examine } = await engine();
  const files = { coreFile, program, debugInfo, workspaceFolders: folderPaths() };
  return examine({ ...files, sourceMap: { ...remembered.sources, ...sourceMap } }, host());
}

/** Asks where the sources are that this machine lacks, folder by folder, unless the user has told before. */
export async function findSources(files: Looked, host: () => Host, remembered: Remembered): Promise<void> {
  let left = Number.POSITIVE_INFINITY;
  for (;;) {
    const { missing } = await look(files, host, remembered);
    // An answer that brings nothing is not asked for again.
    if (missing.length === 0 || missing.length >= left) return;
    left = missing.length;
    if (!(await askForSources(missing, remembered))) return;
  }
}
