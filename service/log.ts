/** What the log says of a crash: one block, to be read by people and by whoever looks for a crash line. */
import type { Triage, TriageFrame } from "../engine/postmortem/triage";
import type { ExplainedCrash } from "./crash";
import type { Stored } from "./store";

/** Frames that are shown. */
const MOST_FRAMES = 30;

/** @param failures of parts of the service */
export function logBlock(
  crash: ExplainedCrash,
  stored: Stored | undefined,
  sentry: string | undefined,
  failures: readonly string[],
  bucketName: string | undefined,
): string {
  const { facts, buildId, fingerprint, problems } = crash;
  const { reason } = facts;
  const keyOf = (key: string) => (bucketName === undefined ? key : `r2://${bucketName}/${key}`);
  const dump =
    stored === undefined
      ? undefined
      : stored.dump === undefined
        ? notKept(stored.rank)
        : keyOf(stored.dump.key);
  const notes: readonly (readonly [string, string | undefined])[] = [
    ["trap", reason.trap === reason.title ? undefined : reason.trap],
    ["build id", buildId ?? "none"],
    ["fingerprint", fingerprint],
    ["dump", dump],
    ["open", bucketName && stored?.dump && linkOf(bucketName, stored.dump.key)],
    ["record", stored && stored.dump === undefined ? keyOf(stored.record) : undefined],
    ["sentry", sentry],
    ...problems.map((problem) => ["problem", problem] as const),
    ...failures.map((failure) => ["FAILED", failure] as const),
  ];
  return [
    `Error: Wasm trapped: ${reason.title}${reason.details.map((detail) => `\n  ${detail}`).join("")}`,
    ...stackLines(facts),
    ...notes.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(11)} ${value}`])),
  ].join("\n");
}

const notKept = (rank: number | undefined): string =>
  rank === undefined
    ? "not kept: there are more of these crashes than the rate limit allows"
    : `not kept: number ${rank + 1} of these crashes`;

/** What opens the dump in VS Code. */
export const linkOf = (bucket: string, key: string): string =>
  `vscode://wasm-postmortem.wasm-postmortem/open?${new URLSearchParams({ bucket, key })}`;

/** `    at function (file:line:column)`, the form of JavaScript's stacks; `>` marks the crash line. */
function stackLines({ frames, frameCount, crashFrame }: Triage): readonly string[] {
  const end = Math.max(MOST_FRAMES, (crashFrame ?? 0) + 1);
  const lines = frames
    .slice(0, end)
    .map(
      (frame) =>
        `${frame.index === crashFrame ? "  > " : "    "}at ${frame.function} (${placeOf(frame)})${frame.inlined ? " [inlined]" : ""}`,
    );
  const more = frameCount - lines.length;
  return more > 0 ? [...lines, `    … ${more} older frames`] : lines;
}

function placeOf({ path, line, column, module, functionIndex, fileOffset }: TriageFrame): string {
  if (path !== null)
    return [path, ...(line === 0 ? [] : [line, ...(column === 0 ? [] : [column])])].join(":");
  return `${module}:wasm-function[${functionIndex}]${fileOffset === null ? "" : `:0x${fileOffset.toString(16)}`}`;
}
