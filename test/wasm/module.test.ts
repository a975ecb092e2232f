import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FormatError } from "../../engine/bytes/errors";
import { codeOffset, fileOffset, functionIndex } from "../../engine/bytes/offsets";
import { RemoteSource, settle } from "../../engine/bytes/remote-source";
import { MemorySource, PagedSource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { WasmModule } from "../../engine/wasm/module";
import {
  body,
  custom,
  moduleOf,
  nameMap,
  sampleBuildId,
  sampleModule,
  sampleSections,
  section,
  subsection,
  vectorSection,
} from "./support/module-builder";

const open = (bytes: Uint8Array, name = "app.wasm") => WasmModule.open(new MemorySource(name, bytes));
const f = functionIndex;

function refusal(bytes: ArrayLike<number>): string {
  try {
    open(Uint8Array.from(bytes), "given");
  } catch (error) {
    assert.ok(error instanceof FormatError);
    assert.ok(error.advice, "says what to do");
    return error.message;
  }
  return assert.fail("was accepted");
}

const text = (value: string) => new TextEncoder().encode(value);

describe("opening a module", () => {
  it("is tested with a module that engines accept", () => {
    assert.doesNotThrow(() => new WebAssembly.Module(Uint8Array.from(sampleModule())));
  });

  it("lists sections by their names, custom ones without it in their contents", () => {
    const module = open(sampleModule());
    assert.deepEqual(
      module.sections.map(({ name }) => name),
      [
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "element",
        "code",
        "name",
        "build_id",
      ],
    );
    assert.equal(module.customSection("build_id")?.size, 17);
    assert.equal(module.customSection("code"), undefined);
    assert.deepEqual(module.problems, []);
  });

  it("says what people gave instead of a module, and what to do", () => {
    assert.match(refusal([]), /is empty/);
    assert.match(refusal([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /is a WebAssembly component.*unbundle/);
    assert.match(refusal([0x1f, 0x8b, 8, 0]), /gzip.*gunzip/);
    assert.match(refusal(text("  (module)")), /text format/);
    assert.match(refusal(text("import x from 'y'")), /is not WebAssembly/);
    assert.match(refusal([0x7f, 0x45, 0x4c, 0x46]), /ELF/);
    assert.match(refusal([0, 0x61, 0x73, 0x6d]), /ends inside its header/);
    assert.match(refusal([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]), /version 2/);
  });

  it("keeps what a truncated file still has, and says that it is truncated", () => {
    const whole = sampleModule();
    const module = open(whole.subarray(0, whole.length - 40));
    assert.equal(module.sections.at(-1)?.name, "name");
    assert.equal(module.problems.length, 1);
    assert.match(module.problems[0]!.message, /"name" should end at .*truncated/);
    assert.equal(module.functionName(f(1)), "add");
  });

  it("reads headers only, however large the sections are", () => {
    const bytes = moduleOf(
      sampleSections.types,
      custom(".debug_info", new Uint8Array(1 << 20)),
      sampleSections.names,
    );
    const source = new PagedSource(
      "big.wasm",
      bytes.length,
      (at, into) => {
        into.set(bytes.subarray(at, at + into.length));
        return into.length;
      },
      4096,
    );
    assert.equal(WasmModule.open(source).sections.length, 3);
    assert.ok(source.counters.bytesRead <= 4 * 4096, `${source.counters.bytesRead} bytes were read`);
  });

  it("works over bytes that must be awaited", async () => {
    const bytes = sampleModule();
    const source = new RemoteSource(
      "remote.wasm",
      bytes.length,
      async (at, n) => bytes.slice(at, at + n),
      16,
    );
    const module = await settle(() => WasmModule.open(source));
    assert.equal(await settle(() => module.functionName(f(3))), "a b");
    assert.equal(await settle(() => module.body(f(3))?.size), 7);
    assert.equal(await settle(() => module.localName(f(1), 2)), "sum");
    assert.equal(await settle(() => module.tableEntry(0, 2)), 3);
    assert.deepEqual(module.problems, []);
  });
});

describe("the build id", () => {
  const withId = (...bytes: number[]) => open(moduleOf(custom("build_id", bytes))).buildId;

  it("is the payload behind its length, in lower-case hex", () => {
    assert.equal(open(sampleModule()).buildId, sampleBuildId);
  });

  it("is the whole section when a tool wrote no length", () => {
    assert.equal(withId(0xab, 0xcd, 0xef), "abcdef");
  });

  it("is undefined when there is none", () => {
    assert.equal(open(moduleOf()).buildId, undefined);
    assert.equal(withId(), undefined);
  });

  it("stands beside the places of debug information and source map", () => {
    const module = open(
      moduleOf(
        custom("external_debug_info", new ByteWriter().name("app.debug.wasm")),
        custom("sourceMappingURL", new ByteWriter().name("app.map")),
      ),
    );
    assert.equal(module.externalDebugInfo, "app.debug.wasm");
    assert.equal(module.sourceMappingUrl, "app.map");
  });
});

describe("function bodies", () => {
  it("start behind their size, in code offsets and in the file", () => {
    const module = open(sampleModule());
    const code = module.codeSection!;
    assert.deepEqual(module.body(f(1)), { index: 1, start: 2, size: 11, fileStart: code.start + 2 });
    assert.deepEqual(module.body(f(3))?.start, 17);
    assert.equal(module.body(f(0)), undefined, "an import has no body");
    assert.equal(module.body(f(4)), undefined);
  });

  it("are found by any code offset inside of them, and by none between them", () => {
    const module = open(sampleModule());
    const found = Array.from({ length: 25 }, (_, pc) => module.functionAt(codeOffset(pc)));
    const none = undefined;
    assert.deepEqual(found, [none, none, ...Array(11).fill(1), none, 2, 2, none, ...Array(7).fill(3), none]);
  });

  it("convert between file and code offsets", () => {
    const module = open(sampleModule());
    const code = module.codeSection!;
    assert.equal(module.codeOffsetToFile(codeOffset(5)), code.start + 5);
    assert.equal(module.fileToCodeOffset(fileOffset(code.start + 5)), 5);
    assert.equal(module.fileToCodeOffset(fileOffset(code.start - 1)), undefined);
    assert.equal(module.fileToCodeOffset(fileOffset(code.start + code.size)), undefined);
  });

  it("are located no further than asked, and without reading them", () => {
    const size = 10_000;
    const bodies = Array.from({ length: 200 }, () => body(0, ...new Uint8Array(size), 0x0b));
    const bytes = moduleOf(
      sampleSections.types,
      vectorSection(3, ...bodies.map(() => [1])),
      vectorSection(10, ...bodies),
    );
    const source = new PagedSource(
      "big.wasm",
      bytes.length,
      (at, into) => {
        into.set(bytes.subarray(at, at + into.length));
        return into.length;
      },
      64,
    );
    const module = WasmModule.open(source);
    assert.equal(module.bodiesLocated, 0);
    const body50 = module.body(f(50))!;
    assert.equal(body50.size, size + 2);
    assert.equal(module.bodiesLocated, 51);
    assert.equal(module.functionAt(codeOffset(body50.start + size)), 50);
    assert.equal(module.bodiesLocated, 51);
    assert.ok(source.counters.bytesRead < 200 * 64, `${source.counters.bytesRead} bytes were read`);
  });

  it("end where a damaged code section breaks, with the earlier ones kept", () => {
    const damaged = section(10, [3, 2, 0, 0x0b, 0x7f, 0, 0x0b]);
    const module = open(moduleOf(sampleSections.types, vectorSection(3, [1], [1], [1]), damaged));
    assert.equal(module.body(f(0))?.size, 2);
    assert.equal(module.body(f(1))?.size, 2, "cut at the section's end");
    assert.equal(module.body(f(2)), undefined);
    assert.match(module.problems[0]!.message, /body 1 of 127 bytes reaches past/);
  });
});

describe("what a module declares", () => {
  const module = open(sampleModule());

  it("counts imported functions first", () => {
    assert.equal(module.importedFunctionCount, 1);
    assert.equal(module.functionCount, 4);
    assert.deepEqual(module.functionType(f(0)), { parameters: [], results: [] });
    assert.deepEqual(module.functionType(f(3)), { parameters: ["i32", "i32"], results: ["i32"] });
    assert.equal(module.functionType(f(4)), undefined);
  });

  it("knows a global's initial value only where no import decides it", () => {
    assert.deepEqual(
      module.globals.map(({ imported, mutable, initial }) => [
        imported,
        mutable,
        initial && "value" in initial && initial.value,
      ]),
      [
        [true, false, undefined],
        [false, true, 65536],
        [false, false, 8],
        [false, false, undefined],
      ],
    );
  });

  it("has memories and tables with their limits", () => {
    assert.deepEqual(module.memories[0], {
      minimum: 1,
      maximum: 4,
      shared: false,
      addressType: "i32",
      pageSize: 65536,
      imported: false,
    });
    assert.equal(module.tables[0]?.elements, "funcref");
  });

  it("tells which function a table slot holds, null, or that it is not known", () => {
    const slots = Array.from({ length: 7 }, (_, slot) => module.tableEntry(0, slot));
    assert.deepEqual(slots, ["null", 1, 3, "null", "null", "null", undefined]);
    assert.equal(module.tableEntry(1, 0), undefined);
  });

  it("does not call a slot null when a segment's place depends on an import", () => {
    const { types, imports, functions, tables, code } = sampleSections;
    const floating = vectorSection(9, [0x00, 0x23, 0, 0x0b, 1, 1]);
    const pic = open(moduleOf(types, imports, functions, tables, floating, code));
    assert.equal(pic.tableEntry(0, 0), undefined);
  });

  it("reads table entries that are expressions", () => {
    const { types, imports, functions, tables, code } = sampleSections;
    const expressions = vectorSection(9, [0x04, 0x41, 0, 0x0b, 2, 0xd2, 2, 0x0b, 0xd0, 0x70, 0x0b]);
    const module = open(moduleOf(types, imports, functions, tables, expressions, code));
    assert.deepEqual([module.tableEntry(0, 0), module.tableEntry(0, 1)], [2, "null"]);
  });

  it("keeps type indices right across groups, structs and arrays", () => {
    const types = vectorSection(
      1,
      [0x4e, 2, 0x50, 0, 0x5f, 1, 0x78, 1, 0x4f, 1, 0, 0x5e, 0x63, 0, 0],
      [0x60, 1, 0x64, 0x6b, 2, 0x7b, 0x73],
    );
    const module = open(moduleOf(types));
    assert.equal(module.typeAt(0), undefined);
    assert.equal(module.typeAt(1), undefined);
    assert.deepEqual(module.typeAt(2), { parameters: ["(ref struct)"], results: ["v128", "nullfuncref"] });
    assert.deepEqual(module.problems, []);
  });

  it("refuses to number functions when the imports are malformed", () => {
    const broken = open(moduleOf(section(2, [5, 1, 0x61]), sampleSections.functions, sampleSections.code));
    assert.throws(() => broken.functionCount, FormatError);
    assert.throws(() => broken.body(f(1)), FormatError);
  });
});

describe("names", () => {
  it("come from the name section, then from exports and imports", () => {
    const named = open(sampleModule());
    assert.equal(named.moduleName, "sample");
    assert.equal(named.functionName(f(1)), "add");
    assert.equal(named.functionName(f(2)), undefined);
    assert.equal(named.localName(f(1), 0), "a");
    assert.equal(named.localName(f(1), 1), undefined);
    assert.equal(named.localName(f(3), 1), "right");
    assert.equal(named.globalName(0), "env.base");
    assert.equal(named.globalName(1), "__stack_pointer");
    assert.equal(named.memoryName(0), "memory");

    const { names: _, ...others } = sampleSections;
    const stripped = open(moduleOf(...Object.values(others)));
    assert.equal(stripped.functionName(f(0)), "env.log");
    assert.equal(stripped.functionName(f(1)), "plus");
    assert.equal(stripped.functionName(f(3)), undefined);
  });

  it("before a malformed one are kept", () => {
    const names = new ByteWriter()
      .bytes(nameMap({ 1: "kept" }).finish())
      .bytes([2, 0x7f, 0x61])
      .finish();
    names[0] = 3; // one name more than there is
    const module = open(moduleOf(custom("name", subsection(1, names))));
    assert.equal(module.functionName(f(1)), "kept");
    assert.equal(module.functionName(f(2)), undefined);
    assert.equal(module.problems.length, 1);
  });

  it("are found when a tool wrote them out of order", () => {
    const map = [3, 9, 1, 0x69, 2, 1, 0x62, 5, 1, 0x65];
    const module = open(moduleOf(custom("name", subsection(1, map))));
    assert.deepEqual(
      [2, 5, 9, 3].map((index) => module.functionName(f(index))),
      ["b", "e", "i", undefined],
    );
  });
});
