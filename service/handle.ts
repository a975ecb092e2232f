/**
 * What is done with a crash: explain, store, report, log. Each part may fail without the others, and the log says which
 * did; only where the bucket did not take the crash does whoever sent it hear of it.
 */
import type { CrashRecord } from "../r2/record";
import { keepBrought } from "./brought-module";
import type { ArrivedCrash, ExplainedCrash } from "./crash";
import { logBlock } from "./log";
import type { ExecutionContext, R2Bucket } from "./platform";
import { report } from "./sentry";
import type { Env, Settings } from "./settings";
import { type Stored, store } from "./store";
import { explain, inTurn } from "./symbolise";

export interface Handled {
  /** Where the crash lies; undefined where the bucket did not take it. */
  readonly stored: Stored | undefined;
  readonly fingerprint: CrashRecord["fingerprint"];
}

/** @param ctx Sentry is waited for after the answer */
export async function handle(
  arrived: ArrivedCrash,
  env: Env,
  settings: Settings,
  ctx: ExecutionContext,
): Promise<Handled> {
  const { STORAGE: bucket, RATE_LIMIT: rateLimit } = env;
  const failures = [...settings.problems];
  const crash = await withDebugFile(await inTurn(() => explain(arrived, bucket)), bucket, failures);
  let stored: Stored | undefined;
  try {
    if (bucket === undefined) failures.push("Storing: no bucket is bound (STORAGE)");
    else stored = await store(crash, settings, bucket, rateLimit);
  } catch (error) {
    failures.push(`Storing: ${(error as Error).message}`);
  }
  ctx.waitUntil(tell(crash, stored, failures, settings));
  return { stored, fingerprint: crash.fingerprint };
}

/** The crash, what came of its module being kept in the bucket. */
async function withDebugFile(
  crash: ExplainedCrash,
  bucket: R2Bucket | undefined,
  failures: string[],
): Promise<ExplainedCrash> {
  const { brought, buildId } = crash;
  if (brought === undefined || buildId === undefined || bucket === undefined) return crash;
  try {
    return { ...crash, debugFile: await keepBrought(brought, buildId, bucket) };
  } catch (error) {
    failures.push(`Keeping the debug information: ${(error as Error).message}`);
    return crash;
  }
}

/** Sentry and the log. Never rejects. */
async function tell(
  crash: ExplainedCrash,
  stored: Stored | undefined,
  failures: string[],
  { sentry, bucketName }: Settings,
): Promise<void> {
  let event: string | undefined;
  // Where crashes are not kept any more, Sentry has had its share of them too.
  const isWanted = stored === undefined || stored.dump !== undefined;
  if (sentry !== undefined && isWanted)
    try {
      event = await report(crash, stored, sentry, bucketName);
    } catch (error) {
      failures.push(`Sentry: ${(error as Error).message}`);
    }
  console.error(logBlock(crash, stored, event, failures, bucketName));
}
