/** What is said between us and the process that serves local buckets: one message each way. */

/** What it is asked for. */
export interface LocalServerSettings {
  /** The file that `require("miniflare")` is. */
  readonly miniflare: string;
  /** Folder of wrangler's state of version 3: its `r2` has the buckets. */
  readonly state: string;
  /** By the binding that requests name. */
  readonly buckets: Readonly<Record<string, string>>;
  /** What requests must know: a port of this machine is open to every user of it. */
  readonly secret: string;
}

/** What it answers: where it listens, or why it does not. */
export type LocalServerReply = { readonly url: string } | { readonly error: string };
