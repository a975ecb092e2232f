import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { WasmModule } from "../../engine/wasm/module";
import { expected, type Fixture, fixtures, loadDump, loadModule, sourceFolder } from "../fixtures/index";

const moduleOf = (fixture: Fixture) => WasmModule.open(new MemorySource("module", loadModule(fixture)));
const dumpOf = (fixture: Fixture) => readCoreDump(new MemorySource("dump", loadDump(fixture)));

/** Lines of the fixture's source that are marked as where a frame stands, and as where the crash is. */
function markedLines(fixture: Fixture): { frames: Set<number>; crashes: Set<number> } {
  const file = expected(fixture).crash.file.replace("/build/", "");
  const frames = new Set<number>();
  const crashes = new Set<number>();
  readFileSync(join(sourceFolder(fixture), file), "utf8")
    .split("\n")
    .forEach((line, i) => {
      if (/\/\/ (crash here|call: )/.test(line)) frames.add(i + 1);
      if (line.includes("// crash here")) crashes.add(i + 1);
    });
  return { frames, crashes };
}

describe("fixtures", () => {
  for (const fixture of fixtures) {
    describe(fixture.name, () => {
      it("belongs together: the dump names the module's build", () => {
        const buildId = moduleOf(fixture).buildId;
        assert.match(buildId ?? "", /^[0-9a-f]{32}$/);
        assert.equal(dumpOf(fixture).notes.buildId, buildId);
      });

      it("has a dump that is whole: every frame's locals, every global, all of memory", () => {
        const module = moduleOf(fixture);
        const dump = dumpOf(fixture);
        assert.deepEqual(dump.problems, []);
        assert.equal(dump.globals.length, module.globals.length);
        assert.ok(dump.memories.every((memory) => memory.gapsAreZero));
        for (const [position, frame] of (dump.threads[0]?.frames ?? []).entries()) {
          const parameters = module.functionType(frame.functionIndex)?.parameters ?? [];
          assert.ok(frame.locals.length >= parameters.length, `locals of function ${frame.functionIndex}`);
          const lost = position === 0 && fixture.withoutLocals === true;
          for (const local of frame.locals) {
            if (lost) assert.equal(local.type, "missing", "V8 does not know it: nothing may be made up");
            else assert.ok(local.type !== "missing" || fixture.name.includes("nan"));
          }
        }
      });

      it("ended in the error that is expected", () => {
        assert.equal(dumpOf(fixture).notes.error, expected(fixture).trap.error);
      });

      it("carries no path of the machine that built it", () => {
        const text = Buffer.from(loadModule(fixture)).toString("latin1");
        assert.doesNotMatch(text, /\/(home|root|tmp|work|Users)\//);
      });

      it("expects its frames at lines that the source marks", () => {
        if (basename(fixture.name) === "stack_exhausted") return; // it traps in the prologue
        const { frames, crashes } = markedLines(fixture);
        if (crashes.size === 0) return; // the demo's source is kept as its user writes it
        const wanted = expected(fixture);
        assert.ok(crashes.has(wanted.crash.line), `crash at line ${wanted.crash.line}`);
        for (const frame of wanted.frames) {
          // An override that only calls has no room for a mark.
          if (frame.function !== "area") assert.ok(frames.has(frame.line), `${frame.function}:${frame.line}`);
        }
      });
    });
  }
});
