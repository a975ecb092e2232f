/** Puts a debug file into a bucket under its build id, where the service and the editor look for it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { settle } from "../../engine/bytes/remote-source";
import { WasmModule } from "../../engine/wasm/module";
import { HostError } from "../../host/host";
import { NodeHost } from "../../host/node";
import { formatObjectAddress } from "../../r2/address";
import type { Bucket, Cancellable, ObjectInfo } from "../../r2/bucket";
import { BucketError } from "../../r2/errors";
import { debugFileKey } from "../../r2/layout";

export interface UploadReport {
  readonly file: string;
  /** `r2://bucket/key`. */
  readonly address: string;
  /** Lower-case hex. */
  readonly buildId: string;
  /** Bytes. */
  readonly size: number;
  /** "replaced" when other bytes were there under this build id; "known" when these were, and nothing was sent. */
  readonly state: "uploaded" | "replaced" | "known";
}

/**
 * @throws HostError when the file cannot be read, or has no build id or no debug information
 * @throws FormatError when it is no WebAssembly; BucketError; the signal's reason
 */
export async function uploadDebugFile(
  file: string,
  bucket: Bucket,
  { signal }: Cancellable = {},
): Promise<UploadReport> {
  const buildId = await buildIdOf(file);
  const key = debugFileKey(buildId);
  const bytes = new Uint8Array(await readFile(file));
  const there = await infoOf(bucket, key, { signal });
  // The ETag of an object that was put at once is its MD5.
  const same = there?.size === bytes.length && there.etag === createHash("md5").update(bytes).digest("hex");
  if (!same) await bucket.put(key, bytes, { contentType: "application/wasm", signal });
  const address = formatObjectAddress({ bucket: bucket.name, key });
  const state = same ? "known" : there === undefined ? "uploaded" : "replaced";
  return { file, address, buildId, size: bytes.length, state };
}

async function buildIdOf(file: string): Promise<string> {
  const host = new NodeHost();
  try {
    const source = await host.open(file);
    const { buildId, useful } = await settle(() => {
      const module = WasmModule.open(source);
      const has = (name: string): boolean => module.customSection(name) !== undefined;
      // Names alone are better than nothing, but never than the file that was split off from this very module.
      const names = has("name") && module.externalDebugInfo === undefined;
      return { buildId: module.buildId, useful: has(".debug_info") || names };
    });
    if (!useful)
      throw new HostError(
        `${file} has no debug information: give the debug-<build id>.wasm that \`wasm-postmortem split\` wrote.`,
        file,
      );
    if (buildId === undefined)
      throw new HostError(
        `${file} has no build id, and would not be found by one: let \`wasm-postmortem split\` give it one.`,
        file,
      );
    return buildId;
  } finally {
    host.close();
  }
}

async function infoOf(bucket: Bucket, key: string, options: Cancellable): Promise<ObjectInfo | undefined> {
  try {
    return await bucket.head(key, options);
  } catch (error) {
    if (error instanceof BucketError && error.kind === "NotFound") return undefined;
    throw error;
  }
}
