/** How the editor gets configurations of our debug type: for a new launch.json, for its menus, and for F5. */
import type * as vscode from "vscode";
import type { Host } from "../host/host";
import { baseName } from "./crash-files/names";
import { toUri } from "./editor-host";
import {
  type CrashConfiguration,
  configurationFor,
  configurationName,
  withDump,
  withModule,
} from "./launch-configuration";
import { findSources } from "./local-build/look";
import type { Remembered } from "./local-build/remembered";
import type { RemoteDumps } from "./r2/register";
import { findCrashFiles } from "./workspace";

/** Lists the workspace's dumps in the editor's menus. */
export class ConfigurationList implements vscode.DebugConfigurationProvider {
  constructor(protected readonly host: () => Host) {}

  /** One for each dump of the workspace, for menus and for a new launch.json. */
  async provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<CrashConfiguration[]> {
    const { dumps } = await findCrashFiles(this.host(), folder);
    return dumps.map(({ path }) =>
      configurationFor(
        portable(path, folder),
        dumps.length === 1 ? configurationName : `${configurationName} (${baseName(path)})`,
      ),
    );
  }
}

/** Lists the workspace's dumps for a new launch.json, and completes what is launched. */
export class ConfigurationProvider extends ConfigurationList implements vscode.DebugConfigurationProvider {
  constructor(
    host: () => Host,
    private readonly remembered: Remembered,
    private readonly buckets: RemoteDumps,
  ) {
    super(host);
  }

  /** F5 without a launch.json gives an empty configuration. */
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: Partial<CrashConfiguration>,
  ): Promise<CrashConfiguration | undefined> {
    return withDump(configuration, folder, this.host());
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: CrashConfiguration,
  ): Promise<CrashConfiguration | undefined> {
    const { host, remembered, buckets } = this;
    const here = buckets.isRemote(configuration) ? await buckets.fetched(configuration) : configuration;
    const whole = here && (await withModule(here, folder, host(), remembered));
    if (whole?.coreFile === undefined || !buckets.isFetched(whole.coreFile)) return whole;
    await findSources(whole, host, remembered);
    return { ...whole, sourceMap: { ...remembered.sources, ...whole.sourceMap } };
  }
}

/** A path as it reads in a launch.json that others use as well. */
function portable(path: string, folder: vscode.WorkspaceFolder | undefined): string {
  const root = folder && `${folder.uri.path}/`;
  const own = toUri(path).path;
  return root && own.startsWith(root) ? `\${workspaceFolder}/${own.slice(root.length)}` : path;
}
