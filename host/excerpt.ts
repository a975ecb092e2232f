/** The lines around the crash, from the source on this machine. */
import type { Triage } from "../engine/postmortem/triage";
import type { Excerpt } from "../engine/report/report";
import type { Host } from "./host";
import type { SourceLocator } from "./source-locator";

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
