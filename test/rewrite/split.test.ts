/** A module in two: what each file has, byte for byte, and what is refused. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, it } from "mocha";
import { attempt, FormatError } from "../../engine/bytes/errors";
import { type ByteSource, MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { chunksOf, type Piece, sizeOf } from "../../engine/rewrite/pieces";
import { type Split, type SplitOptions, split } from "../../engine/rewrite/split";
import { WasmModule } from "../../engine/wasm/module";
import { fixture, loadModule } from "../fixtures";
import {
  custom,
  isValid,
  moduleOf,
  sampleBuildId,
  sampleModule,
  sampleSections,
} from "../wasm/support/module-builder";
import { mutated } from "../wasm/support/mutations";

const options: SplitOptions = {
  stripNames: false,
  sha1: () => createHash("sha1"),
  urlOf: (debugFile) => `symbols/${debugFile}`,
};
const withNames = { ...options, stripNames: true };

const sourceOf = (bytes: Uint8Array): ByteSource => new MemorySource("app.wasm", bytes);

function assemble(source: ByteSource, pieces: readonly Piece[]): Buffer {
  const bytes = Buffer.concat(Array.from(chunksOf(source, pieces), (chunk) => Buffer.from(chunk)));
  assert.equal(bytes.length, sizeOf(pieces));
  return bytes;
}

interface Files {
  readonly module: Buffer;
  readonly debug: Buffer;
  readonly buildId: string;
  readonly debugFile: string;
}

function splitBytes(bytes: Uint8Array, how = options): Files {
  const source = sourceOf(bytes);
  const parts = split(source, how);
  assert.ok(parts.state === "split");
  const { buildId, debugFile } = parts;
  return {
    module: assemble(source, parts.module),
    debug: assemble(source, parts.debug),
    buildId,
    debugFile,
  };
}

/** The sections as this test reads them by itself: the whole bytes of each, and a custom section's name. */
function sectionsOf(bytes: Uint8Array): { name: string | undefined; hex: string }[] {
  const leb = (at: number): [value: number, next: number] => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return [value, at];
    }
  };
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const [size, start] = leb(at + 1);
    const [length, nameStart] = leb(start);
    const name =
      bytes[at] === 0 ? Buffer.from(bytes.subarray(nameStart, nameStart + length)).toString() : undefined;
    found.push({ name, hex: Buffer.from(bytes.subarray(at, start + size)).toString("hex") });
    at = start + size;
  }
  return found;
}

const isDebug = ({ name }: { name: string | undefined }): boolean => name?.startsWith(".debug_") === true;
const dwarf = (name = ".debug_info", ...contents: number[]) => custom(name, contents);
const { buildId: _, ...anonymousSections } = sampleSections;
/** Without a build id. */
const anonymous = (...more: ByteWriter[]) => moduleOf(...Object.values(anonymousSections), ...more);

