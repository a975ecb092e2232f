/** The options that say which bucket is meant, and the place where commands run. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { jurisdictions } from "../../r2/address";
import type { BucketChoice, Surroundings } from "../../r2/node/open-bucket";

/** Adds those that are read as BucketChoice. */
export function withBucketOptions(command: Command): Command {
  return command
    .option(
      "--bucket <name>",
      "the bucket, or its binding; the one in wrangler's configuration when left out",
    )
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

/** The options alone that are a BucketChoice's. */
export const bucketChoice = (options: BucketChoice): BucketChoice => {
  const { bucket, config, env, jurisdiction, endpoint, local, persistTo } = options;
  return { bucket, config, env, jurisdiction, endpoint, local, persistTo };
};

export const surroundings = (signal?: AbortSignal): Surroundings => ({
  folder: process.cwd(),
  variables: process.env,
  localScript: join(__dirname, "r2-local.js"),
  signal,
});
