/**
 * What the operator has set: variables, secrets and bindings of the Worker (docs/SERVICE.md lists them). A variable that
 * makes no sense is reported and its default taken, since a service for crashes must not crash over its settings.
 */
import type { QueuedCrash } from "./crash";
import type { Queue, R2Bucket, RateLimit } from "./platform";

export interface Env {
  readonly STORAGE?: R2Bucket;
  /** With it, dumps are taken in at once, and looked at by the queue's consumer, which is this Worker too. */
  readonly CRASHES?: Queue<QueuedCrash>;
  /** How often a minute, or so, equal crashes are more than counted. */
  readonly RATE_LIMIT?: RateLimit;
  readonly BEARER_SECRET?: string;
  readonly SENTRY_DSN?: string;
  /** Every other variable is text, or what wrangler makes of its JSON. */
  readonly [variable: string]: unknown;
}

export interface Settings {
  readonly limits: Limits;
  readonly sampling: Sampling;
  /** Names of headers that are kept of a request, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** Whether keys are the original service's, `coredump.<ms>`. */
  readonly originalKeys: boolean;
  readonly bucketName: string | undefined;
  readonly sentry: SentrySettings | undefined;
  /** What was wrong with the variables, in words for the log. */
  readonly problems: readonly string[];
}

export interface Limits {
  /** Bytes of a dump, unpacked. */
  readonly dump: number;
  /** Milliseconds that a request may take to arrive. */
  readonly receive: number;
}

/** Which of equal crashes keep their dump: the first ones, and then every so-many-th. */
export interface Sampling {
  readonly first: number;
  /** 0: no more after the first ones. */
  readonly every: number;
}

export interface SentrySettings {
  readonly dsn: string;
  /** Bytes of a dump, packed, up to which it is attached; 0 attaches none. */
  readonly attachment: number;
  /** What a debug id is made of: the id's bytes, or all of the section's, its length first, as Sentry's own tools read. */
  readonly debugId: "id" | "section";
  /** Milliseconds. */
  readonly timeout: number;
}

const MEBIBYTE = 1024 * 1024;

const HEADERS = "accept,accept-language,cf-ipcountry,cf-ray,content-length,content-type,host,user-agent";

export function settingsOf(env: Env): Settings {
  const problems: string[] = [];
  const number = (name: string, otherwise: number): number => {
    const given = env[name];
    if (given === undefined || given === "") return otherwise;
    const value = Number(given);
    if (Number.isFinite(value) && value >= 0) return value;
    problems.push(`${name} is no number: ${otherwise} is taken`);
    return otherwise;
  };
  const choice = <T extends string>(name: string, choices: readonly T[]): T => {
    const given = env[name] ?? choices[0]!;
    const found = choices.find((candidate) => candidate === given);
    if (found === undefined)
      problems.push(`${name} is none of ${choices.join(", ")}: ${choices[0]} is taken`);
    return found ?? choices[0]!;
  };
  const text = (name: string): string | undefined =>
    typeof env[name] === "string" ? env[name] || undefined : undefined;
  const dsn = text("SENTRY_DSN");
  return {
    limits: {
      dump: number("MAX_DUMP_MB", 256) * MEBIBYTE,
      receive: number("RECEIVE_SECONDS", 30) * 1000,
    },
    sampling: { first: number("KEEP_FIRST", 10), every: number("KEEP_EVERY", 100) },
    headers: new Set((text("KEEP_HEADERS") ?? HEADERS).toLowerCase().split(/[\s,]+/)),
    originalKeys: choice("KEYS", ["grouped", "original"]) === "original",
    bucketName: text("BUCKET_NAME"),
    sentry:
      dsn === undefined
        ? undefined
        : {
            dsn,
            attachment: number("SENTRY_ATTACH_MB", 0) * MEBIBYTE,
            debugId: choice("SENTRY_DEBUG_ID", ["id", "section"]),
            timeout: number("SENTRY_SECONDS", 5) * 1000,
          },
    problems,
  };
}
