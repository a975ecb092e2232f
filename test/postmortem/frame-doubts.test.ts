/**
 * Optimised code whose debug information is wrong: each variable of `c-moved` that it describes otherwise than the
 * source has it is missing, while what it names is shown to hold something else.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { DW_AT, DW_TAG } from "../../engine/dwarf/constants";
import { evaluate } from "../../engine/dwarf/evaluator";
import { Missing } from "../../engine/dwarf/missing";
import type { Entry } from "../../engine/dwarf/model";
import { fromBytes } from "../../engine/dwarf/stack-value";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { openCrash } from "../../engine/postmortem/crash";
import { delayedValues } from "../../engine/postmortem/delayed-values";
import type { Frame } from "../../engine/postmortem/model";
import { FunctionCode } from "../../engine/wasm/function-code";
import { WasmModule } from "../../engine/wasm/module";
import { fixture, loadDump, loadModule, sourceFolder } from "../fixtures/index";
import { body, moduleOf, vectorSection } from "../wasm/support/module-builder";

const framesOf = (name: string): readonly Frame[] =>
  framesIn(loadModule(fixture(name)), loadDump(fixture(name)));

function framesIn(module: Uint8Array, dump: Uint8Array): readonly Frame[] {
  const crash = openCrash({
    dump: new MemorySource("app.coredump", dump),
    main: { module: { path: "app.wasm", source: new MemorySource("app.wasm", module) } },
  });
  return crash.threads[0]!.frames();
}

const called = (frames: readonly Frame[], name: string): Frame =>
  frames.find((frame) => frame.name === name)!;

/** The number that the debug information gives for a variable, whatever speaks against it. */
function claimed(frame: Frame, name: string): bigint | undefined {
  const { pc, machine, module } = frame.physical;
  const entry = variableIn(frame.entry!, name)!;
  const constant = entry.constant(DW_AT.const_value, true);
  if (constant !== undefined) return constant;
  const location = entry.location(DW_AT.location, pc);
  assert.ok(location instanceof Uint8Array);
  const place = evaluate(location, {
    machine,
    unit: entry.unit,
    subprogram: frame.entry,
    pc,
    debug: module.debug,
  });
  assert.ok(!(place instanceof Missing) && (place.kind === "value" || place.kind === "register"));
  return fromBytes(place.bytes);
}

function variableIn(scope: Entry, name: string): Entry | undefined {
  for (const child of scope.children()) {
    if (child.tag === DW_TAG.variable && child.name === name) return child;
    const within = child.tag === DW_TAG.lexical_block ? variableIn(child, name) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}

describe("Variables that optimised code describes otherwise than it has them", () => {
  const misdescribed: readonly [module: string, caller: string, name: string, claim: bigint, why: RegExp][] =
    [
      ["clang22-o1-dwarf5", "sums", "total", 1n, /only later/],
      ["clang22-o2-dwarf5", "sums", "total", 1n, /only later/],
      ["clang19-o2-dwarf4", "sums", "total", 1n, /only later/],
      ["clang22-o1-dwarf5", "entries", "total", 1n, /only later/],
      ["clang22-o1-dwarf5", "turns", "index", 4n, /worked out ahead/],
      ["clang22-o2-dwarf5", "stop", "turn", 4n, /another turn/],
      ["clang19-o2-dwarf4", "stop", "turn", 4n, /another turn/],
    ];
  for (const [module, caller, name, claim, why] of misdescribed) {
    it(`are missing: ${name} of ${caller} by ${module}`, () => {
      const frame = called(framesOf(`c-moved-${module}`), caller);
      assert.equal(claimed(frame, name), claim);
      const { missing } = evaluateInFrame(name, frame);
      assert.equal(missing?.reason, "misdescribed");
      assert.match(missing.text, why);
    });
  }

  for (const module of ["clang22-o1-dwarf5", "clang22-o2-dwarf5"])
    it(`are missing in part, where a part is: by ${module}`, () => {
      const frames = framesOf(`c-moved-${module}`);
      const reason = (caller: string, expression: string): string | undefined =>
        evaluateInFrame(expression, called(frames, caller)).missing?.reason;
      assert.equal(reason("fields", "span.until"), "misdescribed");
      assert.equal(reason("entries", "entry.kind"), "misdescribed");
      assert.equal(reason("joins", "word.all"), "misdescribed");
      assert.equal(reason("joins", "word.real"), "misdescribed");
      assert.equal(evaluateInFrame("span.from", called(frames, "fields")).text(), "5");
      assert.equal(evaluateInFrame("word.low", called(frames, "joins")).text(), "92 '\\\\'");
      assert.equal(evaluateInFrame("extra", called(frames, "sums")).text(), "30");
    });

  it("are missing where one number is given for turns of a loop that all have their own code", () => {
    const file = (name: string): Uint8Array =>
      readFileSync(join(sourceFolder(fixture("c-moved-clang22-o2-dwarf5")), `unrolled.${name}`));
    const frame = called(framesIn(file("wasm"), file("coredump")), "run");
    for (const name of ["i", "count"]) {
      assert.notEqual(claimed(frame, name), 2n); // it crashes in the third turn
      assert.equal(evaluateInFrame(name, frame).missing?.reason, "misdescribed");
    }
  });

  it("are few: none of the other programs' has such a reason", () => {
    for (const name of ["c-shapes-o2-dwarf5", "c-forms-clang22-o2-dwarf5", "cpp-forms-clang22-o2-dwarf5"])
      for (const frame of framesOf(name))
        for (const scope of frame.scopes().filter(({ kind }) => kind === "arguments" || kind === "locals"))
          for (const { name: variable, value } of scope.variables())
            assert.notEqual(value.missing?.reason, "misdescribed", `${name} ${frame.name} ${variable}`);
  });
});

describe("Values that are worked out only behind the instruction where a frame stands", () => {
  const i32 = 0x7f;
  /** Of a function of two parameters and one more local, by the offsets of the instructions that give them. */
  const delayedIn = (code: readonly number[], at: number): readonly (readonly number[])[] => {
    const bytes = moduleOf(
      vectorSection(1, [0x60, 2, i32, i32, 0], [0x60, 0, 1, i32]),
      vectorSection(3, [0], [1]),
      vectorSection(10, body(1, 1, i32, ...code, end), body(0, 0x41, 7, end)),
    );
    const module = WasmModule.open(new MemorySource("app.wasm", bytes));
    const found = FunctionCode.of(module, functionIndex(0))!;
    return delayedValues(module, found, bodyOffset(found.start + at)).map(({ at: offset, locals }) => [
      offset - found.start,
      ...locals,
    ]);
  };
  const end = 0x0b;
  const call = [0x10, 1];
  const add = 0x6a;

  it("are those made of locals as they were, and of nothing that happened since", () => {
    // call; local.set 2; local.get 0; local.get 1; i32.add; local.get 2; i32.add; drop
    assert.deepEqual(delayedIn([...call, 0x21, 2, 0x20, 0, 0x20, 1, add, 0x20, 2, add, 0x1a], 0), [
      [8, 0, 1],
    ]);
  });

  it("end where the code branches or joins", () => {
    // call; drop; block; local.get 0; i32.eqz; drop; end
    assert.deepEqual(delayedIn([...call, 0x1a, 0x02, 0x40, 0x20, 0, 0x45, 0x1a, 0x0b], 0), []);
    assert.deepEqual(delayedIn([...call, 0x1a, 0x20, 0, 0x45, 0x1a], 0), [[5, 0]]);
  });
});
