/** Stack traces as JavaScript engines print them; V8's are this process's own. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { unknownOffset } from "../../engine/coredump/placement";
import { type WasmLine, wasmLine } from "../../engine/coredump/stack-trace/forms";
import { parseStackTraces } from "../../engine/coredump/stack-trace/parse";
import { openCrash, openStackTraces } from "../../engine/postmortem/crash";
import { symbolicate } from "../../engine/postmortem/symbolicate";
import { type Fixture, fixture, loadDump, loadModule } from "../fixtures";
import { v8Stack } from "../support/v8-stack";

const filesOf = (fixture: Fixture) => ({
  main: { module: { path: fixture.module, source: new MemorySource(fixture.module, loadModule(fixture)) } },
});

/** The stack of the error that running a module ends in. */
const stackOf = (fixture: Fixture): string => v8Stack(loadModule(fixture));

describe("a stack trace of V8", () => {
  for (const name of ["c-shapes-o0-dwarf4", "c-shapes-o2-dwarf5", "cpp-shapes", "rust-release"]) {
    it(`has the frames of the core dump of the same crash: ${name}`, () => {
      const crashed = fixture(name);
      const dump = openCrash({ dump: new MemorySource("dump", loadDump(crashed)), ...filesOf(crashed) });
      const { crash } = openStackTraces(stackOf(crashed), "log", filesOf(crashed));
      const framesOf = ({ threads }: typeof crash) =>
        threads[0]!.frames().map((frame) => [frame.fullName, frame.location?.line, frame.location?.column]);
      assert.deepEqual(framesOf(crash), framesOf(dump));
      assert.deepEqual(crash.warnings, []);
    });
  }

  it("has the same frames as Chrome's DevTools writes it, by their offsets alone", () => {
    const crashed = fixture("c-shapes-o2-dwarf5");
    const written = stackOf(crashed);
    const framesOf = (text: string) =>
      openStackTraces(text, "log", filesOf(crashed))
        .crash.threads[0]!.frames()
        .map((frame) => [frame.fullName, frame.location?.line]);
    const own = framesOf(written);
    assert.deepEqual(framesOf(written.replace(/wasm:\/\/[^:]*:wasm-function\[\d+\]/g, "0005b41a")), own);
    assert.deepEqual(framesOf(written.replace(/wasm:\/\/[^:]*:wasm-function\[\d+\]/g, "app.9f61.wasm")), own);
    const unfolded = written.replace(
      /at (.*) \(wasm:\/\/[^:]*:wasm-function\[\d+\](:0x.*)\)/g,
      "$$$1 @ app.wasm$2",
    );
    assert.match(unfolded, /^\s*\$\S+ @ app\.wasm:0x/m);
    assert.deepEqual(framesOf(unfolded), own);
    const { text } = symbolicate(unfolded, "log", filesOf(crashed));
    const [name, line] = own[0]!;
    assert.match(text, new RegExp(String.raw`\$${name} @ \S+:${line}\b`));
  });

  it("opens without values: each variable says that there is no memory and no local", () => {
    const crashed = fixture("c-shapes-o0-dwarf4");
    const { crash } = openStackTraces(stackOf(crashed), "log", filesOf(crashed));
    const frame = crash.threads[0]!.frames()[crash.threads[0]!.crashFrame]!;
    const variables = frame.scopes().flatMap((scope) => (scope.kind === "locals" ? scope.variables() : []));
    assert.ok(variables.length > 0);
    for (const { name, value } of variables) assert.ok(value.missing, name);
  });

  it("is printed with functions, inlined calls and lines, and all around it as it was", () => {
    const crashed = fixture("rust-release");
    const stack = stackOf(crashed);
    const { text } = symbolicate(`before\n${stack}\nafter\n`, "log", filesOf(crashed));
    const lines = text.split("\n");
    const windows = symbolicate(`before\r\n${stack}\r\nafter\r\n`, "log", filesOf(crashed)).text;
    assert.ok(windows.startsWith("before\r\n") && windows.endsWith("\r\nafter\r\n"));
    assert.deepEqual([lines[0], lines[1], ...lines.slice(-2)], ["before", stack.split("\n")[0], "after", ""]);
    const truth = openCrash({ dump: new MemorySource("dump", loadDump(crashed)), ...filesOf(crashed) });
    const own = truth.threads[0]!.frames().filter((frame) => frame.origin === "program");
    assert.ok(own.some(({ inlined }) => inlined));
    for (const { fullName, location } of own) {
      const { file, line, column } = location!;
      assert.ok(lines.includes(`    at ${fullName} (${file.path}:${line}:${column})`), fullName);
    }
    assert.ok(
      lines.some((line) => line.includes("node:wasi")),
      "frames of JavaScript stay",
    );
  });
});