describe("splitting a module", () => {
  for (const name of ["rust-classic", "c-shapes-o2-dwarf5", "cpp-containers"]) {
    it(`takes the DWARF sections away and nothing else: ${name}`, () => {
      const bytes = loadModule(fixture(name));
      const { module, debug, buildId, debugFile } = splitBytes(bytes);
      const before = sectionsOf(bytes);
      const after = sectionsOf(module);
      const link = after.pop()!;
      assert.deepEqual(
        after,
        before.filter((section) => !isDebug(section)),
      );
      assert.equal(link.name, "external_debug_info");
      assert.deepEqual(debug, Buffer.from(bytes), "the debug file is the module as it was");
      assert.equal(WasmModule.open(sourceOf(bytes)).buildId, buildId);
      assert.equal(debugFile, `debug-${buildId.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}.wasm`);
      assert.equal(WasmModule.open(sourceOf(module)).externalDebugInfo, `symbols/${debugFile}`);
      assert.ok(isValid(module) && isValid(debug), "V8 compiles both");
    });
  }

  it("moves names only when it is asked to", () => {
    const bytes = moduleOf(...Object.values(sampleSections), dwarf());
    const names = (file: Uint8Array) => sectionsOf(file).some(({ name }) => name === "name");
    assert.ok(names(splitBytes(bytes).module));
    const { module, debug } = splitBytes(bytes, withNames);
    assert.ok(!names(module));
    assert.ok(names(debug));
    assert.ok(isValid(module) && isValid(debug));
  });

  it("keeps every other section, whatever stands between what is moved, in its order", () => {
    const piece = fc.oneof(
      fc.constant({ moved: true, bytes: sampleSections.names }),
      fc
        .tuple(
          fc.constantFrom(".debug_info", ".debug_line", ".debug_str.dwo"),
          fc.uint8Array({ maxLength: 300 }),
        )
        .map(([name, contents]) => ({ moved: true, bytes: custom(name, contents) })),
      fc
        .tuple(
          fc.oneof(
            fc.constantFrom("producers", "target_features", "sourceMappingURL", "debug_info", "dylink.0", ""),
            fc.string({ unit: "grapheme", maxLength: 20 }),
          ),
          fc.uint8Array({ maxLength: 300 }),
        )
        .filter(([name]) => !/^(build_id|name|external_debug_info|linking|reloc\..*|\.debug_.*)$/s.test(name))
        .map(([name, contents]) => ({ moved: false, bytes: custom(name, contents) })),
    );
    const { names, buildId, ...standard } = sampleSections;
    const fixed = [...Object.values(standard), buildId].map((bytes) => ({ moved: false, bytes }));
    const orders = fc.tuple(fc.array(piece, { maxLength: 12 }), fc.infiniteStream(fc.nat({ max: 3 })));
    fc.assert(
      fc.property(orders, ([customs, gaps]) => {
        const rest = [...customs, { moved: true, bytes: dwarf() }];
        const sections = fixed.flatMap((section) => [...rest.splice(0, gaps.next().value), section]);
        sections.push(...rest);
        const bytes = moduleOf(...sections.map(({ bytes }) => bytes));
        const { module, debug } = splitBytes(bytes, withNames);
        const kept = sections.filter(({ moved }) => !moved).map(({ bytes }) => bytes);
        assert.deepEqual(
          module.subarray(0, -sectionsOf(module).at(-1)!.hex.length / 2),
          Buffer.from(moduleOf(...kept)),
        );
        assert.deepEqual(debug, Buffer.from(bytes));
        assert.ok(isValid(module));
      }),
      { numRuns: 300 },
    );
  });

  it("changes nothing in a module that is split already", () => {
    const { module, buildId } = splitBytes(anonymous(dwarf()), withNames);
    const again = split(sourceOf(module), withNames);
    assert.deepEqual(again, {
      state: "already split",
      buildId,
      debugFile: WasmModule.open(sourceOf(module)).externalDebugInfo!,
    } satisfies Split);
  });

  it("makes of a debug file the module and the debug file that it came from", () => {
    const { module, debug } = splitBytes(anonymous(dwarf()));
    assert.deepEqual(splitBytes(debug).module, module);
    assert.deepEqual(splitBytes(debug).debug, debug);
  });

  it("replaces a pointer to older debug information, and leaves none in the debug file", () => {
    const older = custom("external_debug_info", new ByteWriter().name("older.wasm"));
    const bytes = moduleOf(older, sampleSections.buildId, dwarf());
    const { module, debug, debugFile } = splitBytes(bytes);
    assert.deepEqual(
      sectionsOf(module).map(({ name }) => name),
      ["build_id", "external_debug_info"],
    );
    assert.equal(WasmModule.open(sourceOf(module)).externalDebugInfo, `symbols/${debugFile}`);
    assert.deepEqual(debug, Buffer.from(moduleOf(sampleSections.buildId, dwarf())));
  });
});

