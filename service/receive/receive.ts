/**
 * Takes a crash in, whichever way it is sent: a form, or the dump by itself, as a body or over RPC. No more than a few
 * megabytes of it are held, and nothing is left behind of what turns out to be no core dump.
 */
import { isBuildId } from "../../r2/layout";
import { Budget } from "../budget";
import type { ArrivedCrash, ArrivedDump } from "../crash";
import type { R2Bucket } from "../platform";
import { redacted } from "../redact";
import type { Settings } from "../settings";
import { takeDump } from "./arrived-dump";
import { type Form, readForm } from "./form";
import { identityOf } from "./identity";

/** What was sent. */
export interface Sent {
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** What the program says of its module and of the request that it served, where that does not come in a form. */
  readonly buildId?: string | undefined;
  readonly module?: Uint8Array | undefined;
  readonly request?: unknown;
}

/** Bytes that one request holds: a part of the dump (5 MiB), and twice what a form has of the module. */
const HELD = 16 * 1024 * 1024;

/** Bytes of all requests of the isolate. Times in ms. */
const memory = new Budget(3 * HELD, { wait: 30_000, hold: 120_000 });

/**
 * Gives what was sent to `use`, once it is all there.
 * @throws Refusal when it is no dump, or not a sound one
 */
export async function receive<T>(
  sent: Sent,
  { limits, headers }: Settings,
  bucket: R2Bucket | undefined,
  use: (crash: ArrivedCrash) => Promise<T>,
): Promise<T> {
  const reservation = await memory.reserve(HELD);
  try {
    const take = (chunks: AsyncIterator<Uint8Array>): Promise<ArrivedDump> =>
      takeDump(chunks, limits.dump, bucket);
    const form: Form = /^multipart\/form-data\b/i.test(sent.contentType)
      ? await readForm(sent.body, sent.contentType, take)
      : {
          dump: await take(sent.body[Symbol.asyncIterator]()),
          buildId: sent.buildId !== undefined && isBuildId(sent.buildId) ? sent.buildId : undefined,
          request: sent.request,
          module: sent.module,
          problems: [],
        };
    const request = redacted(form.request, headers);
    return await use({ ...form, request, identity: identityOf(request), again: false });
  } finally {
    reservation.release();
  }
}
