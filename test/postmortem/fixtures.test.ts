import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { expected, type Fixture, fixtures, loadDump, loadModule } from "../fixtures";
import { clangMatrix } from "../fixtures/matrix/clang";

function open(fixture: Fixture): Crash {
  return openCrash({
    dump: new MemorySource(fixture.dump, loadDump(fixture)),
    main: { module: { path: fixture.module, source: new MemorySource(fixture.module, loadModule(fixture)) } },
  });
}

/** Last word of a function's name. */
const word = (name: string): string => name.replace(/<.*>$/, "").split("::").at(-1)!;

/** What the expectations call a kind of trap. */
const KINDS: Readonly<Record<string, string>> = {
  "integer divide by zero": "integer-divide-by-zero",
  "integer overflow": "integer-overflow",
  "invalid conversion to integer": "invalid-conversion",
  "memory access out of bounds": "memory-out-of-bounds",
  "indirect call type mismatch": "indirect-call-type-mismatch",
  "indirect call to null": "indirect-call-to-null",
  "indirect call out of table bounds": "table-out-of-bounds",
};

// A module without DWARF has no lines, and whose DWARF is beside it is opened by a host.
for (const fixture of [...fixtures, ...clangMatrix.filter(({ dwarf }) => dwarf !== 0)]) {
  describe(`the crash of ${fixture.name}`, () => {
    const crash = open(fixture);
    const truth = expected(fixture);
    const thread = crash.threads[0]!;

    it("stands at the program's own line, past the panic machinery", () => {
      const frame = thread.frames()[thread.crashFrame]!;
      assert.equal(word(frame.fullName), truth.crash.function);
      assert.equal(frame.location?.line, truth.crash.line);
      assert.ok(frame.location?.file.path.endsWith(truth.crash.file), frame.location?.file.path);
    });

    it("shows the program's frames in order, inlined calls as frames of their own", () => {
      const program = thread.frames().filter((frame) => frame.origin === "program");
      const own = program.map((frame) => ({ function: word(frame.fullName), line: frame.location?.line }));
      const wanted = truth.frames.map((frame) => ({ function: word(frame.function), line: frame.line }));
      assert.deepEqual(own.slice(0, wanted.length), wanted);
      // An optimised build may inline more than the source asks for.
      truth.frames.forEach(({ inlined = false }, i) => {
        assert.ok(program[i]!.inlined === inlined || (fixture.level === "release" && !inlined), `frame ${i}`);
      });
    });

    it("gives the reason of the trap", () => {
      const { reason } = crash;
      assert.equal(reason.kind, KINDS[truth.trap.kind] ?? truth.trap.kind, JSON.stringify(reason));
      if (truth.panic !== undefined) {
        const { message, file, line, column } = truth.panic;
        assert.equal(reason.language, "rust-panic");
        assert.equal(reason.title, message);
        assert.deepEqual(reason.details, [`panicked at ${file}:${line}:${column}`]);
      }
      if (truth.assertion !== undefined) {
        const { text, file, line, function: within } = truth.assertion;
        assert.equal(reason.title, `assertion failed: ${text}`);
        assert.deepEqual(reason.details, [`at ${file}:${line} in ${within}`]);
      }
    });

    it("has no warnings, since dump, module and debug information belong together", () => {
      assert.deepEqual(crash.warnings, []);
    });
  });
}

describe("a dump that is opened with another module", () => {
  it("is called a misfit, not shown with wrong frames in silence", () => {
    const c = fixtures.find(({ name }) => name === "c-shapes-o0-dwarf5")!;
    const cpp = fixtures.find(({ name }) => name === "cpp-shapes")!;
    const crash = open({ ...c, folder: cpp.folder, module: cpp.module, dump: `../c-shapes/${c.dump}` });
    assert.ok(
      crash.warnings.some((warning) => warning.includes("of another build")),
      crash.warnings.join("\n"),
    );
    assert.ok(
      crash.warnings.some((warning) => warning.includes("does not fit")),
      crash.warnings.join("\n"),
    );
  });
});

describe("the cost of a question", () => {
  it("is one unit of many for the crash frame, and no entries at all for opening", () => {
    const crash = open(fixtures.find(({ name }) => name === "rust-shapes")!);
    const counters = crash.modules[0]!.debug!.counters;
    assert.equal(counters.entries, 0);
    assert.equal(counters.units, 0);
    const frame = crash.threads[0]!.frames().find((candidate) => candidate.origin === "program")!;
    for (const scope of frame.scopes()) if (!scope.expensive) scope.variables();
    const units = [...crash.modules[0]!.debug!.units()].length;
    assert.ok(units > 50, `${units} units`);
    assert.ok(counters.units < units / 3, `${counters.units} of ${units} units were read`);
  });
});
