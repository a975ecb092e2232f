/**
 * The file with a crashed module's debug information: in R2, under its build id, where `split --upload`, `upload`, or
 * whoever had debuginfo-split has put it.
 */
import { attempt, FormatError } from "../engine/bytes/errors";
import { settle } from "../engine/bytes/remote-source";
import { MemorySource } from "../engine/bytes/source";
import type { NamedSource } from "../engine/postmortem/module-files";
import { WasmModule } from "../engine/wasm/module";
import { debugFileKey } from "../r2/layout";
import type { R2Bucket } from "./platform";
import { type PagePool, R2Source } from "./r2-source";

/** @returns the file, or why there is none, in words */
export async function findDebugFile(
  buildId: string | undefined,
  bucket: R2Bucket | undefined,
  pool: PagePool,
): Promise<NamedSource | string> {
  if (buildId === undefined)
    return "The module has no build id, by which its debug file is found: link it with --build-id, or split it";
  if (bucket === undefined) return "No bucket with debug files is bound (STORAGE)";
  const key = debugFileKey(buildId);
  const object = await bucket.head(key).catch((error: Error) => error);
  if (object instanceof Error) return `The debug file ${key} could not be read: ${object.message}`;
  if (object === null) return `There is no debug file ${key} in the bucket`;
  const source = new R2Source(bucket, object, pool);
  const opened = await settle(() => attempt(() => WasmModule.open(source).buildId));
  if (opened instanceof FormatError) return `The debug file ${key} is damaged: ${opened.message}`;
  if (opened !== undefined && opened !== buildId)
    return `The debug file ${key} is of another build: it has build id ${opened}`;
  return { path: key, source };
}

/** A file of bytes at hand. */
export const namedBytes = (path: string, bytes: Uint8Array): NamedSource => ({
  path,
  source: new MemorySource(path, bytes),
});
