/**
 * Dumps beside names and debug information alone: debuginfo-split leaves the code out of its debug files, and the original
 * wasm-coredump client sends none. Lines are then the same as with the code, or missing.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { codeOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import { matchBodies } from "../../engine/postmortem/described/matching";
import type { Crash, Frame } from "../../engine/postmortem/model";
import { WasmModule } from "../../engine/wasm/module";
import { compare } from "../coredump/support/compare";
import { type Fixture, fixture, loadDump, loadModule } from "../fixtures";
import { dumpsOf, loadProduced } from "../fixtures/dialects";
import { withoutCode } from "./support/without-code";

function open(dump: Uint8Array, module: Uint8Array): Crash {
  const source = new MemorySource("app.wasm", module);
  return openCrash({ dump: new MemorySource("dump", dump), main: { module: { path: "app.wasm", source } } });
}

/** A text without the names of functions in it, which take the table's elements to know. */
const withoutFunctions = (text: string): string => text.replace(/(0x[0-9a-f]{8}|slot \d+) <[^>]*>+/g, "$1");

/** What is shown without the code, beside what is shown with it of V8's record of the same trap. */
function judged(of: Fixture, dump = loadDump(of)): ReturnType<typeof compare> & { readonly shown: Crash } {
  const module = loadModule(of);
  const shown = open(dump, withoutCode(module));
  const { frames, variables } = compare(open(loadDump(of), module), shown);
  const wrong = variables.wrong.filter((text) => {
    const [given, wanted] = text.slice(text.indexOf(": ") + 2).split(", not ");
    // A std::function without its function's name shows its members.
    return given !== withoutFunctions(wanted!) && !given!.includes("__func_: 0x");
  });
  return { frames, variables: { ...variables, wrong }, shown };
}

/** Lines of the program's own frames, youngest first. */
const ownLines = (crash: Crash): readonly (number | undefined)[] =>
  crash.threads[0]!.frames()
    .filter(({ origin }) => origin === "program")
    .map(({ location }) => location?.line);

/** Why arguments are missing that the dump has beside the code. */
const missingArguments = (frame: Frame): readonly (string | undefined)[] =>
  frame.origin === "program" ? frame.parameters.flatMap(({ value }) => value.missing?.reason ?? []) : [];

const expectedLines = (of: Fixture): readonly number[] =>
  (
    JSON.parse(readFileSync(join(__dirname, "../..", of.folder, of.expected), "utf8")) as {
      frames: { line: number }[];
    }
  ).frames.map(({ line }) => line);

