/** `wasm-postmortem upload FILE…`: debug files into a bucket, where the service and the editor look for them. */
import { Command } from "commander";
import type { BucketChoice } from "../../r2/node/bucket-choice";
import { openBucket } from "../../r2/node/open-bucket";
import { sizeText } from "../split/render";
import { interruptible } from "./interrupt";
import { bucketPlace, surroundings, withBucketOptions } from "./options";
import { type UploadReport, uploadDebugFile } from "./upload-file";

interface Options extends BucketChoice {
  readonly json?: boolean;
}

export function uploadCommand(): Command {
  const command = new Command("upload")
    .description(
      "Put debug files into a bucket of R2, where the service and the editor find them by build id.",
    )
    .argument("<file...>", "what `split` wrote: debug-<build id>.wasm")
    .option("--json", "print what was done as JSON");
  return withBucketOptions(command).action((files: string[], options: Options) =>
    interruptible(async (signal) => {
      const reports = await upload(files, options, signal);
      process.stdout.write(
        options.json === true ? `${JSON.stringify(reports, null, 2)}\n` : reports.map(renderUpload).join(""),
      );
    }),
  );
}

/** @throws what `openBucket` and `uploadDebugFile` throw; files before the one that fails are in the bucket then */
export async function upload(
  files: readonly string[],
  options: BucketChoice,
  signal: AbortSignal,
): Promise<readonly UploadReport[]> {
  const opened = await openBucket({ ...bucketPlace(options), bucket: options.bucket }, surroundings(signal), {
    write: true,
  });
  try {
    const reports: UploadReport[] = [];
    for (const file of files) reports.push(await uploadDebugFile(file, opened.bucket, { signal }));
    return reports;
  } finally {
    await opened.close();
  }
}

const STATES: Readonly<Record<UploadReport["state"], string>> = {
  uploaded: "uploaded",
  replaced: "uploaded, in place of other bytes of the same build id",
  known: "there already",
};

/** A line for people. */
export const renderUpload = ({ address, size, state }: UploadReport): string =>
  `${"bucket".padEnd(10)}  ${address}  ${sizeText(size)}, ${STATES[state]}\n`;
