/**
 * Variables whose local holds another value by the time of the crash: what is given back is what the source says,
 * and nothing is given back that could be another value of theirs.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { captureAtTrap } from "../../capture/inspector/capture";
import { codeOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import type { CoreDump, CoreFrame, RecordedValue } from "../../engine/coredump/model";
import type { Changes, Tenancy } from "../../engine/dwarf/machine";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { openCrash } from "../../engine/postmortem/crash";
import { physicalFrames } from "../../engine/postmortem/frames";
import type { CrashModule } from "../../engine/postmortem/model";
import { integer } from "../../engine/postmortem/reason/registers";
import { isAsLinked } from "../../engine/postmortem/recovery/as-linked";
import { FunctionCode } from "../../engine/wasm/function-code";
import { WasmModule } from "../../engine/wasm/module";
import { fixture, loadDump, loadModule } from "../fixtures";
import { body, moduleOf, vectorSection } from "../wasm/support/module-builder";

describe("a variable whose local was given to another value", () => {
  const shown = (name: string, inFunction: string, expression: string): string => {
    const of = fixture(name);
    const module = { path: of.module, source: new MemorySource(of.module, loadModule(of)) };
    const dump = new MemorySource("dump", loadDump(of));
    const frame = openCrash({ dump, main: { module } })
      .threads[0]!.frames()
      .find((each) => each.entry?.name === inFunction);
    const value = evaluateInFrame(expression, frame!);
    assert.equal(value.missing, undefined, `${name} ${expression}`);
    return value.text();
  };

  for (const name of [
    "cpp-forms-clang19-o2-dwarf4",
    "cpp-forms-clang22-o2-dwarf5",
    "cpp-forms-clang22-os-dwarf4",
  ])
    it(`is what the caller passed: ${name}`, () => {
      assert.equal(shown(name, "load", "index"), "2");
      assert.equal(shown(name, "scopes", "seed#2"), "5");
      assert.equal(shown(name, "bindings", "seed"), "2");
      assert.equal(shown(name, "members", "seed"), "3");
      assert.equal(shown(name, "lambdas", "this->owned"), "41");
      assert.equal(shown(name, "bases", "reference.base"), "11");
      assert.equal(shown(name, "bases", "left->left"), "22");
    });

  it("is what the caller passed, where it then was multiplied in its local", () => {
    assert.equal(shown("c-forms-clang22-o2-dwarf5", "row_of", "columns"), "3");
    assert.equal(shown("cpp-shapes-clang22-os-dwarf5", "scaled", "factor#2"), "2");
  });

  it("is where it lay from the frame base, where that has lost its local", () => {
    assert.equal(shown("c-forms-clang16-o2-dwarf5", "pointers", "*pointer"), "4");
    assert.equal(shown("c-forms-clang16-o2-dwarf5", "pointers", "both == pointer"), "1");
  });

  it("is what it was before addresses of other variables went through its local", () => {
    for (const name of [
      "c-forms-clang16-o2-dwarf5",
      "c-forms-clang22-os-dwarf5",
      "c-forms-clang22-o3-dwarf4",
    ])
      assert.equal(shown(name, "structures", "packet->items[1].first"), "300");
  });
});

const i32 = 0x7f;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const constant = (value: number) => [0x41, value];
const drop = 0x1a;
const multiply = 0x6c;
const full = (index: number): number[] => [0x80 | index, 0x80, 0x80, 0x80, 0];
/** As LLVM's linker writes it: a function that gives an i32. */
const callOther: readonly number[] = [0x10, ...full(2)];
const linked = [...callOther, drop];

