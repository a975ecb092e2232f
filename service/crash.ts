/** A crash on its way through the service: what arrived, and what is known of it then. */
import type { ByteSource } from "../engine/bytes/source";
import type { Triage } from "../engine/postmortem/triage";
import type { RecordedRequest } from "../r2/record";

/** What arrived: a dump, and what the program said beside it. */
export interface ArrivedCrash {
  readonly identity: Identity;
  readonly dump: ArrivedDump;
  /** Redacted already: nothing else of the request is held. */
  readonly request: RecordedRequest | undefined;
  /** What the program said is its module's build id, lower-case hex. */
  readonly buildId: string | undefined;
  /** The module as far as it was sent: its file, or one of its debug information alone (module-of-parts.ts). */
  readonly module: Uint8Array | undefined;
  /** Whether it was looked at before, and comes from the queue once more. */
  readonly again: boolean;
  /** What could not be taken, in words for the record. */
  readonly problems: readonly string[];
}

/** What tells a crash from all others. It is given when the crash arrives, so that a second try is the same crash. */
export interface Identity {
  readonly time: Date;
  /** Cloudflare's ray of the request to the service, or something as unique: letters and digits. */
  readonly ray: string;
}

/** A dump, in memory or in R2. */
export interface ArrivedDump {
  /** Bytes, unpacked. */
  readonly size: number;
  /** To be read inside `settle`. @throws Error when it is not there any more */
  open(): Promise<ByteSource>;
  chunks(): AsyncIterable<Uint8Array>;
  /** The key under which it waits in R2; undefined for one in memory. */
  readonly incoming: string | undefined;
  /** Removes it from where it waits. Never rejects. */
  discard(): Promise<void>;
}

/** What is put into the queue for a crash whose dump waits in R2. */
export interface QueuedCrash {
  readonly time: string;
  readonly ray: string;
  /** The dump's key. */
  readonly incoming: string;
  /** The key of what was sent of the module. */
  readonly module: string | null;
  readonly size: number;
  readonly buildId: string | null;
  readonly request: RecordedRequest | null;
  readonly problems: readonly string[];
}

/** What is known of a crash once it was looked at. */
export interface ExplainedCrash {
  readonly arrived: ArrivedCrash;
  readonly facts: Triage;
  readonly fingerprint: string;
  /** Lower-case hex. */
  readonly buildId: string | undefined;
  /** Key of the debug file that was read; undefined where there was none to read. */
  readonly debugFile: string | undefined;
  /** What came of the module, where it is to be kept as the debug file of its build. */
  readonly brought: Uint8Array | undefined;
  /** The program's name in the dump; may be empty. */
  readonly executable: string;
  readonly dialect: string;
  readonly producer: string | undefined;
  /** What failed or is missing, in words for log and record. */
  readonly problems: readonly string[];
}
