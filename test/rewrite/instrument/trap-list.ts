/** Every way in which the specification lets code trap, each as a module whose function 1 does, called by function 2. */
import { ByteWriter } from "../../../engine/bytes/writer";
import { body, moduleOf, vectorSection } from "../../wasm/support/module-builder";

export interface Trap {
  readonly what: string;
  /** The operands of the instruction that traps. */
  readonly before: readonly number[];
  readonly trap: readonly number[];
  readonly behind: readonly number[];
  /** What the module has besides function and table: typed references and objects, memory of 64 bits. */
  readonly needs?: "objects" | "memory64";
}

const i32 = (value: number): number[] => [0x41, ...new ByteWriter().sleb(value).finish()];
const i64 = (value: number | bigint): number[] => [0x42, ...new ByteWriter().sleb(value).finish()];
const high = i32(70_000);
const f32Nan = [0x43, 0, 0, 0xc0, 0x7f];
const f64Huge = [0x44, 0, 0, 0, 0, 0, 0, 0, 0x7f];
const drop = 0x1a;

/** Of the module's types. */
const [nothing, structure, array, references] = [0, 2, 3, 4];
const nullOf = (heap: number): number[] => [0xd0, heap];
const anArray = [...i32(2), 0xfb, 7, array];

const plain = (what: string, before: number[], trap: number[], isResult = true): Trap => ({
  ...{ what, before, trap },
  behind: isResult ? [drop] : [],
});
const object = (what: string, before: number[], trap: number[], isResult = true): Trap => ({
  ...plain(what, before, trap, isResult),
  needs: "objects",
});
const wide = (what: string, before: number[], trap: number[], isResult = true): Trap => ({
  ...plain(what, before, trap, isResult),
  needs: "memory64",
});

const arithmetic = ["div_s", "div_u", "rem_s", "rem_u"].flatMap((name, at) => [
  plain(`i32.${name} by 0`, [...i32(1), ...i32(0)], [0x6d + at]),
  plain(`i64.${name} by 0`, [...i64(1), ...i64(0)], [0x7f + at]),
]);

const truncations = ["i32", "i64"].flatMap((to, wideness) =>
  ["f32_s", "f32_u", "f64_s", "f64_u"].map((from, at) =>
    plain(`${to}.trunc_${from} of ${at < 2 ? "NaN" : "what is too large"}`, at < 2 ? f32Nan : f64Huge, [
      (wideness === 0 ? 0xa8 : 0xae) + at,
    ]),
  ),
);

const numbers: readonly Trap[] = [
  plain("unreachable", [], [0x00], false),
  ...arithmetic,
  plain("i32.div_s of the least by -1", [...i32(-2147483648), ...i32(-1)], [0x6d]),
  plain("i64.div_s of the least by -1", [...i64(-(2n ** 63n)), ...i64(-1)], [0x7f]),
  ...truncations,
];

const memory: readonly Trap[] = [
  plain("i32.load", high, [0x28, 2, 0]),
  plain("f64.load whose offset reaches out", i32(0), [
    0x2b,
    3,
    ...new ByteWriter().uleb(0xffff_fff0).finish(),
  ]),
  plain("i64.store8", [...high, ...i64(1)], [0x3c, 0, 0], false),
  plain("v128.load", high, [0xfd, 0, 4, 0]),
  plain("v128.store64_lane", [...high, 0xfd, 12, ...new Array(16).fill(0)], [0xfd, 91, 3, 0, 1], false),
  plain("i32.atomic.load", high, [0xfe, 0x10, 2, 0]),
  plain("i32.atomic.load that is not aligned", i32(1), [0xfe, 0x10, 2, 0]),
  plain("i64.atomic.store that is not aligned", [...i32(4), ...i64(1)], [0xfe, 0x18, 3, 0], false),
  plain("i32.atomic.rmw.cmpxchg", [...high, ...i32(0), ...i32(0)], [0xfe, 0x48, 2, 0]),
  plain("memory.atomic.notify", [...high, ...i32(0)], [0xfe, 0, 2, 0]),
  plain("memory.copy", [...high, ...i32(0), ...i32(1)], [0xfc, 10, 0, 0], false),
  plain("memory.fill", [...high, ...i32(0), ...i32(1)], [0xfc, 11, 0], false),
  plain("memory.init of memory", [...high, ...i32(0), ...i32(1)], [0xfc, 8, 0, 0], false),
  plain("memory.init of its segment", [...i32(0), ...i32(9), ...i32(1)], [0xfc, 8, 0, 0], false),
  plain(
    "memory.init of a segment that was dropped",
    [0xfc, 9, 0, ...i32(0), ...i32(0), ...i32(1)],
    [0xfc, 8, 0, 0],
    false,
  ),
];

