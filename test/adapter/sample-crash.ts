/**
 * A small crash made by hand, for the tests of the protocol: what the engine says of it is fixed here, so that
 * what the adapter makes of it can be told exactly. Whole sessions over real dumps are in golden.test.ts.
 */
import { address, codeOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import type { CoreDump, CoreMemory } from "../../engine/coredump/model";
import { missing } from "../../engine/dwarf/missing";
import type { SourceFile } from "../../engine/dwarf/model";
import type { CodeOrigin, Crash, CrashModule, Frame, Scope, Thread } from "../../engine/postmortem/model";
import type { Child, Value, Variable } from "../../engine/values/model";
import { WasmModule } from "../../engine/wasm/module";
import { type Host, HostError } from "../../host/host";
import { body, moduleOf, vectorSection } from "../wasm/support/module-builder";

/** Three functions of type 0, () → (): `nop; unreachable`, `call 0`, `call 1`; an `end` closes each. */
const module = WasmModule.open(
  new MemorySource(
    "sample.wasm",
    moduleOf(
      vectorSection(1, [0x60, 0, 0]),
      vectorSection(3, [0], [0], [0]),
      vectorSection(10, body(0, 0x01, 0x00, 0x0b), body(0, 0x10, 0, 0x0b), body(0, 0x10, 1, 0x0b)),
    ),
  ),
);
const crashModule: CrashModule = {
  id: 0,
  name: "sample.wasm",
  path: "/project/target/sample.wasm",
  wasm: module,
  buildId: "00ff",
  symbols: { state: "names-only", why: "the module has no .debug_info section" },
  debug: undefined,
};

/** 0x10..0x20 and 0x40..0x50 of 0x60 bytes were recorded; each byte holds its own address. */
const memory: CoreMemory = {
  size: 0x60,
  ranges: [
    { start: address(0x10), length: 0x10 },
    { start: address(0x40), length: 0x10 },
  ],
  gapsAreZero: false,
  read: (at, length) => Uint8Array.from({ length }, (_, index) => at + index),
};

const dump: CoreDump = {
  executable: "sample.wasm",
  threads: [],
  modules: [{ name: "sample.wasm" }],
  instances: [{ module: 0, memories: [0], globals: [] }],
  memories: [memory],
  globals: [],
  dialect: { name: "sample", why: "made by hand" },
  notes: {},
  problems: [],
};

const file = (path: string, source?: string): SourceFile => ({ path, md5: undefined, source });
export const FILES = {
  own: file("/build/src/main.rs"),
  std: file("/rustc/1234/library/core/src/panicking.rs"),
  embedded: file("/generated/parser.c", "int parse(void);\n"),
};

export function leaf(number: number, more: Partial<Value> = {}): Value {
  return {
    text: (format) => (format?.hex ? `0x${number.toString(16)}` : String(number)),
    typeName: "u32",
    missing: undefined,
    address: undefined,
    size: 4,
    target: undefined,
    provenance: "recorded",
    children: undefined,
    ...more,
  };
}

const OUT = missing("optimized-out");
export const UNKNOWN: Value = leaf(0, { text: () => `<unavailable: ${OUT.text}>`, missing: OUT });

function structure(children: readonly Child[], more: Partial<Value> = {}): Value {
  return leaf(0, {
    text: () => "{…}",
    typeName: "Thing",
    children: {
      namedCount: children.length,
      indexedCount: 0,
      named: () => children,
      indexed: () => [],
    },
    ...more,
  });
}

/** `length` elements, the n-th being n; `asked` counts the elements that were made. */
export const asked = { elements: 0 };
export function array(length: number): Value {
  return leaf(0, {
    text: () => `[${length} elements]`,
    typeName: `[u32; ${length}]`,
    children: {
      namedCount: 0,
      indexedCount: length,
      named: () => [],
      indexed: (start, count) =>
        Array.from({ length: Math.max(0, Math.min(count, length - start)) }, (_, index) => {
          asked.elements++;
          return {
            name: `[${start + index}]`,
            value: leaf(start + index),
            path: (p) => `${p}[${start + index}]`,
          };
        }),
    },
  });
}

const member = (name: string, value: Value, hint?: Child["hint"]): Child => ({
  name,
  value,
  path: (parent) => `${parent}.${name}`,
  ...(hint === undefined ? {} : { hint }),
});

const variable = (name: string, value: Value): Variable => ({
  name,
  value,
  evaluateName: name,
  declaration: undefined,
});

const THING = structure(
  [
    member("Base", structure([member("tag", leaf(1))]), "base"),
    member("value", leaf(255, { address: address(0x14) })),
    { name: "*next", value: structure([member("value", leaf(4))]), path: (p) => `*${p}.next`, hint: "lazy" },
    { name: "[raw]", value: leaf(9), path: undefined },
  ],
  { address: address(0x10), target: address(0x40) },
);

const scope = (
  kind: Scope["kind"],
  name: string,
  variables: Variable[],
  more: Partial<Scope> = {},
): Scope => ({
  kind,
  name,
  expensive: false,
  range: undefined,
  variables: () => variables,
  ...more,
});

const SCOPES: readonly Scope[] = [
  scope("arguments", "Arguments", []),
  scope(
    "locals",
    "Locals",
    [variable("thing", THING), variable("gone", UNKNOWN), variable("many", array(5000))],
    {
      range: { file: FILES.own, startLine: 10, endLine: 16 },
    },
  ),
  scope("statics", "Statics", [variable("COUNT", leaf(7))], { expensive: true }),
];

interface Sketch {
  readonly name: string;
  readonly origin: CodeOrigin;
  readonly file?: SourceFile;
  readonly line?: number;
  readonly function?: number;
}

function frameOf(sketch: Sketch, index: number): Frame {
  const functionOf = functionIndex(sketch.function ?? 0);
  return {
    index,
    physical: {
      index,
      core: { instance: 0, functionIndex: functionOf, offset: 1 as never, locals: [], stack: [] },
      module: crashModule,
      functionIndex: functionOf,
      pc: codeOffset(module.body(functionOf)!.start + 1),
      machine: undefined as never,
      recovery: undefined as never,
      memorySize: () => 0x60,
      tables: undefined as never,
    },
    name: sketch.name,
    fullName: sketch.name,
    inlined: false,
    location: sketch.file && { file: sketch.file, line: sketch.line ?? 1, column: 5 },
    origin: sketch.origin,
    entry: undefined,
    unit: undefined,
    language: undefined,
    scopes: () => SCOPES,
    visibleNames: () => undefined,
    parameters: [variable("thing", leaf(3))],
  };
}

export const made = { frames: 0 };
function threadOf(id: number, name: string, sketches: readonly Sketch[], crashFrame: number): Thread {
  const frames = sketches.map(frameOf);
  return {
    id,
    name,
    frameCount: frames.length,
    crashFrame,
    frames: (start = 0, count = frames.length) => {
      const page = frames.slice(start, start + count);
      made.frames += page.length;
      return page;
    },
  };
}

/** A panic: two frames of the runtime, the crash line, its caller in the same file, and code without source. */
export const MAIN: readonly Sketch[] = [
  { name: "rust_panic", origin: "runtime", function: 0 },
  { name: "panic_fmt", origin: "runtime", file: FILES.std, line: 72 },
  { name: "calculate", origin: "program", file: FILES.own, line: 14, function: 1 },
  { name: "parse", origin: "program", file: FILES.embedded, line: 1, function: 1 },
  { name: "_start", origin: "runtime", function: 2 },
];

export function sampleCrash(): Crash {
  return {
    dump,
    modules: [crashModule],
    threads: [
      threadOf(1, "main", MAIN, 2),
      threadOf(2, "worker", [{ name: "func1", origin: "program", function: 1 }], 0),
    ],
    reason: {
      kind: "unreachable",
      title: "attempt to subtract with overflow",
      details: ["panicked at src/main.rs:14:5"],
      trap: "unreachable executed in rust_panic (function 0)",
      language: "rust-panic",
    },
    warnings: ["The build does not match the dump."],
  };
}

/** A host with these files and no others. */
export function hostWith(...files: string[]): Host & { closed: number } {
  return {
    closed: 0,
    open: (path) => Promise.reject(new HostError(`${path} does not exist.`, path)),
    exists: (path) => Promise.resolve(files.includes(path)),
    list: () => Promise.resolve([]),
    readText: (path) => Promise.reject(new HostError(`${path} does not exist.`, path)),
    close() {
      this.closed++;
    },
  };
}
