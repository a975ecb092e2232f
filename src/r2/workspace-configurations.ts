/** The wrangler configurations of the workspace, of which a monorepo has several. */
import * as vscode from "vscode";
import { isAbsolute } from "../../host/paths";
import {
  configNames,
  REDIRECT,
  readConfiguration,
  redirectedPath,
  type WorkerConfiguration,
} from "../../r2/config";
import { baseName } from "../crash-files/names";
import { findByName } from "../find-files";

export interface WorkspaceConfiguration extends WorkerConfiguration {
  /** The file that it was read from. */
  readonly uri: vscode.Uri;
  /** The folder of the configuration that the user writes. */
  readonly project: vscode.Uri;
}

export interface WorkspaceConfigurations {
  readonly configurations: readonly WorkspaceConfiguration[];
  /** Why others cannot be read. */
  readonly problems: readonly unknown[];
}

/** Of each folder the one that wrangler takes, or the one that a build tool made of it. */
export async function readWorkspaceConfigurations(): Promise<WorkspaceConfigurations> {
  const problems: unknown[] = [];
  const eachOf = async <T, R>(items: readonly T[], step: (item: T) => Promise<R>): Promise<R[]> => {
    const results: R[] = [];
    for (const item of items) {
      try {
        results.push(await step(item));
      } catch (error) {
        problems.push(error);
      }
    }
    return results;
  };
  const taken = await eachOf(await ofEachFolder(), async (own) => {
    const project = vscode.Uri.joinPath(own, "..");
    return { own, project, made: await redirected(project) };
  });
  // What a tool has made is there once, under the project that it was made of.
  const made = new Set(taken.map((one) => one.made?.toString()));
  const wanted = taken.filter(({ own }) => !made.has(own.toString()));
  const configurations = await eachOf(wanted, async ({ own, project, made: uri = own }) => ({
    uri,
    project,
    ...readConfiguration(vscode.workspace.asRelativePath(uri), await textAt(uri)),
  }));
  return { configurations, problems };
}

async function ofEachFolder(): Promise<readonly vscode.Uri[]> {
  const best = new Map<string, vscode.Uri>();
  const rank = (uri: vscode.Uri): number =>
    configNames.indexOf(baseName(uri.path) as (typeof configNames)[number]);
  for (const uri of await findByName(configNames)) {
    const folder = vscode.Uri.joinPath(uri, "..").toString();
    const known = best.get(folder);
    if (known === undefined || rank(uri) < rank(known)) best.set(folder, uri);
  }
  return [...best.values()].sort((a, b) => a.path.localeCompare(b.path));
}

/** The configuration that a build tool has put in the place of a project's; undefined where none has. */
async function redirected(project: vscode.Uri): Promise<vscode.Uri | undefined> {
  const uri = vscode.Uri.joinPath(project, REDIRECT);
  const text = await textAt(uri).catch(() => undefined);
  if (text === undefined) return undefined;
  const path = redirectedPath(vscode.workspace.asRelativePath(uri), text).replaceAll("\\", "/");
  return isAbsolute(path)
    ? uri.with({ path: path.replace(/^(?=[A-Za-z]:)/, "/") })
    : vscode.Uri.joinPath(uri, "..", path);
}

const textAt = async (uri: vscode.Uri): Promise<string> =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
