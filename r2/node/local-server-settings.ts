/** What the process that serves local buckets is asked, and what it says. */

/** The environment's variable with the settings as JSON: unlike arguments, other users cannot see it. */
export const settingsVariable = "WASM_POSTMORTEM_LOCAL_R2";

/** What it is asked for. */
export interface LocalServerSettings {
  /** The file that `require("miniflare")` is. */
  readonly miniflare: string;
  /** Folder of wrangler's state of version 3: its `r2` has the buckets. */
  readonly state: string;
  /** By the binding that requests name. */
  readonly buckets: Readonly<Record<string, string>>;
  readonly secret: string;
}

/** What it says: where it listens, or why it does not. */
export type LocalServerReply = { readonly url: string } | { readonly error: string };