const tables: readonly Trap[] = [
  plain("table.get", i32(9), [0x25, 0]),
  plain("table.set", [...i32(9), ...nullOf(0x70)], [0x26, 0], false),
  plain("table.copy", [...i32(9), ...i32(0), ...i32(1)], [0xfc, 14, 0, 0], false),
  plain("table.fill", [...i32(9), ...nullOf(0x70), ...i32(1)], [0xfc, 17, 0], false),
  plain("table.init", [...i32(9), ...i32(0), ...i32(1)], [0xfc, 12, 1, 0], false),
  plain(
    "table.init of a segment that was dropped",
    [0xfc, 13, 1, ...i32(0), ...i32(0), ...i32(1)],
    [0xfc, 12, 1, 0],
    false,
  ),
  plain("call_indirect outside", i32(9), [0x11, nothing, 0], false),
  plain("call_indirect of null", i32(0), [0x11, nothing, 0], false),
  plain("call_indirect of another type", i32(1), [0x11, nothing, 0], false),
];

const objects: readonly Trap[] = [
  object("ref.as_non_null", nullOf(0x6e), [0xd4]),
  object("call_ref of null", nullOf(nothing), [0x14, nothing], false),
  object("ref.cast to another type", [...i32(1), 0xfb, 28], [0xfb, 22, structure]),
  object("ref.cast of null", nullOf(0x6e), [0xfb, 22, structure]),
  object("i31.get_s of null", nullOf(0x6c), [0xfb, 29]),
  object("struct.get of null", nullOf(structure), [0xfb, 2, structure, 0]),
  object("struct.set of null", [...nullOf(structure), ...i32(1)], [0xfb, 5, structure, 0], false),
  object("array.len of null", nullOf(0x6a), [0xfb, 15]),
  object("array.get of null", [...nullOf(array), ...i32(0)], [0xfb, 11, array]),
  object("array.get outside", [...anArray, ...i32(5)], [0xfb, 11, array]),
  object("array.set outside", [...anArray, ...i32(5), ...i32(1)], [0xfb, 14, array], false),
  object("array.set of null", [...nullOf(array), ...i32(0), ...i32(1)], [0xfb, 14, array], false),
  object("array.fill", [...anArray, ...i32(1), ...i32(1), ...i32(2)], [0xfb, 16, array], false),
  object(
    "array.copy",
    [...anArray, ...i32(0), ...anArray, ...i32(1), ...i32(2)],
    [0xfb, 17, array, array],
    false,
  ),
  object("array.new_data outside of its segment", [...i32(1), ...i32(1)], [0xfb, 9, array, 0]),
  object("array.new_elem outside of its segment", [...i32(1), ...i32(1)], [0xfb, 10, references, 1]),
  object(
    "array.init_data outside of its segment",
    [...anArray, ...i32(0), ...i32(1), ...i32(1)],
    [0xfb, 18, array, 0],
    false,
  ),
  object(
    "array.init_elem outside of the array",
    [...i32(0), 0xfb, 7, references, ...i32(0), ...i32(0), ...i32(1)],
    [0xfb, 19, references, 1],
    false,
  ),
  object("throw_ref of null", nullOf(0x69), [0x0a], false),
];

const wideMemory: readonly Trap[] = [
  wide("i32.load of memory64", i64(2n ** 40n), [0x28, 2, 0]),
  wide("i64.store of memory64 at the end of all addresses", [...i64(-1), ...i64(1)], [0x37, 3, 0], false),
  wide("memory.fill of memory64", [...i64(65_530), ...i32(0), ...i64(7)], [0xfc, 11, 0], false),
];

export const traps: readonly Trap[] = [...numbers, ...memory, ...tables, ...objects, ...wideMemory];

/** Functions and offsets of the frames, innermost first. */
export const placesOf = ({ before }: Trap): number[][] => [
  [1, 1 + before.length],
  [2, 2],
];

export function programOf({ before, trap, behind, needs }: Trap): Uint8Array<ArrayBuffer> {
  const [func, funcref] = [0x60, 0x70];
  const objectTypes = [
    [0x5f, 1, 0x7f, 1],
    [0x5e, 0x7f, 1],
    [0x5e, funcref, 1],
  ];
  return new Uint8Array(
    moduleOf(
      vectorSection(1, [func, 0, 0], [func, 1, 0x7f, 0], ...(needs === "objects" ? objectTypes : [])),
      vectorSection(3, [1], [0], [0]),
      vectorSection(4, [funcref, 1, 2, 2]),
      vectorSection(5, needs === "memory64" ? [0x04, 1] : [0x03, 1, 1]),
      vectorSection(7, new ByteWriter().name("run").u8(0).uleb(2)),
      vectorSection(9, [0, 0x41, 1, 0x0b, 1, 0], [1, 0, 1, 0]),
      new ByteWriter().u8(12).uleb(1).uleb(1),
      vectorSection(
        10,
        body(0, 0x0b),
        body(0, ...before, ...trap, ...behind, 0x0b),
        body(0, 0x01, 0x10, 1, 0x0b),
      ),
      vectorSection(11, [1, 2, 7, 7]),
    ),
  );
}
