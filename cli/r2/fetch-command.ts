/** `wasm-postmortem fetch r2://bucket/key`: an object as a file here; a dump with its build's debug file. */
import { copyFileSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { HostError } from "../../host/host";
import { formatObjectAddress, parseObjectAddress } from "../../r2/address";
import type { Bucket } from "../../r2/bucket";
import type { ObjectCache } from "../../r2/cache";
import { BucketError } from "../../r2/errors";
import { fileNameOf } from "../../r2/keys";
import { debugFileKey, readCrashKey } from "../../r2/layout";
import { userCache } from "../../r2/node/bucket-host";
import { openBucket } from "../../r2/node/open-bucket";
import { sizeText } from "../split/render";
import { interruptible } from "./interrupt";
import { type BucketPlace, bucketPlace, surroundings, withPlaceOptions } from "./options";

interface Options extends BucketPlace {
  readonly out: string;
}

export function fetchCommand(): Command {
  const command = new Command("fetch")
    .description("Fetch core dumps and debug files from R2: with a dump, the debug file of its build.")
    .argument("<address>", "r2://bucket/key")
    .option("-o, --out <folder>", "where the files go", ".");
  return withPlaceOptions(command).action((address: string, options: Options) =>
    interruptible((signal) => run(address, options, signal)),
  );
}

async function run(address: string, options: Options, signal: AbortSignal): Promise<void> {
  const { bucket: name, key } = parseObjectAddress(address);
  const here = surroundings(signal);
  const cache = userCache(here);
  const opened = await openBucket({ ...bucketPlace(options), bucket: name }, here);
  try {
    await fetchOne(opened.bucket, key, options.out, cache, signal);
    const buildId = readCrashKey(key)?.buildId;
    if (buildId === undefined) return;
    try {
      await fetchOne(opened.bucket, debugFileKey(buildId), options.out, cache, signal);
    } catch (error) {
      if (!(error instanceof BucketError && error.kind === "NotFound")) throw error;
      process.stderr.write(`The bucket has no debug file of build ${buildId}.\n`);
    }
  } finally {
    await opened.close();
  }
}

async function fetchOne(
  bucket: Bucket,
  key: string,
  folder: string,
  cache: ObjectCache,
  signal: AbortSignal,
): Promise<void> {
  const address = formatObjectAddress({ bucket: bucket.name, key });
  const { path, info } = await cache.fetch(bucket, key, { signal, onProgress: progressOf(address) });
  const out = join(folder, fileNameOf(key));
  try {
    mkdirSync(folder, { recursive: true });
    copyFileSync(path, `${out}.part`);
    renameSync(`${out}.part`, out);
  } catch (error) {
    throw new HostError(`${out} cannot be written: ${(error as Error).message}`, out);
  }
  process.stdout.write(`${out}  ${sizeText(info.size)}\n`);
}

/** Tells a terminal how far a file is; a log nothing. */
function progressOf(address: string): ((received: number, total: number) => void) | undefined {
  if (process.stderr.isTTY !== true) return undefined;
  let told = -1;
  return (received, total) => {
    const percent = Math.floor((received / total) * 100);
    if (percent === told) return;
    told = percent;
    process.stderr.write(`\r${address}  ${percent} % of ${sizeText(total)}${received === total ? "\n" : ""}`);
  };
}
