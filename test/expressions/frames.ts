/** Frames of the real crashes, by their function. */
import assert from "node:assert/strict";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import type { Frame } from "../../engine/postmortem/model";
import { fixture, loadDump, loadModule } from "../fixtures/index";

/** Crashes that are open: nothing that is asked of one changes it. */
const open = new Map<string, ReturnType<typeof openCrash>>();

function crashOf(name: string): ReturnType<typeof openCrash> {
  let crash = open.get(name);
  if (crash === undefined) {
    const found = fixture(name);
    crash = openCrash({
      dump: new MemorySource(found.dump, loadDump(found)),
      main: { module: { source: new MemorySource(found.module, loadModule(found)), path: found.module } },
    });
    open.set(name, crash);
  }
  return crash;
}

/** The youngest frame of a function in a fixture's crash. */
export function frameOf(name: string, function_: string): Frame {
  const crash = crashOf(name);
  const frame = crash.threads[0]!.frames().find(
    ({ name: own }) =>
      own
        .replace(/[<(].*$/, "")
        .split("::")
        .at(-1) === function_,
  );
  assert.ok(frame, `${name} has a frame ${function_}`);
  return frame;
}
