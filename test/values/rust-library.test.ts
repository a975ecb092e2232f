/** Values of any nesting of Rust's library types, written and read back; and the same with damaged bytes. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_ATE, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import type { Machine } from "../../engine/dwarf/machine";
import type { Value } from "../../engine/values/model";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import { assemble, die, exprloc, name, ref, udata } from "../support/entry-tree";
import { check, RustWriter, type Sample, samples } from "./rust-library";

/** The sample as a variable; `damage` changes bytes of the memory that it lies in. */
function sampleValue(
  { type, value }: Sample,
  damage: (memory: number[]) => number[] = (memory) => memory,
): Value {
  const writer = new RustWriter();
  const at = writer.put(type, value);
  const label = writer.type(type);
  const { debug, entry } = assemble([
    [
      { attributes: [udata(DW_AT.language, DW_LANG.Rust)] },
      [
        ...writer.entries,
        die(DW_TAG.variable, [
          name("subject"),
          ref(DW_AT.type, label),
          exprloc(DW_AT.location, DW_OP.addr, at & 0xff, (at >> 8) & 0xff, (at >> 16) & 0xff, 0),
        ]),
      ],
    ],
  ]);
  const plain = machineOf({ memory: damage(writer.memory) });
  // A byte that was asked for is there, or the question is answered by why not: never by fewer.
  const machine: Machine = {
    ...plain,
    memory(start, length) {
      const bytes = plain.memory(start, length);
      assert.ok(length >= 0 && Number.isSafeInteger(length) && length < 2 ** 31, `a read of ${length} bytes`);
      return bytes;
    },
  };
  return variableValue(entry("subject"), { machine, subprogram: undefined, pc: codeOffset(0x10), debug });
}

describe("Rust's cells", () => {
  it("of the unit are shown as it is, though nothing in them has a size", () => {
    const unit = die(
      DW_TAG.base_type,
      [name("()"), udata(DW_AT.encoding, DW_ATE.unsigned), udata(DW_AT.byte_size, 0)],
      [],
      "()",
    );
    const holder = (title: string, of: string) =>
      die(
        DW_TAG.structure_type,
        [name(title), udata(DW_AT.byte_size, 0)],
        [die(DW_TAG.member, [name("value"), ref(DW_AT.type, of), udata(DW_AT.data_member_location, 0)])],
        title,
      );
    const cells = [holder("UnsafeCell<()>", "()"), holder("Cell<()>", "UnsafeCell<()>")];
    const library = die(DW_TAG.namespace, [name("core")], [die(DW_TAG.namespace, [name("cell")], cells)]);
    const subject = die(DW_TAG.variable, [
      name("subject"),
      ref(DW_AT.type, "Cell<()>"),
      exprloc(DW_AT.location, DW_OP.addr, 0, 0x10, 0, 0),
    ]);
    const language = { attributes: [udata(DW_AT.language, DW_LANG.Rust)] };
    const { debug, entry } = assemble([[language, [unit, library, subject]]]);
    const context = { machine: machineOf(), subprogram: undefined, pc: codeOffset(0x10), debug };
    assert.equal(variableValue(entry("subject"), context).text(), "()");
  });
});

describe("Rust's library types of any nesting", () => {
  it("are read back as they were written", () => {
    fc.assert(
      fc.property(samples, (sample) => check(sample.type, sample.value, sampleValue(sample))),
      { numRuns: 500 },
    );
  });

  it("end in answers soon, whatever their bytes are", () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
    let shown = 0;
    const look = (value: Value, depth: number): void => {
      assert.ok(++shown < 1_000_000);
      assert.ok(value.text().length < 2000);
      value.text({ hex: true });
      const { children } = value;
      if (children === undefined || depth === 0) return;
      for (const child of [...children.named(), ...children.indexed(0, 3)]) look(child.value, depth - 1);
      const last = children.indexed(children.indexedCount - 1, 9);
      assert.ok(last.length <= 1, "no page reaches past the end");
    };
    fc.assert(
      fc.property(samples, changes, (sample, changed) => {
        const damaged = sampleValue(sample, (memory) => {
          const bytes = [...memory];
          for (const [at, byte] of changed) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          return bytes;
        });
        look(damaged, 4);
      }),
      { numRuns: 300 },
    );
  });
});