describe("the build id of a split module", () => {
  const ids = ({ module, debug }: Files) =>
    [module, debug].map((bytes) => WasmModule.open(sourceOf(bytes)).buildId);

  it("is the one that its linker wrote, with or without its length, and its bytes stay", () => {
    const raw = custom("build_id", Buffer.from(sampleBuildId, "hex"));
    for (const section of [sampleSections.buildId, raw]) {
      const files = splitBytes(anonymous(section, dwarf()));
      assert.deepEqual(ids(files), [sampleBuildId, sampleBuildId]);
      assert.equal(files.debugFile, "debug-00112233-4455-6677-8899-aabbccddeeff.wasm");
      const hex = Buffer.from(section.finish()).toString("hex");
      for (const bytes of [files.module, files.debug])
        assert.ok(sectionsOf(bytes).some((one) => one.hex === hex));
    }
    const sha1 = "00112233445566778899aabbccddeeff01234567";
    const long = custom("build_id", new ByteWriter().uleb(20).bytes(Buffer.from(sha1, "hex")));
    assert.equal(splitBytes(anonymous(long, dwarf())).debugFile, `debug-${sha1}.wasm`);
  });

  it("is made for a module that has none, or an empty one: the same in both files, a UUID of version 5", () => {
    const empty = [custom("build_id", []), custom("build_id", [0])];
    for (const bytes of [anonymous(dwarf()), ...empty.map((section) => anonymous(section, dwarf()))]) {
      const files = splitBytes(bytes);
      assert.deepEqual(ids(files), [files.buildId, files.buildId]);
      assert.match(
        files.debugFile,
        /^debug-[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.wasm$/,
      );
      const sections = sectionsOf(files.module).filter(({ name }) => name === "build_id");
      assert.deepEqual(
        sections.map(({ hex }) => hex),
        [`001a086275696c645f696410${files.buildId}`],
        "id 0, size 26, the name, the length 16",
      );
    }
  });

  it("is the same for the same module each time, and another for any other", () => {
    const of = (...contents: number[]) => splitBytes(anonymous(dwarf(".debug_info", ...contents))).buildId;
    assert.equal(of(1, 2), of(1, 2));
    assert.notEqual(of(1, 2), of(1, 3), "the same code with other debug information is another build");
    assert.equal(splitBytes(anonymous(dwarf())).buildId, splitBytes(anonymous(dwarf()), withNames).buildId);
  });
});

describe("a file that cannot be split", () => {
  const refused = (bytes: Uint8Array, message: RegExp, how = options): void => {
    assert.throws(
      () => split(sourceOf(bytes), how),
      (error) => error instanceof FormatError && message.test(error.message),
    );
  };

  it("is refused with what it is and what to do", () => {
    refused(Buffer.from("not WebAssembly"), /app\.wasm is not WebAssembly/);
    refused(new Uint8Array(0), /app\.wasm is empty/);
    refused(sampleModule(), /no debug information \(sections \.debug_\*\).*Build it with debug information/);
    const bare = moduleOf(sampleSections.types);
    refused(bare, /no debug information and no names/, withNames);
    refused(moduleOf(custom("linking", [2]), dwarf()), /is an object file.*Split the linked module/);
    refused(moduleOf(dwarf(), custom("reloc..debug_info", [0])), /is an object file/);
  });

  it("is refused wherever it is cut off", () => {
    const bytes = moduleOf(sampleSections.types, dwarf(".debug_info", 1, 2, 3), sampleSections.buildId);
    const ends = [8];
    for (const { hex } of sectionsOf(bytes)) ends.push(ends.at(-1)! + hex.length / 2);
    for (let size = 1; size < bytes.length; size++) {
      const cut = bytes.subarray(0, size);
      if (!ends.includes(size))
        refused(cut, /truncated|ends inside its header|not WebAssembly|reaches past|Need/);
    }
  });

  it("gives a typed error, or two files of what is there, whatever was damaged", () => {
    const bytes = moduleOf(...Object.values(sampleSections), dwarf(".debug_info", 1, 2, 3));
    let successes = 0;
    const outcomes = fc.property(mutated(bytes), (damaged) => {
      const parts = attempt(() => split(sourceOf(damaged), withNames));
      if (parts instanceof FormatError || parts.state !== "split") return;
      successes++;
      assemble(sourceOf(damaged), parts.module);
      assemble(sourceOf(damaged), parts.debug);
    });
    fc.assert(outcomes, { numRuns: 1000 });
    assert.ok(successes > 0, "some damage does not concern the sections");
  });

  it("keeps its names when its debug information was split off without them: they would be lost", () => {
    refused(
      splitBytes(anonymous(dwarf())).module,
      /was split off before, into .*names would be lost/,
      withNames,
    );
  });
});
