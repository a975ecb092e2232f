/** The options that say which bucket is meant, and the place where commands run. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { jurisdictions } from "../../r2/address";
import type { BucketChoice } from "../../r2/node/bucket-choice";
import { BucketHost } from "../../r2/node/bucket-host";
import type { Surroundings } from "../../r2/node/open-bucket";

/** Where a bucket is, for commands whose addresses name it: `r2://bucket/key`. */
export type BucketPlace = Omit<BucketChoice, "bucket">;

/** Adds those that are read as BucketPlace. */
export function withPlaceOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "wrangler's configuration; the nearest wrangler.json, .jsonc or .toml")
    .option("-e, --env <name>", "an environment of the configuration")
    .addOption(
      new Option("-J, --jurisdiction <name>", "where the bucket must stay").choices([
        "default",
        ...jurisdictions,
      ]),
    )
    .option("--endpoint <url>", "an S3 endpoint in place of the account's")
    .option("--local", "the local state of wrangler dev")
    .option("--persist-to <folder>", "where that state is, as wrangler dev --persist-to has it");
}

/** Adds those that are read as BucketChoice. */
export const withBucketOptions = (command: Command): Command =>
  withPlaceOptions(
    command.option(
      "--bucket <name>",
      "the bucket, or its binding; the one in wrangler's configuration when left out",
    ),
  );

/** The options alone that are a BucketPlace's. */
export const bucketPlace = (options: BucketPlace): BucketPlace => {
  const { config, env, jurisdiction, endpoint, local, persistTo } = options;
  return { config, env, jurisdiction, endpoint, local, persistTo };
};

/** The host of commands that take `r2://bucket/key` wherever they take a file. */
export const bucketHost = (options: BucketPlace): BucketHost =>
  new BucketHost(surroundings(), bucketPlace(options));

export const surroundings = (signal?: AbortSignal): Surroundings => ({
  folder: process.cwd(),
  variables: process.env,
  localScript: join(__dirname, "r2-local.js"),
  signal,
});