describe("a dump beside debug information without code", () => {
  for (const name of [
    "rust-classic",
    "rust-release",
    "c-shapes-o0-dwarf4",
    "c-shapes-o2-dwarf5",
    "cpp-shapes",
    "cpp-units",
  ])
    it(`has the lines of the program's own frames, and none that is wrong: ${name}`, () => {
      const of = fixture(name);
      const { frames, variables, shown } = judged(of);
      assert.deepEqual([frames.wrong, variables.wrong], [[], []]);
      assert.deepEqual(ownLines(shown), expectedLines(of));
      assert.match(shown.warnings.join("\n"), /The code of \S+ is not at hand/);
      const reasons = of.level === "debug" ? shown.threads[0]!.frames().flatMap(missingArguments) : [];
      assert.ok(
        reasons.every((reason) => reason === "code-absent"),
        reasons.join(),
      );
    });

  for (const name of ["rust-classic", "rust-release", "cpp-containers", "c-traps/assertion"])
    it(`has them of a program that wasm-coredump-rewriter has instrumented: ${name}`, () => {
      const of = fixture(name);
      const dump = dumpsOf("rewriter-0.2.2").find((one) => one.fixture === of)!;
      const { frames, variables, shown } = judged(of, loadProduced(dump));
      assert.deepEqual([frames.wrong, variables.wrong], [[], []]);
      assert.deepEqual(ownLines(shown), expectedLines(of));
    });

  // Which frames can be told from before 0.2.2 depends on how long the code section's size is written.
  for (const producer of ["rewriter-0.1.12", "rewriter-0.1.22", "rewriter-0.2.1", "wasmtime"] as const)
    it(`has no wrong line of ${producer}'s`, () => {
      for (const dump of dumpsOf(producer)) {
        if (!/^(rust-classic|rust-release|cpp-shapes|c-traps.*)$/.test(dump.fixture.name)) continue;
        const { frames, variables } = judged(dump.fixture, loadProduced(dump));
        assert.deepEqual([frames.wrong, variables.wrong], [[], []], dump.fixture.name);
      }
    });

  it("knows where nearly every function lies, and none wrongly", () => {
    for (const [name, least] of [
      ["rust-shapes", 0.95],
      ["cpp-containers", 0.99],
      ["rust-containers-1.63", 1],
    ] as const) {
      const whole = WasmModule.open(new MemorySource(name, loadModule(fixture(name))));
      const { described, debug } = open(loadDump(fixture(name)), withoutCode(loadModule(fixture(name))))
        .modules[0]!;
      const bodies = Array.from({ length: whole.functionCount }, (_, index) => functionIndex(index)).flatMap(
        (index) => {
          const body = whole.body(index);
          return body && debug!.unitAt(body.start)?.subprogramAt(body.start) ? [body] : [];
        },
      );
      let known = 0;
      for (const { index, start, size } of bodies) {
        const range = described!.bodyOf(index);
        if (range === undefined) continue;
        assert.deepEqual([range.low, range.high], [start, start + size], `function ${index} of ${name}`);
        known++;
      }
      assert.ok(known >= least * bodies.length, `${known} of ${bodies.length} of ${name}`);
    }
  });

  it("shows no wrong line where the names are of another build", () => {
    const of = fixture("rust-classic");
    const other = withoutCode(loadModule(fixture("rust-release")), (name) => name === "name");
    const debug = withoutCode(loadModule(of), (name) => name.startsWith(".debug_"));
    const crash = open(loadDump(of), Buffer.concat([debug, other.subarray(8)]));
    const placed = crash.threads[0]!.frames().filter(({ location }) => location !== undefined);
    const truth = open(loadDump(of), loadModule(of)).threads[0]!.frames();
    for (const { physical, location } of placed) {
      const same = truth.find((frame) => frame.physical.index === physical.index)!;
      assert.equal(location!.line, same.location?.line, `frame ${physical.index}`);
    }
  });
});

describe("functions and subprograms in two lists", () => {
  const functions = (...names: string[]) =>
    names.map((name, at) => ({ index: 3 + at, name, shortName: name.split(".").at(-1)! }));
  /** Bodies of a size, one behind the other, as a linker lays them out; "" is one that is not described. */
  const bodies = (...names: string[]) => {
    let low: number = 2;
    return names.flatMap((name, at) => {
      const range = { low: codeOffset(low), high: codeOffset(low + 10 + at) };
      low = range.high + 1;
      return name === "" ? [] : [{ name, shortName: name.split(".").at(-1)!, range }];
    });
  };
  const matched = (...lists: Parameters<typeof matchBodies>) => [...matchBodies(...lists).keys()].sort();

  it("are joined by name, and those between by their order", () => {
    assert.deepEqual(matched(functions("a", "b", "c", "d"), bodies("a", "b", "x", "d")), [3, 4, 5, 6]);
  });

  it("stay apart where there are fewer of a name than functions", () => {
    assert.deepEqual(matched(functions("a", "f", "f", "d"), bodies("a", "", "f", "d")), [3, 6]);
  });

  it("are joined in order where several have one name", () => {
    const found = matchBodies(functions("f", "g", "f"), bodies("f", "", "f"));
    assert.deepEqual([found.get(3)?.low, found.get(4), found.get(5)?.low], [2, undefined, 25]);
  });

  it("stay apart where they are not in one order", () => {
    assert.deepEqual(matched(functions("a", "b"), bodies("b", "a")), []);
  });

  it("stay apart where there is more between two neighbours than a size", () => {
    const [a, b] = bodies("a", "b");
    const late = { ...b!, range: { low: codeOffset(b!.range.low + 1), high: b!.range.high } };
    assert.deepEqual(matched(functions("a", "b"), [a!, late]), []);
  });

  it("stay apart where one is described twice, and differently", () => {
    const [a, b, c] = bodies("a", "b", "c");
    const again = { ...b!, range: { ...b!.range, high: codeOffset(b!.range.high - 2) } };
    assert.deepEqual(matched(functions("a", "b", "c"), [a!, b!, again, c!]), [3, 5]);
  });
});
