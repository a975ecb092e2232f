/** Records of crashes with the members that a test is about. */
import type { CrashRecord, RecordedFrame } from "../../../r2/record";

const frame: RecordedFrame = {
  function: "run",
  inlined: false,
  origin: "program",
  path: "/build/src/main.rs",
  line: 8,
  column: 5,
  module: "app.wasm",
  functionIndex: 1,
  fileOffset: 256,
};

export function record(given: {
  readonly title?: string;
  readonly details?: readonly string[];
  readonly stack?: readonly Partial<RecordedFrame>[];
  readonly crashFrame?: number;
}): CrashRecord {
  const stack = (given.stack ?? [{}]).map((members) => ({ ...frame, ...members }));
  const title = given.title ?? "unreachable executed";
  return {
    format: "wasm-postmortem.crash",
    version: 1,
    time: "2026-01-02T00:00:00.000Z",
    ray: "ray1",
    buildId: null,
    fingerprint: "1111111111111111",
    module: "app.wasm",
    reason: {
      kind: "unreachable",
      title,
      details: given.details ?? [],
      trap: title,
      language: undefined,
    },
    stack,
    frameCount: stack.length,
    crashFrame: given.crashFrame ?? null,
    debugFile: null,
    request: null,
    dump: null,
    problems: [],
    versions: { service: "0.1.0", producer: null, dialect: "tool-conventions" },
  };
}