describe("lines of stack traces", () => {
  const forms: readonly (readonly [string, Partial<WasmLine>])[] = [
    [
      "    at crash_here (wasm://wasm/app-00091342:wasm-function[9]:0x456)",
      {
        engine: "V8",
        module: "wasm://wasm/app-00091342",
        functionIndex: 9,
        functionName: "crash_here",
        offset: 0x456,
      },
    ],
    [
      "    at wasm://wasm/00091342:wasm-function[12]:0x1f",
      {
        engine: "V8",
        module: "wasm://wasm/00091342",
        functionIndex: 12,
        functionName: undefined,
        offset: 0x1f,
      },
    ],
    [
      "2026-11-22 10:00:00 [stderr]     at async run (https://host/a b/app.wasm:wasm-function[3]:0xff)",
      { engine: "V8", functionIndex: 3, functionName: "run", offset: 0xff },
    ],
    [
      "    at Object.<anonymous>.std::vec<int, (x)>::at (file:///app.wasm:wasm-function[3]:0xff)",
      { engine: "V8", module: "file:///app.wasm", functionIndex: 3, offset: 0xff },
    ],
    [
      "crash_here@http://localhost:8080/app.wasm:wasm-function[9]:0x456",
      {
        engine: "SpiderMonkey",
        module: "http://localhost:8080/app.wasm",
        functionName: "crash_here",
        offset: 0x456,
      },
    ],
    [
      "@http://host/glue.js line 7 > WebAssembly.instantiate:wasm-function[9]:0x456",
      { engine: "SpiderMonkey", functionIndex: 9, functionName: undefined, offset: 0x456 },
    ],
    [
      "<?>.wasm-function[crash_here]@[wasm code]",
      {
        engine: "JavaScriptCore",
        module: "",
        functionIndex: undefined,
        functionName: "crash_here",
        offset: undefined,
      },
    ],
    [
      "app.wasm-function[9]@[wasm code]",
      { engine: "JavaScriptCore", module: "app", functionIndex: 9, functionName: undefined },
    ],
    // From bug reports and engines' own tests.
    [
      "    at fastled.wasm.fl::AtomicFake<unsigned int>::operator unsigned int() const (http://localhost:8142/fastled.wasm:wasm-function[82]:0xa6a0)",
      { engine: "V8", module: "http://localhost:8142/fastled.wasm", functionIndex: 82, offset: 0xa6a0 },
    ],
    [
      "    at _malloc (<anonymous>:wasm-function[68]:0x1fbd6)",
      { engine: "V8", functionIndex: 68, functionName: "_malloc", offset: 0x1fbd6 },
    ],
    ["    at wasm-function[33]:0x3369", { engine: "V8", module: "", functionIndex: 33, offset: 0x3369 }],
    ["    at wasm-function[79]:46", { engine: "V8", functionIndex: 79, offset: undefined }],
    [
      "write@http://127.0.0.1:8080/dev.js line 97 > eval line 58 > WebAssembly.instantiate:wasm-function[62062]:0x12af331",
      { engine: "SpiderMonkey", functionIndex: 62062, functionName: "write", offset: 0x12af331 },
    ],
    [
      "\t# legalfunc$invoke_jiji@http://localhost:8000/index.js line 1557 > WebAssembly.instantiate:wasm-function[8183]:0x4fb0cf",
      { engine: "SpiderMonkey", functionIndex: 8183, offset: 0x4fb0cf },
    ],
    [
      "    at core::mem::replace::h0eeaa68b237e7c9c (wasm_bg.9f619ede.wasm:0xb75178)",
      {
        engine: "DevTools",
        module: "wasm_bg.9f619ede.wasm",
        functionIndex: undefined,
        functionName: "core::mem::replace::h0eeaa68b237e7c9c",
        offset: 0xb75178,
      },
    ],
    ["    at 185b031e:0x2904", { engine: "DevTools", module: "185b031e", offset: 0x2904 }],
    [
      "$<dyn core::ops::function::FnMut<(A,)>+Output = R as wasm_bindgen::closure::WasmClosure>::describe::invoke::h0e93 @ wasm_bg.9f619ede.wasm:0xac4cdc",
      { engine: "DevTools", module: "wasm_bg.9f619ede.wasm", offset: 0xac4cdc },
    ],
    ["wasm-function[9]@[wasm code]", { engine: "JavaScriptCore", module: "", functionIndex: 9 }],
    [
      "\t<?>.wasm-function[std::alloc::rust_oom::hc4a15e24f24fdc8f] (re_viewer.js:238:137)",
      { engine: "JavaScriptCore", functionName: "std::alloc::rust_oom::hc4a15e24f24fdc8f" },
    ],
    [
      "\t<?>.wasm-function[image::image::decoder_to_vec::h8e1655fba1af6194]",
      { engine: "JavaScriptCore", functionName: "image::image::decoder_to_vec::h8e1655fba1af6194" },
    ],
  ];
  for (const [line, wanted] of forms) {
    it(`are read: ${line.trim()}`, () => {
      const found = wasmLine(line);
      assert.ok(found !== undefined);
      for (const [key, value] of Object.entries(wanted))
        assert.equal(found[key as keyof typeof found], value, key);
    });
  }

  it("are left alone where they are no frames", () => {
    for (const line of [
      "    at main (a.out:0x401136)",
      "see wasm-function[3] below",
      "    at run (app.js:1:2)",
      "wasm-function[",
      "",
    ])
      assert.equal(wasmLine(line), undefined, line);
  });
});

