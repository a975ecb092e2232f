/** What tells a crash from all others. */
import type { RecordedRequest } from "../../r2/record";
import type { Identity } from "../crash";

/** The ray of the request that was served, by which it is found in other logs, and a few letters that make it unique. */
export function identityOf(request: RecordedRequest | undefined): Identity {
  const ray = (request?.headers["cf-ray"] ?? "").replace(/[^0-9A-Za-z]/g, "").slice(0, 24);
  return { time: new Date(), ray: `${ray}${randomText()}` };
}

/** 12 hex digits. */
export const randomText = (): string => crypto.randomUUID().replaceAll("-", "").slice(-12);
