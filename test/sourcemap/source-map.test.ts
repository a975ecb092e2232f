import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FormatError } from "../../engine/bytes/errors";
import { fileOffset } from "../../engine/bytes/offsets";
import { SourceMap } from "../../engine/sourcemap/source-map";
import { VlqReader } from "../../engine/sourcemap/vlq";

describe("base64 VLQ", () => {
  // ECMA-426: the sign is the lowest bit of the first digit, five bits follow in each.
  it("reads numbers of either sign and any number of digits", () => {
    const cases: [string, number][] = [
      ["A", 0],
      ["C", 1],
      ["D", -1],
      ["e", 15],
      ["gB", 16],
      ["hB", -16],
      ["w+B", 1000],
      ["+/////D", 2147483647],
    ];
    for (const [text, number] of cases) assert.equal(new VlqReader(text).number(), number, text);
  });

  it("gives no number where a digit is none, is missing, or too many follow", () => {
    for (const text of ["", "!", "g", "gggggggggggA"])
      assert.equal(new VlqReader(text).number(), undefined, text);
  });
});

const mapOf = (fields: object): SourceMap =>
  new SourceMap(
    "app.wasm.map",
    JSON.stringify({ version: 3, sources: ["a.ts", "~lib/b.ts"], names: [], ...fields }),
  );
const at = (map: SourceMap, offset: number, from = 0): string | undefined => {
  const position = map.positionAt(fileOffset(offset), fileOffset(from));
  return position && `${position.file.path}:${position.line}:${position.column}`;
};

describe("a source map", () => {
  // Byte 10 is a.ts 1:1, byte 14 b.ts 3:5, byte 20 came from nowhere, byte 22 is a.ts 8:2.
  const mappings = "UAAA,ICEI,M,EDKH";

  it("places an instruction by the mapping at or before it", () => {
    const map = mapOf({ mappings });
    assert.equal(at(map, 9), undefined);
    assert.equal(at(map, 10), "a.ts:1:1");
    assert.equal(at(map, 13), "a.ts:1:1");
    assert.equal(at(map, 14), "~lib/b.ts:3:5");
    assert.equal(at(map, 100), "a.ts:8:2");
  });

  it("places no instruction that came from nowhere, and none by another function's mapping", () => {
    const map = mapOf({ mappings });
    assert.equal(at(map, 21), undefined);
    assert.equal(at(map, 16, 15), undefined);
  });

  it("carries the sources' text, and joins their root", () => {
    const map = mapOf({ mappings, sourceRoot: "./app", sourcesContent: ["line", null] });
    assert.deepEqual(
      map.files.map(({ path, source }) => [path, source]),
      [
        ["app/a.ts", "line"],
        ["app/~lib/b.ts", undefined],
      ],
    );
  });

  it("that is malformed says where, and places nothing", () => {
    const broken: [string, string][] = [
      ["no JSON", "{"],
      ["another version", JSON.stringify({ version: 2, sources: [], mappings: "" })],
      ["no mappings", JSON.stringify({ version: 3, sources: [] })],
      ["no VLQ", JSON.stringify({ version: 3, sources: ["a"], mappings: "AA?A" })],
      ["two numbers", JSON.stringify({ version: 3, sources: ["a"], mappings: "AA" })],
      ["a source that is not listed", JSON.stringify({ version: 3, sources: ["a"], mappings: "ACAA" })],
      ["a step back", JSON.stringify({ version: 3, sources: ["a"], mappings: "UAAA,DAAA" })],
    ];
    for (const [what, text] of broken) {
      const map = new SourceMap("app.wasm.map", text);
      assert.equal(map.positionAt(fileOffset(50), fileOffset(0)), undefined, what);
      assert.ok(map.problem instanceof FormatError, what);
      assert.equal(map.problem.where.section, "app.wasm.map");
    }
  });
});
