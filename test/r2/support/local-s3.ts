/** R2 in the real workerd, behind miniflare's S3 endpoint, which verifies every signature. */
import { Miniflare } from "miniflare";
import type { AccessKeys } from "../../../r2/s3";

export const keys: AccessKeys = {
  accessKeyId: "0123456789abcdef0123456789abcdef",
  secretAccessKey: "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210",
};

export interface LocalS3 {
  /** Of the S3 API, without a bucket. */
  readonly endpoint: string;
  readonly miniflare: Miniflare;
  dispose(): Promise<void>;
}

/** @param persist folder of the state; in memory when left out */
export async function startLocalS3(bucket: string, persist?: string): Promise<LocalS3> {
  const miniflare = new Miniflare({
    script: "",
    modules: true,
    cf: false,
    telemetry: { enabled: false },
    r2Buckets: { BUCKET: { id: bucket, s3Credentials: keys } },
    ...(persist === undefined ? {} : { r2Persist: persist }),
  });
  const url = await miniflare.ready;
  return {
    endpoint: new URL("/cdn-cgi/local/r2/s3", url).href,
    miniflare,
    dispose: () => miniflare.dispose(),
  };
}
