/** AssemblyScript's real crashes, opened as a user does: module, dump and source map lie in one folder. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { after, before, describe, it } from "mocha";
import type { Crash, Frame } from "../../engine/postmortem/model";
import type { Value } from "../../engine/values/model";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";

const fixture = join(__dirname, "../fixtures/as-shapes");
const source = readFileSync(join(fixture, "as-shapes.ts"), "utf8");
/** Lines of the source that hold a mark. */
const lineOf = (mark: string): number => source.split("\n").findIndex((line) => line.includes(mark)) + 1;

describe("a module with a source map", () => {
  const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
  const host = new NodeHost();
  const open = (name: string): Promise<Crash> =>
    openCrash({ program: join(folder, `${name}.wasm`), coreFile: join(folder, `${name}.coredump`) }, host);
  let named: Crash;

  before(async () => {
    for (const name of ["as-shapes", "as-shapes-release"]) {
      for (const end of ["wasm", "coredump"])
        copyFileSync(join(fixture, `${name}.${end}`), join(folder, `${name}.${end}`));
      writeFileSync(
        join(folder, `${name}.wasm.map`),
        gunzipSync(readFileSync(join(fixture, `${name}.wasm.map.gz`))),
      );
    }
    named = await open("as-shapes");
  });
  after(() => {
    host.close();
    rmSync(folder, { recursive: true });
  });

  const frames = (crash: Crash): readonly Frame[] => crash.threads[0]!.frames();
  const line = (frame: Frame): number | undefined => frame.location?.line;

  it("stands at the line that crashed, and shows every caller's call", () => {
    assert.deepEqual(frames(named).map(line), [
      lineOf("crash here"),
      lineOf("call: check"),
      lineOf("call: weigh"),
      lineOf("call: describe"),
    ]);
    assert.equal(named.threads[0]!.crashFrame, 0);
    assert.deepEqual(named.warnings, []);
  });

  it("has lines where optimisation left no names", async () => {
    const crash = await open("as-shapes-release");
    assert.deepEqual(frames(crash).map(line), [
      lineOf("crash here"),
      lineOf("call: weigh"),
      lineOf("call: describe"),
    ]);
  });

  it("shows the source that the map carries", () => {
    assert.equal(frames(named)[0]!.location?.file.source, source);
  });

  it("offers what an AssemblyScript pointer may lead to beside its number", () => {
    const variable = (frame: number, name: string): Value => {
      const scopes = frames(named)[frame]!.scopes();
      return scopes.flatMap((scope) => scope.variables()).find((candidate) => candidate.name === name)!.value;
    };
    const object = (value: Value): Value => value.children!.named()[0]!.value;
    assert.match(variable(1, "label").text(), /^\d+$/);
    assert.equal(object(variable(1, "label")).text(), '"triangle-größe"');
    assert.equal(object(variable(1, "weights")).text(), "[500, -20, 300]");
    assert.equal(object(variable(1, "bytes")).text(), "[0, 200, 0]");
    assert.equal(object(variable(3, "corners")).children!.indexedCount, 2);
    assert.equal(variable(0, "total").children, undefined);
    assert.deepEqual(
      object(variable(2, "first"))
        .children!.indexed(0, 3)
        .map((field) => `${field.name} ${field.value.text()}`),
      ["+0 5", "+4 2"],
    );
  });

  it("is said to lack its map when that is not found", async () => {
    rmSync(join(folder, "as-shapes-release.wasm.map"));
    const crash = await open("as-shapes-release");
    assert.match(crash.warnings.join("\n"), /source map \.\/as-shapes-release\.wasm\.map was not found/);
  });
});
