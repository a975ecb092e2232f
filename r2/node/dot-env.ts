/**
 * What the environment says of a project: the variables of the process, and behind them those of its `.env` files, which
 * wrangler takes as well. `.dev.vars` is the Worker's own, and says nothing of who may do what in an account.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { accessFromEnvironment, type FoundAccess, type Variables } from "../credentials";

/**
 * The access that the process has; without any, that of the files. The two are not mixed: no file says where the
 * credentials of the process are sent.
 * @param environment of wrangler's configuration, which may have files of its own
 */
export function projectAccess(folder: string, variables: Variables, environment?: string): FoundAccess {
  const own = accessFromEnvironment(variables);
  const files = accessFromEnvironment(dotEnv(folder, environment));
  const accountId = own.accountId ?? files.accountId;
  return { ...(own.credentials === undefined && files.credentials !== undefined ? files : own), accountId };
}

/** The variables of the files, of which a later one has the last word. */
function dotEnv(folder: string, environment: string | undefined): Variables {
  const names = [".env", ".env.local"];
  if (environment !== undefined) names.push(`.env.${environment}`, `.env.${environment}.local`);
  return Object.assign({}, ...names.map((name) => read(join(folder, name)))) as Variables;
}

/** Nothing where there is no such file, or none that can be read. */
function read(path: string): Variables {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch {
    return {};
  }
}
