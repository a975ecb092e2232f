/** The user's wrangler: where it is installed, and what it is logged in with. */
import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import type { Credentials } from "../address";
import { credentialsOfWrangler, type Variables } from "../credentials";
import { BucketError } from "../errors";

/** The Node to run wrangler's programs in: an editor's own is not the one that wrangler runs in. */
export const userNode = (): string =>
  process.versions["electron"] === undefined ? process.execPath : "node";

/**
 * The miniflare of the project's wrangler, of the project itself, or of a wrangler on the PATH.
 * @throws BucketError NoLocalState
 */
export function findMiniflare(project: string, variables: Variables = process.env): string {
  const found = resolved([...wranglerPackages(project, variables), () => requireFrom(project)], "miniflare");
  if (found !== undefined) return found;
  throw new BucketError(
    "NoLocalState",
    `The local state of wrangler dev is read through wrangler's own miniflare, which ${project} does not have. Install it: npm install --save-dev wrangler`,
  );
}

/** Longest that wrangler may take to tell its token, in ms: it may have to renew it. */
const PATIENCE = 30_000;

/** What `wrangler login` got, or another token that wrangler knows; undefined without a wrangler that tells. */
export async function askWrangler(
  project: string,
  variables: Variables = process.env,
  signal?: AbortSignal,
): Promise<Credentials | undefined> {
  const manifest = resolved(wranglerPackages(project, variables), "../package.json");
  if (manifest === undefined) return undefined;
  const program = join(dirname(manifest), "bin", "wrangler.js");
  const env = {
    ...variables,
    NODE_OPTIONS: "",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
  };
  const options = { cwd: project, env, timeout: PATIENCE, signal };
  const output = await new Promise<string>((done) => {
    // A wrangler that fails is not logged in, or too old to know the command.
    execFile(userNode(), [program, "auth", "token", "--json"], options, (_, stdout) => done(stdout));
  });
  signal?.throwIfAborted();
  return credentialsOfWrangler(output);
}

type Start = () => NodeJS.Require;

const requireFrom = (folder: string): NodeJS.Require => createRequire(join(folder, "package.json"));

/** Where to look for wrangler: each resolves as a module of its folder `bin` does. */
function wranglerPackages(project: string, variables: Variables): readonly Start[] {
  const inside = (manifest: string): NodeJS.Require =>
    createRequire(join(dirname(realpathSync(manifest)), "bin", "wrangler.js"));
  const folders = (variables["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [
    () => inside(requireFrom(project).resolve("wrangler/package.json")),
    // A command is a link into its package, or on Windows lies beside the packages.
    ...folders.map((folder) => () => createRequire(realpathSync(join(folder, "wrangler")))),
    ...folders.map((folder) => () => inside(join(folder, "node_modules", "wrangler", "package.json"))),
  ];
}

/** What the first place that has it resolves `request` to. */
function resolved(starts: readonly Start[], request: string): string | undefined {
  for (const start of starts) {
    try {
      return start().resolve(request);
    } catch {
      // Not there: the next place.
    }
  }
  return undefined;
}
