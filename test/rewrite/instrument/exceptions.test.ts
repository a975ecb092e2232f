/** Whose locals a dump has: those of the error that it is of, and no other's. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { captureCoreDump, keepWholeStacks } from "../../../capture/library/index";
import type { CoreDump } from "../../../engine/coredump/model";
import { program } from "./sample";
import { instrumentBytes, type Running, read, start, thrownBy } from "./support";

keepWholeStacks();

const made = instrumentBytes(program).module;
const startWith = (call: (value: number) => number): Running => start(made, { host: { call } });
const dumpOf = (error: unknown, running: Running): CoreDump => read(captureCoreDump(error, running));
const localsOf = ({ threads }: CoreDump) =>
  threads[0]!.frames.map(({ functionIndex, locals }) => [
    functionIndex as number,
    ...locals.map((local) => (local.type === "i32" ? local.value : local.type)),
  ]);

describe("the locals of an error", () => {
  it("are there for an exception of the host's own", () => {
    const running = startWith(() => {
      throw new TypeError("of the host");
    });
    const dump = dumpOf(
      thrownBy(() => running.call("outer", 7)),
      running,
    );
    assert.equal(dump.notes.error, "TypeError: of the host");
    assert.deepEqual(localsOf(dump), [
      [1, 7, 700],
      [2, "missing", 70],
    ]);
  });

  it("are there where the error throws when its cause is read", () => {
    const running = startWith(() => {
      throw Object.defineProperty(new TypeError("hostile"), "cause", {
        get() {
          throw new Error("angry");
        },
      });
    });
    const dump = dumpOf(
      thrownBy(() => running.call("outer", 7)),
      running,
    );
    assert.deepEqual(localsOf(dump), [
      [1, 7, 700],
      [2, "missing", 70],
    ]);
  });

  it("are its own, when others were thrown before and after, and caught", () => {
    let failing = true;
    const running = startWith((value) => {
      if (failing) throw new Error(`caught ${value}`);
      return value;
    });
    for (const value of [1, 2]) thrownBy(() => running.call("outer", value));
    failing = false;
    const error = thrownBy(() => running.call("outer", 0));
    failing = true;
    thrownBy(() => running.call("outer", 3));
    const dump = dumpOf(error, running);
    assert.equal(dump.notes.error, "RuntimeError: divide by zero");
    assert.deepEqual(localsOf(dump), [
      [1, 0, 0],
      [2, "missing", 0],
    ]);
  });

  it("stay the same when the dump is taken again", () => {
    const running = startWith(() => {
      throw new Error("once");
    });
    const error = thrownBy(() => running.call("outer", 5));
    const first = localsOf(dumpOf(error, running));
    thrownBy(() => running.call("outer", 6));
    assert.deepEqual(localsOf(dumpOf(error, running)), first);
    assert.deepEqual(first, [
      [1, 5, 500],
      [2, "missing", 50],
    ]);
  });

  it("are left out of frames that the error has not left yet", () => {
    let inside: CoreDump | undefined;
    const running: Running = startWith((value) => {
      if (value === 0) return 0;
      const error = thrownBy(() => running.call("inner", 0));
      inside = dumpOf(error, running);
      return value;
    });
    running.call("outer", 4);
    assert.deepEqual(localsOf(inside!), [[1, 0, 0], [1], [2]]);
  });

  it("are those of the instance that it left, of several", () => {
    const first = startWith((value) => value);
    const second = startWith(() => {
      throw new Error("second");
    });
    const dumpOfBoth = (error: unknown) => read(captureCoreDump(error, { instances: [first, second] }));
    const trapped = thrownBy(() => first.call("outer", 0));
    assert.deepEqual(localsOf(dumpOfBoth(trapped)), [
      [1, 0, 0],
      [2, "missing", 0],
    ]);
    const thrown = thrownBy(() => second.call("outer", 9));
    assert.deepEqual(localsOf(dumpOfBoth(thrown)), [
      [1, 9, 900],
      [2, "missing", 90],
    ]);
  });

  it("are not told where they may be another's: when two were thrown, and the first is asked about", () => {
    const running = startWith(() => {
      throw new Error("of the host");
    });
    const first = thrownBy(() => running.call("outer", 1));
    thrownBy(() => running.call("outer", 2));
    assert.deepEqual(localsOf(dumpOf(first, running)), [[1], [2]]);
  });

  it("are not told of a trap that no handler saw, after another error that nobody asked about", () => {
    let failing = true;
    const running = startWith((value) => {
      if (failing) throw new Error("of the host");
      return value;
    });
    thrownBy(() => running.call("peek", 1));
    failing = false;
    const trap = thrownBy(() => running.call("peek", 70_000));
    assert.ok(trap instanceof WebAssembly.RuntimeError);
    assert.deepEqual(localsOf(dumpOf(trap, running)), [[3]]);
  });

  it("do not show in the error's own stack, which begins at the trap", () => {
    const running = startWith((value) => value);
    const { stack } = thrownBy(() => running.call("outer", 0)) as Error;
    assert.match(stack!, /^RuntimeError: divide by zero\n +at (\S+ \()?wasm:/);
  });

  it("give way to results where nothing is thrown", () => {
    assert.equal(startWith((value) => value).call("outer", 3), 3 + 100 + 300 + 30);
  });
});
