/** Names of the whole program: found wherever they are, in steps, and behind other names. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { WorkPending } from "../../engine/bytes/long-work";
import { settle } from "../../engine/bytes/remote-source";
import { DW_AT, DW_LANG, DW_TAG } from "../../engine/dwarf/constants";
import { qualifiedName } from "../../engine/dwarf/qualified-names";
import { symbolsOf } from "../../engine/values/symbol-index";
import { typeFrom } from "../../engine/values/types";
import { assemble, die, type EntrySpec, flag, name, ref, refAddr, udata } from "../support/entry-tree";

const cpp = { attributes: [udata(DW_AT.language, DW_LANG.C_plus_plus)] };
const record = (called: string, size: number, label?: string): EntrySpec =>
  die(DW_TAG.structure_type, [name(called), udata(DW_AT.byte_size, size)], [], label);

describe("names of the whole program", () => {
  it("are found behind any number of other entries, a step at a time", async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => record(`filler${index}`, 1));
    const { debug } = assemble(
      [
        [cpp, many],
        [cpp, [record("wanted", 12)]],
      ],
      undefined,
      true,
    );
    const index = symbolsOf(debug);
    assert.throws(() => index.anywhere("wanted", ["type"]), WorkPending);
    const [found] = await settle(() => index.anywhere("wanted", ["type"]));
    assert.equal(found?.entry.name, "wanted");
    assert.equal(index.anywhere("filler59999", ["type"]).length, 1);
  });

  it("define types that a unit only declares, however far away, as part of the same steps", async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => record(`filler${index}`, 1));
    const declared = die(DW_TAG.structure_type, [name("Wanted"), flag(DW_AT.declaration)], [], "declared");
    const { entry } = assemble(
      [
        [cpp, [declared]],
        [cpp, many],
        [cpp, [record("Wanted", 12)]],
      ],
      undefined,
      true,
    );
    const type = typeFrom(entry("Wanted"));
    assert.throws(() => type.size, WorkPending);
    assert.equal(await settle(() => type.size), 12);
  });

  it("may be asked for at once, by who has the time", () => {
    const many = Array.from({ length: 60_000 }, (_, index) => record(`filler${index}`, 1));
    const { debug } = assemble([[cpp, [...many, record("wanted", 12)]]]);
    assert.equal(symbolsOf(debug).anywhere("wanted", ["type"]).length, 1);
  });

  it("inside of functions are no names of the program", () => {
    const { debug } = assemble([
      [
        cpp,
        [
          die(
            DW_TAG.subprogram,
            [name("f")],
            [record("local", 4), die(DW_TAG.lexical_block, [], [record("deep", 4)])],
          ),
          record("after", 4),
        ],
      ],
    ]);
    const index = symbolsOf(debug);
    for (const [path, count] of [
      ["local", 0],
      ["deep", 0],
      ["after", 1],
    ] as const)
      assert.equal(index.anywhere(path, ["type"]).length, count, path);
    assert.equal(index.anywhere("f", ["function"]).length, 1);
  });

  it("may be behind a namespace's other name, or a using-declaration under a name of its own", () => {
    const { debug } = assemble([
      [
        cpp,
        [
          die(
            DW_TAG.namespace,
            [name("outer")],
            [die(DW_TAG.namespace, [name("inner")], [record("Item", 8)], "inner")],
          ),
          die(DW_TAG.namespace, [name("other")], [record("Item", 16)]),
          die(DW_TAG.imported_declaration, [name("short_"), ref(DW_AT.import, "inner")]),
          die(DW_TAG.imported_declaration, [name("Thing"), ref(DW_AT.import, "alone")]),
          record("Alone", 24, "alone"),
        ],
      ],
    ]);
    const index = symbolsOf(debug);
    const names = (path: string) => index.anywhere(path, ["type"]).map(({ entry }) => qualifiedName(entry));
    assert.deepEqual(names("short_::Item"), ["outer::inner::Item"]);
    assert.deepEqual(names("Thing"), ["Alone"]);
    assert.deepEqual(names("nothing::Item"), []);
  });

  it("of entries that complete others are theirs", () => {
    const { debug } = assemble([
      [cpp, [die(DW_TAG.variable, [name("shared"), flag(DW_AT.declaration)], [], "declared")]],
      [cpp, [die(DW_TAG.variable, [refAddr(DW_AT.specification, "declared")])]],
    ]);
    assert.equal(symbolsOf(debug).anywhere("shared", ["variable"]).length, 2);
  });
});
