/**
 * A crash's record, the `.json` beside its dump (layout.ts): what a list of crashes shows, without opening the dump.
 * It holds text only. Members are only ever added within a version.
 */
import type { Triage, TriageFrame } from "../engine/postmortem/triage";

export interface CrashRecord {
  readonly format: "wasm-postmortem.crash";
  readonly version: 1;
  /** ISO 8601, when the service got it. */
  readonly time: string;
  /** As in the key. */
  readonly ray: string;
  /** Lower-case hex; null for a module without one. */
  readonly buildId: string | null;
  /** 16 lower-case hex digits: equal crashes have the same one. */
  readonly fingerprint: string;
  /** The name of the module that crashed; may be empty. */
  readonly module: string;
  readonly reason: Pick<Triage["reason"], "kind" | "title" | "details" | "trap" | "language">;
  /** Youngest first; at most 50. */
  readonly stack: readonly RecordedFrame[];
  /** Frames in all. */
  readonly frameCount: number;
  /** Index into `stack` of the frame to look at; null without frames. */
  readonly crashFrame: number | null;
  /** The key of the debug file that the stack was read with; null when it has its lines from elsewhere, or none. */
  readonly debugFile: string | null;
  /** The request that was served; null when it was none. Headers outside of the allow-list are left out. */
  readonly request: RecordedRequest | null;
  /** The dump beside it; null when it was not kept (docs/SERVICE.md, sampling), or could not be stored. */
  readonly dump: RecordedDump | null;
  /** What may be wrong with it: no debug information, damage in the dump, a part of the service that failed. */
  readonly problems: readonly string[];
  readonly versions: { readonly service: string; readonly producer: string | null; readonly dialect: string };
}

export type RecordedFrame = Pick<
  TriageFrame,
  "function" | "inlined" | "origin" | "path" | "line" | "column" | "module" | "functionIndex" | "fileOffset"
>;

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordedDump {
  readonly key: string;
  /** Bytes of the dump as the program gave it. */
  readonly size: number;
  /** Bytes as it lies in the bucket, packed. */
  readonly storedSize: number;
}

/** The record in a text; undefined when it is none, or of a version that is not known. */
export function readRecord(text: string): CrashRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<CrashRecord> | null;
    const isOurs = record?.format === "wasm-postmortem.crash" && record.version === 1;
    return isOurs && Array.isArray(record.stack) && typeof record.reason?.title === "string"
      ? (record as CrashRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
