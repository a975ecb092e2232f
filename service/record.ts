/** The record of a crash (r2/record.ts), of what was found out about it. */
import type { TriageFrame } from "../engine/postmortem/triage";
import { version } from "../package.json";
import type { CrashRecord, RecordedDump, RecordedFrame } from "../r2/record";
import type { ExplainedCrash } from "./crash";

/** Frames that are recorded. */
const MOST_FRAMES = 50;

/** @param dump where its dump lies, if it was kept */
export function recordOf(crash: ExplainedCrash, dump: RecordedDump | undefined): CrashRecord {
  const { arrived, facts, fingerprint, buildId, debugFile, problems, dialect, producer } = crash;
  const { reason, frames, frameCount, crashFrame } = facts;
  return {
    format: "wasm-postmortem.crash",
    version: 1,
    time: arrived.identity.time.toISOString(),
    ray: arrived.identity.ray,
    buildId: buildId ?? null,
    fingerprint,
    module: crash.executable,
    reason,
    stack: frames.slice(0, Math.max(MOST_FRAMES, (crashFrame ?? 0) + 1)).map(frameOf),
    frameCount,
    crashFrame,
    debugFile: debugFile ?? null,
    request: arrived.request ?? null,
    dump: dump ?? null,
    problems,
    versions: { service: version, producer: producer ?? null, dialect },
  };
}

function frameOf(frame: TriageFrame): RecordedFrame {
  const { index: _, arguments: __, ...recorded } = frame;
  return recorded;
}
