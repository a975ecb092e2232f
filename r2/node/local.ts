/**
 * The local state of `wrangler dev`: buckets as files under `.wrangler/state`. Their form is miniflare's own affair, so
 * they are read and written through the miniflare that the user has with his wrangler (local-server.ts).
 */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Bucket, Cancellable } from "../bucket";
import { BucketError, missingBucket } from "../errors";
import { LocalBucket } from "./local-bucket";
import type { LocalServerSettings } from "./local-messages";
import { LocalServer } from "./local-process";
import { findMiniflare } from "./wrangler";

/** The folder that `wrangler dev` keeps its state in, beside its configuration, where no `--persist-to` is given. */
export const STATE_FOLDER = join(".wrangler", "state");

/** Wrangler's version of the state's form, a folder inside. */
const VERSION = "v3";

/** A folder beside the buckets' own, with their indexes. */
const INDEXES = "miniflare-R2BucketObject";

/** The names of the buckets in a state folder; empty where there is none. */
export function localBuckets(state: string): readonly string[] {
  const folder = join(state, VERSION, "r2");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== INDEXES)
    .map(({ name }) => name);
}

export interface LocalStateOptions extends Cancellable {
  /** The state folder: `.wrangler/state`, or what `--persist-to` names. */
  readonly state: string;
  /** The project, whose wrangler is run: code of the project's, so it must be one that the user trusts. */
  readonly project: string;
  /** Buckets to write to that are not there yet. */
  readonly create?: readonly string[];
  /** `dist/r2-local.js`. */
  readonly script: string;
}

/** The buckets of a state folder, while it is open; a process serves them. */
export class LocalState {
  private constructor(
    private readonly folder: string,
    private readonly bindings: ReadonlyMap<string, string>,
    private readonly server: LocalServer,
  ) {}

  /** @throws BucketError NoLocalState when there is none, or no miniflare that can read it; the signal's reason */
  static async open({ state, project, create = [], script, signal }: LocalStateOptions): Promise<LocalState> {
    const names = [...new Set([...localBuckets(state), ...create])];
    if (names.length === 0)
      throw new BucketError(
        "NoLocalState",
        `There are no local buckets in ${state}. Run \`wrangler dev\` once, or say where its state is (--persist-to).`,
      );
    const miniflare = findMiniflare(project);
    const bindings = new Map(names.map((name, index) => [name, `BUCKET_${index}`]));
    const settings: LocalServerSettings = {
      miniflare,
      state: join(state, VERSION),
      buckets: Object.fromEntries(Array.from(bindings, ([name, binding]) => [binding, name])),
      secret: randomBytes(32).toString("hex"),
    };
    return new LocalState(state, bindings, await LocalServer.start(script, settings, signal));
  }

  /** @throws BucketError MissingBucket */
  bucket(name: string): Bucket {
    const binding = this.bindings.get(name);
    if (binding === undefined) throw missingBucket({ name, place: this.folder });
    return new LocalBucket(name, this.folder, binding, this.server);
  }

  /** Ends the process; resolves when it has written everything. */
  close(): Promise<void> {
    return this.server.close();
  }
}
