/** The lines around the crash, from the source on this machine. */

import type { Triage } from "../../engine/postmortem/triage";
import type { Host } from "../../host/host";
import type { SourceLocator } from "../../host/source-locator";

export interface Excerpt {
  /** The file on this machine. */
  readonly path: string;
  /** Five lines where the file has them, the crash line in the middle. */
  readonly lines: readonly { readonly number: number; readonly text: string; readonly crash: boolean }[];
}

/** Lines shown before and after the crash line. */
const AROUND = 2;

/** Undefined when the crash frame has no line or its file is not here. */
export async function crashExcerpt(
  facts: Triage,
  locator: SourceLocator,
  host: Host,
): Promise<Excerpt | undefined> {
  const frame = facts.crashFrame === null ? undefined : facts.frames[facts.crashFrame];
  if (frame?.path == null || frame.line === 0) return undefined;
  const path = await locator.locate(frame.path, frame.origin === "program");
  if (path === undefined) return undefined;
  const all = (await host.readText(path)).split(/\r?\n/);
  const first = Math.max(1, frame.line - AROUND);
  const lines = all
    .slice(first - 1, frame.line + AROUND)
    .map((text, index) => ({ number: first + index, text, crash: first + index === frame.line }));
  return { path, lines };
}
