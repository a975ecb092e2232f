/** The bucket that a command means: named on the command line, in wrangler's configuration, in the environment. */
import { dirname, join, resolve } from "node:path";
import { type BucketAddress, type Jurisdiction, jurisdictions } from "../address";
import type { Bucket } from "../bucket";
import type { ConfiguredBucket } from "../config";
import { connect } from "../connect";
import { accessFromEnvironment } from "../credentials";
import { BucketError, noCredentials } from "../errors";
import { LocalState, STATE_FOLDER } from "./local";
import { askWrangler, type Configuration, findConfiguration, readConfiguration } from "./wrangler";

export interface BucketChoice {
  /** A bucket's name, or the binding that the configuration has it as; without one, the only bucket configured. */
  readonly bucket?: string | undefined;
  /** Wrangler's configuration; the one that wrangler would take, when left out. */
  readonly config?: string | undefined;
  /** An environment of the configuration. */
  readonly env?: string | undefined;
  readonly jurisdiction?: string | undefined;
  /** An S3 endpoint other than the account's. */
  readonly endpoint?: string | undefined;
  /** The local state of `wrangler dev` in place of the account. */
  readonly local?: boolean | undefined;
  /** Where that state is, as `wrangler dev --persist-to` was told. */
  readonly persistTo?: string | undefined;
}

export interface OpenedBucket {
  readonly bucket: Bucket;
  /** Ends what serves it. */
  close(): Promise<void>;
}

/** Where a command runs. */
export interface Surroundings {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** `dist/r2-local.js`. */
  readonly localScript: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param write whether a local bucket is made where it is not there
 * @throws BucketError; the signal's reason
 */
export async function openBucket(
  choice: BucketChoice,
  { folder, variables, localScript, signal }: Surroundings,
  { write = false } = {},
): Promise<OpenedBucket> {
  const configuration =
    choice.config === undefined
      ? findConfiguration(folder)
      : readConfiguration(resolve(folder, choice.config));
  const known = chosen(choice, configuration);
  const project = configuration === undefined ? folder : dirname(configuration.path);
  if (choice.local === true || choice.persistTo !== undefined) {
    const name = known.localName;
    const state =
      choice.persistTo === undefined ? join(project, STATE_FOLDER) : resolve(folder, choice.persistTo);
    const create = write ? [name] : [];
    const local = await LocalState.open({ state, project, create, script: localScript, signal });
    try {
      return { bucket: local.bucket(name), close: () => local.close() };
    } catch (error) {
      await local.close();
      throw error;
    }
  }
  const access = accessFromEnvironment(variables);
  const address: BucketAddress = {
    name: known.name,
    accountId: known.accountId ?? access.accountId,
    jurisdiction: jurisdictionOf(choice.jurisdiction) ?? known.jurisdiction,
    endpoint: choice.endpoint ?? access.endpoint,
  };
  const credentials = access.credentials ?? (await askWrangler(project, variables, signal));
  if (credentials === undefined) throw noCredentials(`bucket ${address.name}`);
  const api = variables["CLOUDFLARE_API_BASE_URL"];
  return { bucket: await connect(address, credentials, { api, signal }), close: async () => undefined };
}

type ChosenBucket = Pick<ConfiguredBucket, "localName" | "jurisdiction" | "accountId"> & {
  readonly name: string;
};

/** The top level's buckets come first; a name that only environments have is found there. */
function chosen({ bucket, env }: BucketChoice, configuration: Configuration | undefined): ChosenBucket {
  const all = configuration?.buckets ?? [];
  const ranked =
    env === undefined
      ? all.toSorted((a, b) => Number(a.environment !== undefined) - Number(b.environment !== undefined))
      : all.filter(({ environment }) => environment === env);
  const first =
    bucket === undefined
      ? onlyOne(
          all.filter(({ environment }) => environment === env),
          configuration,
        )
      : (ranked.find(({ name }) => name === bucket) ?? ranked.find(({ binding }) => binding === bucket));
  if (first !== undefined) return { ...first, name: first.name ?? first.localName };
  // A bucket of the account that no Worker has bound.
  const { accountId } = configuration ?? {};
  return { name: bucket!, localName: bucket!, jurisdiction: undefined, accountId };
}

function onlyOne(
  buckets: readonly ConfiguredBucket[],
  configuration: Configuration | undefined,
): ConfiguredBucket {
  const [first] = buckets;
  if (first === undefined || new Set(buckets.map(({ name, localName }) => name ?? localName)).size > 1)
    throw ambiguous(buckets, configuration);
  return first;
}

function ambiguous(all: readonly ConfiguredBucket[], configuration: Configuration | undefined): BucketError {
  const names = [...new Set(all.map(({ name, localName }) => name ?? localName))];
  const reason =
    configuration === undefined
      ? "There is no wrangler configuration here or above that names a bucket"
      : `${configuration.path} names ${names.length === 0 ? "no bucket" : `several buckets: ${names.join(", ")}`}`;
  return new BucketError("BadAddress", `${reason}. Say which one is meant: --bucket NAME.`);
}

function jurisdictionOf(text: string | undefined): Jurisdiction | undefined {
  if (text === undefined || text === "default") return undefined;
  const found = jurisdictions.find((known) => known === text);
  if (found === undefined)
    throw new BucketError(
      "BadAddress",
      `There is no jurisdiction ${text}; there are default, ${jurisdictions.join(", ")}.`,
    );
  return found;
}
