/** What is asked about files of crashes, and done with them, beside the bundle that knows buckets. */
import * as vscode from "vscode";
import type { Host } from "../../host/host";
import { inspect } from "../crash-files/inspect";
import { configurationFor } from "../launch-configuration";
import type { Remembered } from "../local-build/remembered";
import { findCrashFiles } from "../workspace";

export interface CrashFilesSide {
  /** The build id that a dump has, lower-case hex; undefined without one, and for what is no dump. */
  buildIdOf(coreFile: string): Promise<string | undefined>;
  /** Whether the workspace has the build with its debug information. */
  isInWorkspace(buildId: string): Promise<boolean>;
  /** Remembers that a module is a dump's. */
  keepPair(coreFile: string, program: string): Promise<void>;
  debug(coreFile: string, program: string | undefined): Promise<void>;
}

export function crashFilesSide(host: () => Host, remembered: Remembered): CrashFilesSide {
  const dumpAt = async (path: string) => {
    const file = await inspect(path, host());
    return file.kind === "dump" ? file : undefined;
  };
  return {
    buildIdOf: async (coreFile) => (await dumpAt(coreFile))?.buildId,
    async isInWorkspace(buildId) {
      const { modules } = await findCrashFiles(host());
      return modules.some((module) => module.buildId === buildId && module.hasDebugInformation);
    },
    async keepPair(coreFile, program) {
      const dump = await dumpAt(coreFile);
      const module = await inspect(program, host());
      if (dump !== undefined && module.kind === "module") await remembered.keepPair(dump, module);
    },
    async debug(coreFile, program) {
      const named = program === undefined ? {} : { program };
      await vscode.debug.startDebugging(undefined, { ...configurationFor(coreFile), ...named });
    },
  };
}