/** Function 0 calls function 1, which stands in front of its last instruction, with 42. */
function former(
  code: readonly number[],
  tenancy: Partial<Omit<Tenancy, "since">> & { from?: number; local?: number; isLast?: boolean },
): number | undefined {
  const wasm = WasmModule.open(
    new MemorySource(
      "test",
      moduleOf(
        vectorSection(1, [0x60, 0, 0], [0x60, 1, i32, 0], [0x60, 0, 1, i32]),
        vectorSection(3, [0], [1], [2]),
        vectorSection(
          10,
          body(0, ...constant(42), 0x10, ...full(1), 0x0b),
          body(1, 1, i32, ...code, 0x00, 0x0b),
          body(0, 0x00, 0x0b),
        ),
      ),
    ),
  );
  const frame = (index: number, locals: RecordedValue[]): CoreFrame => {
    const instructions = [...FunctionCode.of(wasm, functionIndex(index))!.instructions()];
    const offset = instructions.at(-2)!.offset;
    return { instance: 0, functionIndex: functionIndex(index), offset, locals, stack: [] };
  };
  const callee = frame(1, [{ type: "missing" }, { type: "missing" }]);
  const thread = { name: "main", frames: [callee, frame(0, [])] };
  const dump = {
    threads: [thread],
    instances: [{ module: 0, memories: [], globals: [] }],
    memories: [],
    globals: [],
    notes: {},
    dialect: { name: "test", why: "" },
  } as unknown as CoreDump;
  const { machine } = physicalFrames(dump, thread, () => ({ wasm }) as CrashModule)[0]!;
  const { from = 0, local = 0, isLast = true, use = "value", changes = "anything" } = tenancy;
  const start = wasm.body(functionIndex(1))!.start;
  const since = { from: codeOffset(start + from), throughout: false, isLast: () => isLast };
  const found = machine.localOf!(local, { since, use, changes });
  return found && Number(integer(found, true));
}

describe("what a local held of a variable", () => {
  const changes = (code: readonly number[]): Record<Changes, number | undefined> => ({
    nothing: former(code, { changes: "nothing" }),
    numbers: former(code, { changes: "numbers" }),
    pointers: former(code, { changes: "pointers" }),
    anything: former(code, { changes: "anything" }),
  });
  const unless = (known: Partial<Record<Changes, number>>): Record<Changes, number | undefined> => ({
    ...{ nothing: undefined, numbers: undefined, pointers: undefined, anything: undefined },
    ...known,
  });
  const always = { nothing: 42, numbers: 42, pointers: 42, anything: 42 };

  it("outlives a local.tee: were the value the variable's, its location would have ended", () => {
    assert.deepEqual(changes([...linked, ...get(0), ...get(0), multiply, ...tee(0), drop]), always);
  });

  it("may be another by a local.set, unless the variable never changes", () => {
    assert.deepEqual(changes([...linked, ...callOther, ...set(0)]), unless({ nothing: 42 }));
    assert.deepEqual(
      changes([...linked, ...get(0), ...get(0), multiply, ...set(0)]),
      unless({ nothing: 42 }),
    );
  });

  it("is an argument's address for good, and no other address", () => {
    const code = [...linked, ...constant(9), ...set(1), ...callOther, ...set(0), ...callOther, ...set(1)];
    assert.equal(former(code, { use: "address" }), 42);
    assert.equal(former(code, { use: "address", local: 1, from: 3 + linked.length + 4 }), undefined);
  });

  it("outlives a constant, where the variable holds numbers: that would be its location", () => {
    assert.deepEqual(changes([...linked, ...constant(7), ...set(0)]), unless({ nothing: 42, numbers: 42 }));
  });

  it("is not known where the ways that lead there differ", () => {
    const branch = [...callOther, 0x04, 0x40, ...callOther, ...set(0), 0x0b];
    assert.deepEqual(changes([...branch, ...constant(7), ...tee(0), drop]), unless({ nothing: 42 }));
  });

  it("is not known where a loop assigns it", () => {
    const loop = [0x03, 0x40, ...callOther, ...set(0), ...callOther, 0x0d, 0, 0x0b];
    assert.deepEqual(changes([...loop, ...constant(7), ...tee(0), drop]), unless({ nothing: 42 }));
  });

  it("is not known where the variable has another location further on", () => {
    const code = [...linked, ...constant(7), ...tee(0), drop];
    assert.equal(former(code, {}), 42);
    assert.equal(former(code, { isLast: false }), undefined);
  });

  it("is not known in code that a tool has written anew", () => {
    const short = [0x10, 2, drop];
    assert.equal(former([...short, ...constant(7), ...tee(0), drop], {}), undefined);
    assert.equal(former([...linked, ...short, ...constant(7), ...tee(0), drop], {}), undefined);
  });

  it("is what was assigned right in front of the location, and not known where nothing was", () => {
    const code = [...linked, ...constant(9), ...set(1), ...constant(7), ...tee(1), drop];
    // Behind the declaration of locals, a call, a constant and an assignment.
    const from = 3 + linked.length + 4;
    assert.equal(former(code, { local: 1, from }), 9);
    assert.equal(former(code, { local: 1, from: from - 2 }), undefined);
    assert.equal(former(code, { local: 1, from: from + 2 }), undefined);
  });
});

