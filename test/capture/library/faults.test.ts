/** The library where things are worse than an error: it fails alone, and the program's error stays what it was. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { captureCoreDump, keepWholeStacks, wrapExports } from "../../../capture/library/index";
import { MemorySource } from "../../../engine/bytes/source";
import { readCoreDump } from "../../../engine/coredump/reader";
import { sample, thrown } from "./sample";

const angry = (): never => {
  throw new Error("angry");
};
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** What is logged meanwhile. */
let log: string[];
const { error: consoleError } = console;
beforeEach(() => {
  log = [];
  console.error = (text: string) => log.push(text);
});
afterEach(() => {
  console.error = consoleError;
});

/** What a call throws, if it throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    return void call();
  } catch (error) {
    return error;
  }
}

describe("an error that does not want to be read", () => {
  const { memory, exports, ...program } = sample();
  const trap = thrown(exports.trap) as Error;
  const cases: Readonly<Record<string, unknown>> = {
    "has no text": Object.create(null),
    "throws at each member": new Proxy({}, { get: angry, ownKeys: angry, getPrototypeOf: angry }),
    "is revoked": revoked(),
    "throws for its stack": Object.defineProperty(new Error("x"), "stack", { get: angry }),
    "throws for its cause": Object.defineProperty(new Error("x"), "cause", { get: angry }),
    "is its own cause": Object.assign(new Error("x"), { cause: null }),
    "is a number": 42,
    "is nothing": undefined,
    "has no stack": Object.assign(new Error("x"), { stack: undefined }),
    "has call sites for its stack": Object.assign(new Error("x"), { stack: [{}, {}] }),
    "has a stack of ten million characters": Object.assign(new Error("x"), {
      stack: "at wasm\n".repeat(1_250_000),
    }),
  };
  (cases["is its own cause"] as Error).cause = cases["is its own cause"];

  for (const [what, error] of Object.entries(cases))
    it(`gives a dump of memory where it ${what}`, () => {
      new Uint8Array(memory.buffer)[5] = 7;
      const dump = captureCoreDump(error, { ...program, memory });
      assert.equal(dump?.frames, 0);
      const { memories } = readCoreDump(new MemorySource("dump", dump.bytes()));
      assert.equal(memories[0]!.read(5 as never, 1)[0], 7);
      assert.ok(dump.size < 100_000);
    });

  it("gives its frames where it is frozen, and where all but its stack throws", () => {
    assert.equal(captureCoreDump(Object.freeze(trap), program)?.frames, 1);
    const hostile = thrown(sample().exports.trap) as Error;
    assert.match(
      hostile.stack!,
      /wasm-function/,
      "which an engine writes down when it is read for the first time",
    );
    for (const member of ["message", "name", "cause", "toString"])
      Object.defineProperty(hostile, member, { get: angry });
    const dump = readCoreDump(new MemorySource("dump", captureCoreDump(hostile, program)!.bytes()));
    assert.deepEqual(
      dump.threads[0]!.frames.map(({ functionIndex }) => functionIndex as number),
      [3],
    );
  });

  it("leaves a watched export as it is, whatever it is", () => {
    for (const [what, error] of Object.entries(cases)) {
      const watched = wrapExports(
        sample(() => {
          throw error;
        }).exports,
        { onDump: angry, wants: () => true },
      );
      assert.ok(Object.is(thrown(watched.call_host), error), what);
    }
  });
});

describe("a program that does not want to be read", () => {
  const error = thrown(sample().exports.trap);

  it("gives the rest where its exports, its globals or its log throw", () => {
    const hostile = [
      { exports: revoked() },
      { exports: Object.defineProperty({}, "memory", { get: angry, enumerable: true }) },
      {
        exports: {
          global: {
            [Symbol.toStringTag]: "WebAssembly.Global",
            get value() {
              return angry();
            },
          },
        },
      },
    ];
    console.error = angry;
    for (const instance of hostile) assert.equal(captureCoreDump(error, { instance })?.frames, 1);
  });

  it("gives no dump, and no error, where its memory or its module is none", () => {
    const memory = {
      [Symbol.toStringTag]: "WebAssembly.Memory",
      get buffer() {
        return angry();
      },
    } as never;
    assert.equal(captureCoreDump(error, { memory }), undefined);
    assert.equal(captureCoreDump(error, { module: {} as never }), undefined);
    assert.equal(captureCoreDump(error, { instances: 5 as never }), undefined);
    assert.equal(log.length, 3);
    assert.match(log[0]!, /^No core dump: Error: angry/);
    console.error = angry;
    assert.equal(captureCoreDump(error, { memory }), undefined);
  });

  const limits: Readonly<Record<string, [PropertyDescriptor, frames: number]>> = {
    "0": [{ value: 0, writable: true }, 1],
    "5": [{ value: 5, writable: true }, 1],
    Infinity: [{ value: Infinity, writable: true }, 1],
    undefined: [{ value: undefined, writable: true }, 1],
    "a text": [{ value: "many", writable: true }, 1],
    "1, for ever": [{ value: 1, writable: false }, 1],
    "0, for ever": [{ value: 0, writable: false }, 0],
  };
  for (const [limit, [descriptor, frames]] of Object.entries(limits))
    it(`has the stacks that it can have where Error.stackTraceLimit is ${limit}`, () => {
      const usual = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit")!;
      Object.defineProperty(Error, "stackTraceLimit", { ...descriptor, configurable: true });
      try {
        keepWholeStacks();
        const running = sample();
        const dump = captureCoreDump(thrown(running.exports.trap), running);
        assert.equal(dump?.frames, frames);
        if (descriptor.writable) assert.ok(Error.stackTraceLimit >= 1000);
        else assert.equal(Error.stackTraceLimit, descriptor.value);
      } finally {
        Object.defineProperty(Error, "stackTraceLimit", usual);
      }
    });

  it("is told what it threw, however full the stack is", () => {
    const kept = Error.stackTraceLimit;
    const watched = wrapExports(sample().exports, { onDump: (dump) => dump.bytes() });
    Error.stackTraceLimit = 10;
    const seen = new Set<string>();
    // From where the stack is full, the 300 frames above that return one by one, and each calls.
    const descend = (): number => {
      let above = 0;
      try {
        above = descend() + 1;
      } catch {
        // The stack is full here.
      }
      if (above < 300) seen.add(String(thrownBy(watched.trap)));
      return above;
    };
    descend();
    Error.stackTraceLimit = kept;
    assert.ok(seen.delete("RuntimeError: unreachable"));
    seen.delete("RangeError: Maximum call stack size exceeded"); // there was no room for the call itself
    assert.deepEqual([...seen], []);
  });
});

describe("taking a dump", () => {
  it("copies no more of a memory of 64 MiB than a chunk at a time", () => {
    const running = sample();
    running.memory.grow(1022);
    new Uint8Array(running.memory.buffer).fill(3);
    const error = thrown(running.exports.trap);
    const sizes: number[] = [];
    const { Uint8Array: plain } = globalThis;
    globalThis.Uint8Array = new Proxy(plain, {
      construct(target, values, newTarget) {
        if (typeof values[0] === "number") sizes.push(values[0]);
        return Reflect.construct(target, values, newTarget) as object;
      },
    });
    const { slice } = plain.prototype;
    plain.prototype.slice = angry;
    let total = 0;
    try {
      for (const chunk of captureCoreDump(error, running)!.chunks()) total += chunk.length;
    } finally {
      globalThis.Uint8Array = plain;
      plain.prototype.slice = slice;
    }
    assert.ok(total > 64 << 20);
    assert.ok(sizes.length > 1000 && Math.max(...sizes) === 65_536, `${sizes.length} chunks`);
  });

  it("twice gives the same twice, and the memory of now where the program grew it meanwhile", () => {
    const running = sample();
    const error = thrown(running.exports.trap);
    const [first, second] = [captureCoreDump(error, running)!, captureCoreDump(error, running)!];
    const bytes = first.bytes();
    assert.deepEqual(second.bytes(), bytes);
    const half = captureCoreDump(error, running)!.chunks()[Symbol.iterator]();
    running.memory.grow(3);
    assert.equal(half.next().value!.length, bytes.length);
    assert.deepEqual(first.bytes(), bytes);
  });

  it("while one is delivered takes no other, and goes on afterwards", () => {
    const running = sample();
    let deliveries = 0;
    const watched = wrapExports(running.exports, {
      ...running,
      onDump() {
        deliveries++;
        watched.trap();
      },
    });
    for (const _ of [1, 2]) assert.match(String(thrown(watched.trap)), /unreachable/);
    assert.equal(deliveries, 2);
    assert.deepEqual(log, Array(2).fill("No core dump: RuntimeError: unreachable"));
  });
});
