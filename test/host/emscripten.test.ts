/** A C program of Emscripten's, opened as a user does, whose debug information lies beside the module. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { after, describe, it } from "mocha";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Crash } from "../../engine/postmortem/model";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";

const fixture = join(__dirname, "../fixtures/c-shapes");
const source = readFileSync(join(fixture, "c-shapes.c"), "utf8").split("\n");
const lineOf = (mark: string): number => source.findIndex((line) => line.includes(mark)) + 1;

describe("Emscripten's debug information beside the module", () => {
  const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
  const host = new NodeHost();
  after(() => {
    host.close();
    rmSync(folder, { recursive: true });
  });

  const open = (name: string, beside: string): Promise<Crash> => {
    for (const file of [`${name}.wasm`, beside])
      writeFileSync(join(folder, file), gunzipSync(readFileSync(join(fixture, `${file}.gz`))));
    copyFileSync(join(fixture, `${name}.coredump`), join(folder, `${name}.coredump`));
    return openCrash(
      { program: join(folder, `${name}.wasm`), coreFile: join(folder, `${name}.coredump`) },
      host,
    );
  };

  it("is found and read: -gseparate-dwarf", async () => {
    const name = "c-shapes-emscripten-separate";
    const crash = await open(name, `${name}.wasm.debug.wasm`);
    const [youngest, caller] = crash.threads[0]!.frames();
    assert.equal(youngest?.location?.line, lineOf("crash here"));
    assert.equal(evaluateInFrame("index", youngest!).text(), "8");
    assert.equal(evaluateInFrame("before", caller!).text(), "17");
    assert.deepEqual(crash.warnings, []);
  });

  it("gives lines, and no variables: -gsource-map", async () => {
    const name = "c-shapes-emscripten-map";
    const crash = await open(name, `${name}.wasm.map`);
    const [youngest, caller] = crash.threads[0]!.frames();
    assert.equal(youngest?.location?.line, lineOf("crash here"));
    // The call of `load` was inlined, which a source map does not tell.
    assert.equal(caller?.location?.line, lineOf("call: read_through"));
    assert.ok(youngest.location.file.path.endsWith("c-shapes.c"));
    assert.deepEqual(youngest.parameters, []);
    assert.deepEqual(crash.warnings, []);
  });
});
