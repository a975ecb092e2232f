/** Which of a configuration's buckets is meant. */
import type { ConfiguredBucket } from "../config";
import { BucketError } from "../errors";
import type { Configuration } from "./configuration";

export interface BucketChoice {
  /** A bucket's name, or the binding that the configuration has it as; without one, the only bucket configured. */
  readonly bucket?: string | undefined;
  /** Wrangler's configuration; the one that wrangler would take, when left out. */
  readonly config?: string | undefined;
  /** An environment of the configuration; CLOUDFLARE_ENV, when left out. */
  readonly env?: string | undefined;
  readonly jurisdiction?: string | undefined;
  /** An S3 endpoint other than the account's. */
  readonly endpoint?: string | undefined;
  /** The local state of `wrangler dev` in place of the account. */
  readonly local?: boolean | undefined;
  /** Where that state is, as `wrangler dev --persist-to` was told. */
  readonly persistTo?: string | undefined;
}

export type ChosenBucket = Pick<ConfiguredBucket, "devName" | "jurisdiction" | "accountId"> & {
  readonly name: string;
};

/**
 * By its name, its binding, or its name in `wrangler dev`. The top level's buckets come first; one that only environments
 * have is found there.
 */
export function chosenBucket(
  { bucket, env }: BucketChoice,
  configuration: Configuration | undefined,
): ChosenBucket {
  const all = bucketsOf(configuration, env);
  const own = all.filter(({ environment }) => environment === env);
  const ranked =
    env === undefined
      ? all.toSorted((a, b) => Number(a.environment !== undefined) - Number(b.environment !== undefined))
      : own;
  if (bucket === undefined) {
    const only = onlyOne(own, configuration);
    return { ...only, name: only.name ?? only.devName };
  }
  const found =
    ranked.find(({ name }) => name === bucket) ?? ranked.find(({ binding }) => binding === bucket);
  if (found !== undefined) return { ...found, name: found.name ?? found.devName };
  const inDev = ranked.find(({ devName }) => devName === bucket);
  // Else a bucket of the account that no Worker has bound.
  const { accountId, jurisdiction } = inDev ?? {
    accountId: configuration?.accountId,
    jurisdiction: undefined,
  };
  return { name: bucket, devName: bucket, jurisdiction, accountId };
}

/** What a build tool made is of one environment as a whole. @throws BucketError BadConfiguration when of another one */
function bucketsOf(
  configuration: Configuration | undefined,
  env: string | undefined,
): readonly ConfiguredBucket[] {
  const { path, targetEnvironment, buckets = [] } = configuration ?? {};
  if (env === undefined || targetEnvironment === undefined) return buckets;
  if (targetEnvironment === env) return buckets.map((bucket) => ({ ...bucket, environment: env }));
  throw new BucketError(
    "BadConfiguration",
    `${path} was built for the environment ${targetEnvironment}, not for ${env}. Build the project for ${env}, or leave the environment out.`,
  );
}

function onlyOne(
  buckets: readonly ConfiguredBucket[],
  configuration: Configuration | undefined,
): ConfiguredBucket {
  const [first] = buckets;
  if (first === undefined || new Set(buckets.map(({ name, devName }) => name ?? devName)).size > 1)
    throw ambiguous(buckets, configuration);
  return first;
}

function ambiguous(all: readonly ConfiguredBucket[], configuration: Configuration | undefined): BucketError {
  const names = [...new Set(all.map(({ name, devName }) => name ?? devName))];
  const reason =
    configuration === undefined
      ? "There is no wrangler configuration here or above that names a bucket"
      : `${configuration.path} names ${names.length === 0 ? "no bucket" : `several buckets: ${names.join(", ")}`}`;
  return new BucketError("BadAddress", `${reason}. Say which one is meant: --bucket NAME.`);
}
