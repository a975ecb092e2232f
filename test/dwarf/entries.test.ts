import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset, sectionOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_FORM, DW_OP, DW_TAG, tagName } from "../../engine/dwarf/constants";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import type { Entry, Unit } from "../../engine/dwarf/model";
import {
  type AbbreviationSpec,
  DwarfAssembler,
  type SectionAssembler,
  type UnitSpec,
} from "../support/assembler";

/** A unit whose root, of abbreviation 1, owns what `body` writes. */
function unitOf(
  abbreviations: readonly AbbreviationSpec[],
  body: (info: SectionAssembler) => void,
  spec: UnitSpec = {},
): Unit {
  const dwarf = new DwarfAssembler();
  dwarf.abbreviations([1, DW_TAG.compile_unit, "yes", []], ...abbreviations);
  dwarf.unit(spec, (info) => {
    info.uleb(1);
    body(info);
    info.u8(0);
  });
  return [...openDebugInformation(dwarf.sections()).units()][0]!;
}

const childrenOf = (entry: Entry): Entry[] => [...entry.children()];

describe("Entries", () => {
  it("form a tree, with or without sibling attributes", () => {
    const unit = unitOf(
      [
        [2, DW_TAG.namespace, "yes", [DW_AT.name, DW_FORM.string]],
        [3, DW_TAG.namespace, "yes", [DW_AT.sibling, DW_FORM.ref4, DW_AT.name, DW_FORM.string]],
        [4, DW_TAG.variable, "no", [DW_AT.name, DW_FORM.string]],
      ],
      (info) => {
        info.uleb(2).cstring("a").uleb(2).cstring("b").uleb(4).cstring("c").u8(0).uleb(4).cstring("d").u8(0);
        info.uleb(3).difference("unit0", "after e").cstring("e").uleb(4).cstring("f").u8(0).label("after e");
        info.uleb(2).cstring("empty").u8(0).uleb(4).cstring("g");
      },
    );
    const outline = (entry: Entry): string => {
      const children = childrenOf(entry);
      for (const child of children) assert.equal(child.parent?.offset, entry.offset, child.name);
      return `${entry.name ?? ""}${children.length > 0 ? `(${children.map(outline).join(" ")})` : ""}`;
    };
    assert.equal(outline(unit.root), "(a(b(c) d) e(f) empty g)");
    assert.equal(unit.root.parent, undefined);
  });

  it("with a sibling attribute that leads backwards still end", () => {
    const unit = unitOf(
      [
        [2, DW_TAG.namespace, "yes", [DW_AT.sibling, DW_FORM.ref4]],
        [3, DW_TAG.variable, "no", []],
      ],
      (info) => info.label("first").uleb(2).difference("unit0", "first").uleb(3).u8(0).uleb(3),
    );
    assert.deepEqual(
      childrenOf(unit.root).map((child) => tagName(child.tag)),
      ["DW_TAG_namespace", "DW_TAG_variable"],
    );
  });

  it("of a unit that ends inside of them are listed once", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations([1, DW_TAG.compile_unit, "yes", []]);
    dwarf.unit({}, (info) => info.uleb(1, 1, 1));
    const [unit] = openDebugInformation(dwarf.sections()).units();
    const depths: number[] = [];
    const visit = (entry: Entry, depth: number): void => {
      assert.ok(depths.push(depth) < 10, "a tree without end");
      for (const child of entry.children()) visit(child, depth + 1);
    };
    visit(unit!.root, 0);
    assert.deepEqual(depths, [0, 1, 2]);
  });

  it("are completed by what they are instances, definitions or imports of", () => {
    const unit = unitOf(
      [
        [
          2,
          DW_TAG.subprogram,
          "no",
          [
            DW_AT.name,
            DW_FORM.string,
            DW_AT.decl_line,
            DW_FORM.data1,
            DW_AT.declaration,
            DW_FORM.flag_present,
            DW_AT.sibling,
            DW_FORM.ref1,
          ],
        ],
        [3, DW_TAG.subprogram, "no", [DW_AT.specification, DW_FORM.ref4, DW_AT.decl_line, DW_FORM.data1]],
        [4, DW_TAG.inlined_subroutine, "no", [DW_AT.abstract_origin, DW_FORM.ref4]],
        [5, DW_TAG.imported_declaration, "no", [DW_AT.import, DW_FORM.ref4]],
      ],
      (info) =>
        info
          .label("declaration")
          .uleb(2)
          .cstring("f")
          .u8(10)
          .u8(1)
          .label("definition")
          .uleb(3)
          .difference("unit0", "declaration")
          .u8(20)
          .uleb(4)
          .difference("unit0", "definition")
          .uleb(5)
          .difference("unit0", "declaration"),
    );
    const [declaration, definition, inlined, imported] = childrenOf(unit.root);
    assert.equal(inlined!.name, "f");
    assert.equal(inlined!.unsigned(DW_AT.decl_line), 20, "the nearest one that says it");
    assert.equal(inlined!.holder(DW_AT.name)?.offset, declaration!.offset);
    assert.equal(inlined!.reference(DW_AT.specification)?.offset, declaration!.offset);
    assert.equal(inlined!.own(DW_AT.name), undefined);
    assert.equal(definition!.flag(DW_AT.declaration), false, "a definition is no declaration");
    assert.equal(definition!.attribute(DW_AT.sibling), undefined);
    assert.equal(imported!.name, "f");
    assert.equal(inlined!.attribute(DW_AT.artificial), undefined);
  });

  it("that complete each other in a circle end without an answer", () => {
    const unit = unitOf(
      [
        [
          2,
          DW_TAG.subprogram,
          "no",
          [DW_AT.abstract_origin, DW_FORM.ref4, DW_AT.specification, DW_FORM.ref4],
        ],
      ],
      (info) =>
        info
          .label("one")
          .uleb(2)
          .difference("unit0", "two")
          .difference("unit0", "two")
          .label("two")
          .uleb(2)
          .difference("unit0", "one")
          .difference("unit0", "one"),
    );
    assert.equal(childrenOf(unit.root)[0]!.name, undefined);
  });

  it("give constants with the sign that is asked for where the form leaves it open", () => {
    const unit = unitOf(
      [
        [2, DW_TAG.constant, "no", [DW_AT.const_value, DW_FORM.data1]],
        [3, DW_TAG.constant, "no", [DW_AT.const_value, DW_FORM.udata]],
        [4, DW_TAG.constant, "no", [DW_AT.const_value, DW_FORM.sdata]],
        [5, DW_TAG.constant, "no", [DW_AT.const_value, DW_FORM.data8]],
        [6, DW_TAG.constant, "no", [DW_AT.const_value, DW_FORM.string]],
      ],
      (info) => info.uleb(2).u8(0xff).uleb(3, 0xff).uleb(4).sleb(-1).uleb(5).u64(-1n).uleb(6).cstring("x"),
    );
    const read = (signed: boolean) =>
      childrenOf(unit.root).map((entry) => entry.constant(DW_AT.const_value, signed));
    assert.deepEqual(read(true), [-1n, 255n, -1n, -1n, undefined]);
    assert.deepEqual(read(false), [255n, 255n, -1n, 2n ** 64n - 1n, undefined]);
    assert.deepEqual(
      childrenOf(unit.root).map((entry) => entry.unsigned(DW_AT.const_value)),
      [255, 255, undefined, undefined, undefined],
    );
  });

  it("say their code by its end or by its size, and discarded code not at all", () => {
    const unit = unitOf(
      [
        [2, DW_TAG.subprogram, "no", [DW_AT.low_pc, DW_FORM.addr, DW_AT.high_pc, DW_FORM.addr]],
        [
          3,
          DW_TAG.subprogram,
          "no",
          [DW_AT.low_pc, DW_FORM.addr, DW_AT.high_pc, DW_FORM.data4, DW_AT.entry_pc, DW_FORM.data1],
        ],
        [4, DW_TAG.label, "no", [DW_AT.low_pc, DW_FORM.addr]],
      ],
      (info) => {
        info.uleb(2).u32(0x10).u32(0x20).uleb(3).u32(0x30).u32(8).u8(4);
        for (const discarded of [0, 0xffffffff, 0xfffffffe]) info.uleb(3).u32(discarded).u32(8).u8(0);
        info.uleb(4).u32(0x50);
      },
    );
    const entries = childrenOf(unit.root);
    assert.deepEqual(
      entries.map((entry) => entry.ranges()),
      [[{ low: 0x10, high: 0x20 }], [{ low: 0x30, high: 0x38 }], [], [], [], []],
    );
    assert.equal(entries[1]!.address(DW_AT.entry_pc), 0x34, "counted from the code's start");
    assert.equal(entries[5]!.address(DW_AT.low_pc), 0x50);
  });

  it("give locations as blocks in DWARF 2 and 3, as expressions later", () => {
    for (const [version, form] of [
      [2, DW_FORM.block1],
      [3, DW_FORM.block1],
      [4, DW_FORM.exprloc],
    ] as const) {
      const unit = unitOf(
        [
          [2, DW_TAG.variable, "no", [DW_AT.location, form]],
          [3, DW_TAG.member, "no", [DW_AT.data_member_location, DW_FORM.data4]],
        ],
        (info) => info.uleb(2).block(DW_OP.lit1).uleb(3).u32(8),
        { version },
      );
      const [variable, member] = childrenOf(unit.root);
      assert.deepEqual(variable!.expression(DW_AT.location), Uint8Array.of(DW_OP.lit1));
      assert.deepEqual(variable!.location(DW_AT.location, codeOffset(1)), Uint8Array.of(DW_OP.lit1));
      assert.equal(
        member!.location(DW_AT.data_member_location, codeOffset(1)),
        undefined,
        "an offset, no list",
      );
      assert.equal(member!.unsigned(DW_AT.data_member_location), 8);
    }
  });

  it("of other units are reached through DW_FORM_ref_addr", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations(
      [1, DW_TAG.compile_unit, "yes", []],
      [2, DW_TAG.base_type, "no", [DW_AT.name, DW_FORM.string]],
      [3, DW_TAG.variable, "no", [DW_AT.type, DW_FORM.ref_addr]],
    );
    dwarf.unit({}, (info) => info.uleb(1).uleb(3).offset("int").u8(0));
    dwarf.unit({}, (info) => info.uleb(1).label("int").uleb(2).cstring("int").u8(0));
    const info = openDebugInformation(dwarf.sections());
    const [first, second] = [...info.units()];
    const type = childrenOf(first!.root)[0]!.reference(DW_AT.type)!;
    assert.equal(type.name, "int");
    assert.equal(type.unit, second);
    assert.equal(info.entryAt(sectionOffset(0)), undefined, "a header is no entry");
  });

  it("that are malformed are FormatErrors that say where, and those before them stay", () => {
    const unit = unitOf(
      [
        [2, DW_TAG.variable, "no", [DW_AT.name, DW_FORM.string]],
        [3, DW_TAG.variable, "no", [DW_AT.name, 0x7f]],
      ],
      (info) => info.uleb(2).cstring("sound").uleb(3).u8(1).uleb(99),
    );
    const names: (string | undefined)[] = [];
    assert.throws(() => {
      for (const child of unit.root.children()) names.push(child.name);
    }, /malformed or reaches past the end of its unit \(\.debug_info at offset 0x15\)/);
    assert.deepEqual(names, ["sound", undefined]);
    assert.match(unit.debug.problems.join(), /DW_FORM 0x7f is not known \(\.debug_info at offset 0x15\)/);
    assert.deepEqual(unit.globalVariables(), []);
    assert.throws(() => unit.entryAt(sectionOffset(3)), /has no entry here/);
  });
});
