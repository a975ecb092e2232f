/** The buckets that a Worker's configuration names: wrangler.json, wrangler.jsonc or wrangler.toml. */
import { type ParseError, parse as parseJsonc, printParseErrorCode } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { type Jurisdiction, jurisdictions } from "./address";
import { BucketError } from "./errors";

/** The names of configurations in the order in which wrangler takes them; where there is one, the others are not read. */
export const configNames = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"] as const;

export interface ConfiguredBucket {
  /** What the Worker calls it. */
  readonly binding: string;
  /** The bucket's name; undefined where wrangler makes one up when it deploys. */
  readonly name: string | undefined;
  /** Its name in `wrangler dev`: a bucket of the local state, or with `isRemote` one of the account. */
  readonly devName: string;
  /** Whether `wrangler dev` takes a bucket of the account (`remote: true`), and leaves nothing in the local state. */
  readonly isRemote: boolean;
  readonly jurisdiction: Jurisdiction | undefined;
  /** The environment (`env.*`) that it is of; undefined at the top level. */
  readonly environment: string | undefined;
  readonly accountId: string | undefined;
}

/** Characters of the longest configuration that is read. */
const LARGEST = 1024 * 1024;

/** What is read of a configuration. */
export interface WorkerConfiguration {
  /** Of the top level, whatever buckets it names. */
  readonly accountId: string | undefined;
  /** Those of the top level, then those of each environment, in the order of the file. */
  readonly buckets: readonly ConfiguredBucket[];
  /** The environment that a build tool made it for: all of it is of that one. */
  readonly targetEnvironment: string | undefined;
}

/**
 * @param path the file, for messages; its ending says which format it has
 * @throws BucketError BadConfiguration
 */
export function readConfiguration(path: string, text: string): WorkerConfiguration {
  const config = tableOf(parsed(path, text), path, "It");
  const accountId = textOf(config, "account_id", path);
  const buckets = bucketsOf(config, undefined, accountId, path);
  const environments = config["env"] === undefined ? {} : tableOf(config["env"], path, "env");
  for (const [name, value] of Object.entries(environments)) {
    const environment = tableOf(value, path, `env.${name}`);
    const account = textOf(environment, "account_id", path) ?? accountId;
    buckets.push(...bucketsOf(environment, name, account, path));
  }
  return { accountId, buckets, targetEnvironment: textOf(config, "targetEnvironment", path) };
}

/** Beside the configuration that a user writes: where the one lies that his build tool made of it. */
export const REDIRECT = ".wrangler/deploy/config.json";

/**
 * What REDIRECT says: the path of the configuration that wrangler takes in place of the user's, from REDIRECT's folder.
 * @throws BucketError BadConfiguration
 */
export function redirectedPath(path: string, text: string): string {
  const target = textOf(tableOf(parsed(path, text), path, "It"), "configPath", path);
  if (target === undefined) throw malformed(path, "it has no configPath");
  return target;
}

type Table = Readonly<Record<string, unknown>>;

function bucketsOf(
  config: Table,
  environment: string | undefined,
  accountId: string | undefined,
  path: string,
): ConfiguredBucket[] {
  const list = config["r2_buckets"] ?? [];
  if (!Array.isArray(list)) throw malformed(path, "r2_buckets is no list");
  return list.map((item: unknown, index) => {
    const entry = tableOf(item, path, `r2_buckets[${index}]`);
    const binding = textOf(entry, "binding", path);
    if (binding === undefined) throw malformed(path, `r2_buckets[${index}] has no binding`);
    const name = textOf(entry, "bucket_name", path);
    const devName = textOf(entry, "preview_bucket_name", path) ?? name ?? binding;
    const isRemote = entry["remote"] === true || entry["experimental_remote"] === true;
    const place = textOf(entry, "jurisdiction", path);
    const jurisdiction = jurisdictions.find((known) => known === place);
    if (place !== undefined && place !== "default" && jurisdiction === undefined)
      throw malformed(
        path,
        `the jurisdiction of ${binding} is ${place}, not one of ${jurisdictions.join(", ")}`,
      );
    return { binding, name, devName, isRemote, jurisdiction, environment, accountId };
  });
}

function parsed(path: string, text: string): unknown {
  if (text.length > LARGEST) throw malformed(path, "it is too large");
  try {
    return path.endsWith(".toml") ? parseToml(text) : fromJsonc(path, text);
  } catch (error) {
    if (error instanceof BucketError) throw error;
    throw malformed(path, (error as Error).message);
  }
}

function fromJsonc(path: string, text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parseJsonc(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return value;
  const line = text.slice(0, first.offset).split("\n").length;
  throw malformed(path, `${printParseErrorCode(first.error)} in line ${line}`);
}

function tableOf(value: unknown, path: string, what: string): Table {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed(path, `${what} is no table`);
  return value as Table;
}

/** Undefined where there is none, or an empty one. */
function textOf(table: Table, name: string, path: string): string | undefined {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value !== undefined && typeof value !== "string") throw malformed(path, `${name} is no text`);
  return value || undefined;
}

const malformed = (path: string, problem: string): BucketError =>
  new BucketError("BadConfiguration", `${path} is not understood: ${problem}.`);
