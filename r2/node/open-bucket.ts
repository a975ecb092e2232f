/** The bucket that a command means: named on the command line, in wrangler's configuration, in the environment. */
import { join, resolve } from "node:path";
import { type BucketAddress, type Jurisdiction, jurisdictions } from "../address";
import type { Bucket } from "../bucket";
import { connect } from "../connect";
import type { Variables } from "../credentials";
import { BucketError, noCredentials } from "../errors";
import { type BucketChoice, chosenBucket } from "./bucket-choice";
import { configurationAt, findConfiguration } from "./configuration";
import { projectAccess } from "./dot-env";
import { LocalState, type LocalStateOptions, localBuckets, STATE_FOLDER } from "./local";
import { askWrangler } from "./wrangler";

export interface OpenedBucket {
  readonly bucket: Bucket;
  /** Ends what serves it. */
  close(): Promise<void>;
}

/** Where a command runs. */
export interface Surroundings {
  readonly folder: string;
  readonly variables: Variables;
  /** `dist/r2-local.js`. */
  readonly localScript: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param write whether a local bucket is made where it is not there
 * @throws BucketError; the signal's reason
 */
export async function openBucket(
  given: BucketChoice,
  { folder, variables, localScript, signal }: Surroundings,
  { write = false } = {},
): Promise<OpenedBucket> {
  const choice = { ...given, env: given.env || variables["CLOUDFLARE_ENV"] || undefined };
  const configuration =
    choice.config === undefined ? findConfiguration(folder) : configurationAt(resolve(folder, choice.config));
  const known = chosenBucket(choice, configuration);
  const project = configuration?.project ?? folder;
  if (choice.local === true || choice.persistTo !== undefined) {
    const state =
      choice.persistTo === undefined ? join(project, STATE_FOLDER) : resolve(folder, choice.persistTo);
    const there = localBuckets(state);
    // `wrangler r2 object put --local` takes the name that it is given, where `wrangler dev` has another.
    const name =
      !write && !there.includes(known.devName) && there.includes(known.name) ? known.name : known.devName;
    return openLocal(name, { state, project, create: write ? [name] : [], script: localScript, signal });
  }
  const access = projectAccess(folder, variables, choice.env);
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

async function openLocal(name: string, options: LocalStateOptions): Promise<OpenedBucket> {
  const local = await LocalState.open(options);
  try {
    return { bucket: local.bucket(name), close: () => local.close() };
  } catch (error) {
    await local.close();
    throw error;
  }
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
