/**
 * Every variable that a fixture's source tells the value of, read back out of the core dump of a real crash.
 * Debug builds show all of them; optimised builds may lack some, and show none wrong.
 */
import assert from "node:assert/strict";
import { after, describe, it } from "mocha";
import { settle } from "../../engine/bytes/remote-source";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Crash, Frame } from "../../engine/postmortem/model";
import type { Value } from "../../engine/values/model";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { agrees } from "../fixtures/agrees";
import {
  companionFixtures,
  dumpPath,
  type ExpectedVariables,
  everyFixture,
  expected,
  type Fixture,
  modulePath,
} from "../fixtures/index";

function check(expressions: ExpectedVariables, frame: Frame, mayLack: boolean, where: string): string[] {
  const faults: string[] = [];
  for (const [expression, wanted] of Object.entries(expressions)) {
    let value: Value;
    try {
      value = evaluateInFrame(expression, frame);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (!mayLack) faults.push(`${where} ${expression}: ${error.message}`);
      continue;
    }
    if (value.missing !== undefined && !agrees(value, wanted)) {
      if (!mayLack) faults.push(`${where} ${expression}: ${value.text()}`);
    } else if (!agrees(value, wanted)) {
      faults.push(`${where} ${expression}: ${value.text()}, not ${JSON.stringify(wanted)}`);
    }
  }
  return faults;
}

/** A function's own name, without its path, parameters and generics. */
function lastName(name: string): string {
  return name
    .replace(/[<(].*$/, "")
    .split("::")
    .at(-1)!;
}

describe("variables of real crashes", () => {
  const host = new NodeHost();
  after(() => host.close());

  for (const fixture of [...everyFixture, ...companionFixtures]) {
    it(`are what the source says: ${fixture.name}`, async () => {
      const crash = await openCrash({ program: modulePath(fixture), coreFile: dumpPath(fixture) }, host);
      assert.deepEqual(await settle(() => faultsOf(fixture, crash)), []);
    });
  }
});

function faultsOf(fixture: Fixture, crash: Crash): string[] {
  const { frames, statics } = expected(fixture);
  const mayLack = fixture.level === "release" || fixture.withoutLocals === true;
  const faults: string[] = [];
  const seen = new Set<string>();
  const rest = [...crash.threads[0]!.frames()];
  for (const wanted of frames) {
    const at = rest.findIndex(
      (frame) => frame.origin === "program" && lastName(frame.name) === lastName(wanted.function),
    );
    if (at < 0) {
      faults.push(`no frame ${wanted.function}`);
      continue;
    }
    const frame = rest[at]!;
    rest.splice(0, at + 1);
    faults.push(...check(wanted.variables, frame, mayLack, wanted.function));
    faults.push(...check(wanted.statics ?? {}, frame, mayLack, wanted.function));
    // Rust spreads one crate over several units, and a frame's statics are those of its own unit.
    faults.push(...check(statics, frame, true, wanted.function));
    for (const name of Object.keys(statics))
      if (check({ [name]: statics[name]! }, frame, false, "").length === 0) seen.add(name);
  }
  if (!mayLack)
    for (const name of Object.keys(statics)) if (!seen.has(name)) faults.push(`no static ${name}`);
  return faults;
}