describe("a log", () => {
  const log = [
    "start",
    "Uncaught RuntimeError: unreachable",
    "    at a (wasm://wasm/app-00091342:wasm-function[2]:0x10)",
    "    at run (app.js:1:2)",
    "    at b (wasm://wasm/app-00091342:wasm-function[1]:0x20)",
    "again, at noon:",
    "TypeError: no wasm here",
    "    at run (app.js:1:2)",
    "RuntimeError: divide by zero",
    "c@http://host/other.wasm:wasm-function[5]:0x30",
    "run@http://host/app.js:1:2",
  ].join("\n");

  it("gives each of its traces with the error above it", () => {
    const traces = parseStackTraces(log);
    assert.deepEqual(
      traces.map(({ error, frames }) => [
        error,
        frames.map(({ functionIndex, line }) => [functionIndex, line]),
      ]),
      [
        [
          "RuntimeError: unreachable",
          [
            [2, 2],
            [1, 4],
          ],
        ],
        ["RuntimeError: divide by zero", [[5, 9]]],
      ],
    );
  });

  it("keeps a trace in one piece around the frames of the engine's own", () => {
    const stub = [
      "RuntimeError: call_indirect to a null table entry",
      "<?>.wasm-function[_eggs]@[wasm code]",
      "wasm-stub@[wasm code]",
      "callback@https://app.test/app.js:10:2",
      "forEach@[native code]",
      "module code@https://app.test/app.js:1:2",
      "<?>.wasm-function[_spam]@[wasm code]",
    ];
    const safari = [
      "[Error] RuntimeError: Unreachable code should not be executed (evaluating 'wasm.run(retptr)')",
      "\t<?>.wasm-function[a] (re_viewer.js:238:137)",
      "\t<?>.wasm-function[b]",
      "\t(anonymous function) (re_viewer.js:54:375)",
      "\t<?>.wasm-function[c]",
    ];
    const nested = [
      "Error: failed",
      "    at run (app.js:1:2) {",
      "  cause: RuntimeError: unreachable",
      "      at zend_throw_exception (wasm://wasm/02b5939a:wasm-function[224]:0x1614e)",
      "      at new Promise (<anonymous>)",
      "      at main (wasm://wasm/02b5939a:wasm-function[9]:0x161)",
    ];
    const traces = parseStackTraces([...stub, "", ...safari, "", ...nested].join("\n"));
    assert.deepEqual(
      traces.map(({ error, frames }) => [error?.slice(0, 32), frames.length]),
      [
        ["RuntimeError: call_indirect to a", 2],
        ["RuntimeError: Unreachable code s", 3],
        ["RuntimeError: unreachable", 2],
      ],
    );
  });

  it("of JSON has its traces unfolded", () => {
    const stack =
      "RuntimeError: unreachable\n    at a (wasm://wasm/app-00091342:wasm-function[2]:0x10)\n    at run (C:\\node\\app.js:1:2)\n    at wasm://wasm/app-00091342:wasm-function[1]:0x20";
    const entry = { level: "error", message: "RuntimeError: of something else", stack, host: "a" };
    const text = `{"level":"info"}\n${JSON.stringify(entry)}\n${JSON.stringify({ log: JSON.stringify(entry) })}\n`;
    const traces = parseStackTraces(text);
    assert.deepEqual(
      traces.map(({ error, frames }) => [
        error,
        frames.map(({ functionIndex, offset }) => [functionIndex, offset]),
      ]),
      Array(2).fill([
        "RuntimeError: unreachable",
        [
          [2, 0x10],
          [1, 0x20],
        ],
      ]),
    );
  });

  it("without a trace of WebAssembly is refused with an example of one", () => {
    assert.throws(
      () => openStackTraces("Error: x\n    at run (app.js:1:2)", "log", filesOf(fixture("rust-classic"))),
      /log has no stack trace with WebAssembly frames.*wasm-function\[9\]:0x456/,
    );
  });

  it("whose offsets lie in other functions than it names shows no line of those", () => {
    const crashed = fixture("c-shapes-o0-dwarf4");
    const shifted = stackOf(crashed).replace(
      /0x([0-9a-f]+)\)/g,
      (_, at) => `0x${(Number.parseInt(at, 16) + 4000).toString(16)})`,
    );
    const { crash } = openStackTraces(shifted, "log", filesOf(crashed));
    for (const { offset } of crash.dump.threads[0]!.frames) assert.equal(offset, unknownOffset);
    assert.ok(crash.threads[0]!.frames().every((frame) => frame.location === undefined));
  });

  it("of any text is parsed in time that grows with its length", () => {
    const piece = fc.constantFrom(
      "at ",
      "(",
      ")",
      "wasm-function[",
      "]",
      ":0x",
      "9",
      "@",
      " ",
      "\n",
      "Error",
      "a",
      ".",
      "[wasm code]",
      "<?>",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 400 }), (pieces) => {
        const before = performance.now();
        parseStackTraces(pieces.join(""));
        assert.ok(performance.now() - before < 500);
      }),
      { numRuns: 300 },
    );
    const worst = `${"at (".repeat(1000)}wasm-function[1]:0x1`;
    const before = performance.now();
    parseStackTraces(`${worst}\n`.repeat(20));
    for (const unit of ["\\", "\\n", "\\n ", ":0x1", ':0x1"'])
      parseStackTraces(`wasm-function[1]${unit.repeat(50_000)}\\n`);
    assert.ok(performance.now() - before < 2000, `${performance.now() - before} ms`);
  });
});
