/** Values of random C types with random contents, in memory, as a constant, and in pieces. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { ByteWriter } from "../../engine/bytes/writer";
import { DW_AT, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import { assemble, die, exprloc, name, ref, udata } from "../support/entry-tree";
import { check, layouts, TypeWriter } from "./c-layouts";

const leb = (value: number): number[] => [...new ByteWriter().uleb(value).finish()];
const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x01, 0x64, 0x7f, 0x80, 0xff));

/** The location of `bytes` that also lie at 0x1000. */
type Locate = (bytes: readonly number[], cuts: readonly number[]) => number[];
const inMemory: Locate = () => [DW_OP.addr, 0x00, 0x10, 0x00, 0x00];
const asConstant: Locate = (bytes) => [DW_OP.implicit_value, ...leb(bytes.length), ...bytes];
const inPieces: Locate = (bytes, cuts) => {
  const expression: number[] = [];
  let start = 0;
  cuts.forEach((cut, i) => {
    const end = i === cuts.length - 1 ? bytes.length : Math.min(bytes.length, start + cut);
    if (end === start) return;
    const at = 0x1000 + start;
    expression.push(
      ...(i % 2 === 0
        ? [DW_OP.addr, at & 0xff, at >> 8, 0, 0]
        : [DW_OP.implicit_value, ...leb(end - start), ...bytes.slice(start, end)]),
      ...(i % 3 === 0 ? [DW_OP.bit_piece, ...leb(8 * (end - start)), 0] : [DW_OP.piece, ...leb(end - start)]),
    );
    start = end;
  });
  return expression;
};

describe("values of any C type", () => {
  for (const [where, locate] of [
    ["in memory", inMemory],
    ["as a constant", asConstant],
    ["in pieces", inPieces],
  ] as const) {
    it(`are what their bytes say: ${where}`, () => {
      const cases = layouts
        .filter(({ size }) => size > 0 && size < 4096)
        .chain((layout) =>
          fc.record({
            layout: fc.constant(layout),
            bytes: fc.array(byte, { minLength: layout.size, maxLength: layout.size }),
            cuts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
          }),
        );
      fc.assert(
        fc.property(cases, ({ layout, bytes, cuts }) => {
          const writer = new TypeWriter();
          const type = writer.type(layout);
          const { debug, entry } = assemble([
            [
              { attributes: [udata(DW_AT.language, DW_LANG.C11)] },
              [
                ...writer.entries,
                die(DW_TAG.variable, [
                  name("subject"),
                  ref(DW_AT.type, type),
                  exprloc(DW_AT.location, ...locate(bytes, cuts)),
                ]),
              ],
            ],
          ]);
          const machine = machineOf({ memory: bytes });
          const value = variableValue(entry("subject"), {
            machine,
            subprogram: undefined,
            pc: codeOffset(0x10),
            debug,
          });
          assert.equal(value.missing, undefined);
          assert.equal(value.size, layout.size);
          check(layout, value, new DataView(Uint8Array.from(bytes).buffer), 0);
        }),
        { numRuns: 400 },
      );
    });
  }
});