describe("code as LLVM's linker wrote it", () => {
  const isAsLinkedIn = (name: string): readonly boolean[] => {
    const of = fixture(name);
    const wasm = WasmModule.open(new MemorySource(of.module, loadModule(of)));
    return ["descend", "scalars", "compounds"].map((wanted) => {
      const index = Array.from({ length: wasm.functionCount }, (_, each) => functionIndex(each)).find(
        (each) => wasm.functionName(each) === wanted,
      );
      return isAsLinked(FunctionCode.of(wasm, index!)!);
    });
  };

  it("keeps what DWARF calls a local: it is told from what Binaryen makes of it", () => {
    for (const name of ["c-shapes-o2-dwarf5", "c-shapes-clang16-o2-dwarf4", "c-shapes-clang19-os-dwarf4"])
      assert.deepEqual(isAsLinkedIn(name), [true, true, true], name);
    assert.deepEqual(isAsLinkedIn("c-shapes-emscripten-o2"), [false, false, false]);
  });
});

/** Parameters of the random programs. */
const parameters = 4;
const local = fc.nat(parameters - 1);
const statement: fc.Arbitrary<number[]> = fc.oneof(
  fc.tuple(local, local).map(([a, b]) => [...get(a), ...set(b)]),
  fc.tuple(local, fc.nat(63)).map(([a, value]) => [...constant(value), ...set(a)]),
  fc
    .tuple(local, local, fc.constantFrom(0x6a, 0x6b, 0x73))
    .map(([a, b, operation]) => [...[...get(a), ...get(b), operation], ...[...tee(b), drop]]),
  fc.tuple(local, fc.nat(15)).map(([a, at]) => [...constant(0), ...get(a), 0x36, 2, 4 * at]),
  fc.tuple(local, fc.nat(15)).map(([a, at]) => [...constant(0), 0x28, 2, 4 * at, ...set(a)]),
  fc.tuple(local, local, local).map(([a, b, c]) => [...get(a), 0x04, 0x40, ...get(b), ...set(c), 0x0b]),
  fc.constant<number[]>([0x10, ...full(0)]),
);

describe("arguments of random programs that have overwritten them", () => {
  it("are what was passed, or not known", async () => {
    let known = 0;
    const samples = fc.sample(
      fc.tuple(
        fc.array(statement, { minLength: 2, maxLength: 12 }),
        fc.array(fc.integer(), { minLength: parameters, maxLength: parameters }),
      ),
      { numRuns: 25, seed: 11 },
    );
    for (const [statements, given] of samples) {
      const bytes = moduleOf(
        vectorSection(1, [0x60, 0, 0], [0x60, parameters, ...new Array<number>(parameters).fill(i32), 0]),
        vectorSection(3, [0], [1]),
        vectorSection(5, [0, 1]),
        vectorSection(7, [1, 0x66, 0, 1]),
        vectorSection(10, body(0, 0x0b), body(0, 0x10, ...full(0), ...statements.flat(), 0x00, 0x0b)),
      );
      const { dump } = await captureAtTrap(() => {
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes.slice()), {});
        (exports["f"] as (...given: number[]) => void)(...given);
      });
      const module = { path: "program.wasm", source: new MemorySource("program.wasm", bytes) };
      const crash = openCrash({ dump: new MemorySource("dump", dump!), main: { module } });
      const { machine, pc, core } = crash.threads[0]!.frames(0, 1)[0]!.physical;
      const since = { from: codeOffset(pc! - core.offset), throughout: false, isLast: () => true };
      given.forEach((argument, index) => {
        const found = machine.localOf!(index, { since, use: "value", changes: "nothing" });
        if (found === undefined) return;
        known++;
        assert.equal(Number(integer(found, true)), argument, `argument ${index} of ${statements.join("; ")}`);
      });
    }
    assert.ok(known > 25, `${known} known`);
  });
});
