/**
 * The commands that were typed, kept from one session to the next in
 * `$XDG_STATE_HOME/wasm-postmortem/history` (XDG Base Directory Specification: `~/.local/state` by itself). What a
 * command answered is never kept.
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Commands that are kept. */
export const MOST = 1000;

export class History {
  /** Oldest first. */
  private readonly lines: string[];

  /** @param path where the file is; what cannot be read or written there is done without */
  constructor(private readonly path = historyPath()) {
    this.lines = attempt(() => readFileSync(path, "utf8").split("\n"))?.filter((line) => line !== "") ?? [];
    if (this.lines.length > 2 * MOST) {
      this.lines.splice(0, this.lines.length - MOST);
      attempt(() => writeFileSync(path, `${this.lines.join("\n")}\n`, { mode: 0o600 }));
    }
  }

  /** As readline takes it: the newest first. */
  newest(): string[] {
    return this.lines.slice(-MOST).reverse();
  }

  /** Keeps a command, unless it is the last one again. */
  add(line: string): void {
    if (line.trim() === "" || line === this.lines.at(-1)) return;
    this.lines.push(line);
    attempt(() => {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      appendFileSync(this.path, `${line}\n`, { mode: 0o600 });
    });
  }
}

/** A relative XDG_STATE_HOME is to be ignored. */
function historyPath(): string {
  const state = process.env["XDG_STATE_HOME"];
  const base = state !== undefined && isAbsolute(state) ? state : join(homedir(), ".local", "state");
  return join(base, "wasm-postmortem", "history");
}

/** A history that cannot be kept is no reason to end a session: a read-only home, a full disk. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
