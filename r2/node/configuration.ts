/** Where wrangler's configuration lies on this machine. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  configNames,
  REDIRECT,
  readConfiguration,
  redirectedPath,
  type WorkerConfiguration,
} from "../config";
import { BucketError } from "../errors";

export interface Configuration extends WorkerConfiguration {
  /** The file. */
  readonly path: string;
  /** The folder of the configuration that the user writes, which has the local state. */
  readonly project: string;
}

/**
 * The configuration that wrangler would take in this folder: its own, or that of a folder above. Where a build tool has
 * made another one of it, that.
 * @throws BucketError BadConfiguration
 */
export function findConfiguration(folder: string): Configuration | undefined {
  for (const name of configNames) {
    const path = upwards(folder, name);
    if (path !== undefined) return configurationAt(redirected(dirname(path)) ?? path, dirname(path));
  }
  const redirect = upwards(folder, REDIRECT);
  const project = redirect === undefined ? undefined : dirname(dirname(dirname(redirect)));
  return project === undefined ? undefined : configurationAt(redirected(project)!, project);
}

/** @throws BucketError BadConfiguration */
export function configurationAt(path: string, project = dirname(path)): Configuration {
  return { path, project, ...readConfiguration(path, textAt(path)) };
}

/** The configuration that a build tool has put in the place of a project's; undefined where none has. */
function redirected(project: string): string | undefined {
  const path = join(project, REDIRECT);
  return existsSync(path) ? resolve(dirname(path), redirectedPath(path, textAt(path))) : undefined;
}

/** The file of that name in the nearest folder that has it. */
function upwards(folder: string, name: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, name);
    if (existsSync(path)) return path;
    if (at === dirname(at)) return undefined;
  }
}

function textAt(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new BucketError("BadConfiguration", `${path} cannot be read: ${(error as Error).message}.`);
  }
}
