/** Recorded registers, held against what code and memory tell. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { type CoreDumpContents, writeCoreDump } from "../../engine/coredump/writer";
import { openCrash } from "../../engine/postmortem/crash";
import { dumpInfo } from "../../engine/postmortem/dump-info";
import { type Fixture, fixture, loadDump, loadModule } from "../fixtures";

function countsOf(of: Fixture, dump: Uint8Array): readonly number[] {
  const module = { path: of.module, source: new MemorySource(of.module, loadModule(of)) };
  const crash = openCrash({ dump: new MemorySource("dump", dump), main: { module } });
  return dumpInfo(crash.dump, crash).threads[0]!.frames.map(({ contradictions }) => contradictions);
}

/** The dump with another value in a local of one frame. */
function altered(of: Fixture, frame: number, local: number): Uint8Array {
  const dump = readCoreDump(new MemorySource("dump", loadDump(of)));
  const [thread] = dump.threads;
  const frames = thread!.frames.map((one, index) => ({
    ...one,
    locals: one.locals.map((value, nth) =>
      index === frame && nth === local && value.type === "i32"
        ? { ...value, value: value.value ^ 64 }
        : value,
    ),
  }));
  const memories: CoreDumpContents["memories"] = dump.memories.map(({ size, ranges, read }) => ({
    size,
    parts: ranges.map(({ start, length }) => ({ start, bytes: read(start, length) })),
    memory64: false,
  }));
  return writeCoreDump({ ...dump, threads: [{ ...thread!, frames }], memories });
}

describe("a dump's registers", () => {
  for (const name of ["c-shapes-o0-dwarf5", "c-shapes-o2-dwarf5", "rust-release"])
    it(`agree with its memory where V8 recorded them: ${name}`, () => {
      const of = fixture(name);
      const counts = countsOf(of, loadDump(of));
      assert.ok(counts.length > 5);
      assert.deepEqual(
        counts.filter((count) => count > 0),
        [],
      );
    });

  it("are counted where they contradict it", () => {
    const of = fixture("c-shapes-o0-dwarf5");
    const [youngest] = readCoreDump(new MemorySource("dump", loadDump(of))).threads[0]!.frames;
    // The first parameter, which unoptimised code has in memory as well.
    assert.equal(youngest!.locals[0]!.type, "i32");
    assert.equal(countsOf(of, altered(of, 0, 0))[0], 1);
  });
});
