/**
 * Every instruction of WebAssembly by opcode: its name and what follows it in the binary format.
 *
 * One table, a row for each run of neighbouring opcodes with the same immediates. It holds the specification
 * (3.0 with SIMD, relaxed SIMD, GC, exceptions, tail calls, multi-memory, memory64), threads, the legacy
 * exceptions that shipped engines accept, wide arithmetic, and stack switching.
 */

/** What one immediate is; `instructions.ts` reads each kind. */
export type ImmediateKind =
  | IndexKind
  | "block" // block type
  | "labels" // br_table: vector and default
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  | "v128"
  | "memarg"
  | "lanes" // 16 bytes of i8x16.shuffle
  | "types" // typed select
  | "bare heap" // heap type by itself
  | "heap" // heap type; the reference is not null
  | "null heap" // heap type; the reference may be null
  | "catches" // try_table
  | "handlers"; // resume

/** Kinds whose immediate is an index or count. */
export type IndexKind =
  | "label"
  | "function"
  | "type"
  | "table"
  | "memory"
  | "global"
  | "local"
  | "data"
  | "element"
  | "tag"
  | "field"
  | "count"
  | "lane"
  | "nullability" // flags of br_on_cast
  | "ordering"; // atomic.fence

/** How an instruction takes part in nesting. */
export type Structure = "opens" | "divides" | "closes" | "plain";

export interface Opcode {
  /** The byte, or prefix << 16 | number for the prefixes 0xFB to 0xFE. */
  readonly code: number;
  /** The text format's keyword. */
  readonly mnemonic: string;
  readonly immediates: readonly ImmediateKind[];
  readonly structure: Structure;
}

/** First opcode of a run, its names in order ("-" is reserved), the immediates of each. */
type Row = readonly [first: number, names: string, ...immediates: ImmediateKind[]];

const prefix = (byte: number, number: number): number => (byte << 16) | number;
const gc = (number: number): number => prefix(0xfb, number);
const misc = (number: number): number => prefix(0xfc, number);
const simd = (number: number): number => prefix(0xfd, number);
const atomic = (number: number): number => prefix(0xfe, number);

const integerArithmetic = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const integerCompare = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const floatCompare = "eq ne lt gt le ge";
const floatArithmetic = "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign";
const vectorFloat = "abs neg - sqrt add sub mul div min max pmin pmax";

/** Puts a type in front of each name of a run: `of("i32", "add sub")` is "i32.add i32.sub". */
function of(type: string, names: string): string {
  return names
    .split(" ")
    .map((name) => (name === "-" ? name : `${type}.${name}`))
    .join(" ");
}

/** The seven widths of an atomic read-modify-write. */
function rmw(operation: string): string {
  const wide = `i32.atomic.rmw.${operation} i64.atomic.rmw.${operation}`;
  const narrow = [
    "i32.atomic.rmw8",
    "i32.atomic.rmw16",
    "i64.atomic.rmw8",
    "i64.atomic.rmw16",
    "i64.atomic.rmw32",
  ];
  return [wide, ...narrow.map((access) => `${access}.${operation}_u`)].join(" ");
}

const rows: readonly Row[] = [
  // Control
  [0x00, "unreachable nop"],
  [0x02, "block loop if", "block"],
  [0x05, "else"],
  [0x06, "try", "block"],
  [0x07, "catch throw", "tag"],
  [0x09, "rethrow", "label"],
  [0x0a, "throw_ref end"],
  [0x0c, "br br_if", "label"],
  [0x0e, "br_table", "labels"],
  [0x0f, "return"],
  [0x10, "call", "function"],
  [0x11, "call_indirect", "type", "table"],
  [0x12, "return_call", "function"],
  [0x13, "return_call_indirect", "type", "table"],
  [0x14, "call_ref return_call_ref", "type"],
  [0x18, "delegate", "label"],
  [0x19, "catch_all drop select"],
  [0x1c, "select", "types"],
  [0x1f, "try_table", "block", "catches"],
  // Variables and tables
  [0x20, of("local", "get set tee"), "local"],
  [0x23, of("global", "get set"), "global"],
  [0x25, of("table", "get set"), "table"],
  // Memory
  [0x28, "i32.load i64.load f32.load f64.load", "memarg"],
  [0x2c, of("i32", "load8_s load8_u load16_s load16_u"), "memarg"],
  [0x30, of("i64", "load8_s load8_u load16_s load16_u load32_s load32_u"), "memarg"],
  [0x36, "i32.store i64.store f32.store f64.store", "memarg"],
  [0x3a, "i32.store8 i32.store16 i64.store8 i64.store16 i64.store32", "memarg"],
  [0x3f, of("memory", "size grow"), "memory"],
  // Numbers
  [0x41, "i32.const", "i32"],
  [0x42, "i64.const", "i64"],
  [0x43, "f32.const", "f32"],
  [0x44, "f64.const", "f64"],
  [0x45, of("i32", `eqz ${integerCompare}`)],
  [0x50, of("i64", `eqz ${integerCompare}`)],
  [0x5b, of("f32", floatCompare)],
  [0x61, of("f64", floatCompare)],
  [0x67, of("i32", `clz ctz popcnt ${integerArithmetic}`)],
  [0x79, of("i64", `clz ctz popcnt ${integerArithmetic}`)],
  [0x8b, of("f32", floatArithmetic)],
  [0x99, of("f64", floatArithmetic)],
  [0xa7, of("i32", "wrap_i64 trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u")],
  [0xac, of("i64", "extend_i32_s extend_i32_u trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u")],
  [0xb2, of("f32", "convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64")],
  [0xb7, of("f64", "convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32")],
  [0xbc, "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64"],
  [0xc0, "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s"],
  // References
  [0xd0, "ref.null", "bare heap"],
  [0xd1, "ref.is_null"],
  [0xd2, "ref.func", "function"],
  [0xd3, "ref.eq ref.as_non_null"],
  [0xd5, "br_on_null br_on_non_null", "label"],
  // Stack switching
  [0xe0, "cont.new", "type"],
  [0xe1, "cont.bind", "type", "type"],
  [0xe2, "suspend", "tag"],
  [0xe3, "resume", "type", "handlers"],
  [0xe4, "resume_throw", "type", "tag", "handlers"],
  [0xe5, "resume_throw_ref", "type", "handlers"],
  [0xe6, "switch", "type", "tag"],
  // Structures and arrays
  [gc(0), of("struct", "new new_default"), "type"],
  [gc(2), of("struct", "get get_s get_u set"), "type", "field"],
  [gc(6), of("array", "new new_default"), "type"],
  [gc(8), "array.new_fixed", "type", "count"],
  [gc(9), "array.new_data", "type", "data"],
  [gc(10), "array.new_elem", "type", "element"],
  [gc(11), of("array", "get get_s get_u set"), "type"],
  [gc(15), "array.len"],
  [gc(16), "array.fill", "type"],
  [gc(17), "array.copy", "type", "type"],
  [gc(18), "array.init_data", "type", "data"],
  [gc(19), "array.init_elem", "type", "element"],
  [gc(20), "ref.test", "heap"],
  [gc(21), "ref.test", "null heap"],
  [gc(22), "ref.cast", "heap"],
  [gc(23), "ref.cast", "null heap"],
  [gc(24), "br_on_cast br_on_cast_fail", "nullability", "label", "bare heap", "bare heap"],
  [gc(26), "any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u"],
  // Saturating truncation, bulk memory and tables, wide arithmetic
  [misc(0), of("i32", "trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u")],
  [misc(4), of("i64", "trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u")],
  [misc(8), "memory.init", "data", "memory"],
  [misc(9), "data.drop", "data"],
  [misc(10), "memory.copy", "memory", "memory"],
  [misc(11), "memory.fill", "memory"],
  [misc(12), "table.init", "element", "table"],
  [misc(13), "elem.drop", "element"],
  [misc(14), "table.copy", "table", "table"],
  [misc(15), of("table", "grow size fill"), "table"],
  [misc(19), of("i64", "add128 sub128 mul_wide_s mul_wide_u")],
  // Vectors
  [simd(0), of("v128", "load load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u"), "memarg"],
  [simd(7), of("v128", "load8_splat load16_splat load32_splat load64_splat store"), "memarg"],
  [simd(12), "v128.const", "v128"],
  [simd(13), "i8x16.shuffle", "lanes"],
  [simd(14), "i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat"],
  [simd(21), of("i8x16", "extract_lane_s extract_lane_u replace_lane"), "lane"],
  [simd(24), of("i16x8", "extract_lane_s extract_lane_u replace_lane"), "lane"],
  [simd(27), of("i32x4", "extract_lane replace_lane"), "lane"],
  [simd(29), of("i64x2", "extract_lane replace_lane"), "lane"],
  [simd(31), of("f32x4", "extract_lane replace_lane"), "lane"],
  [simd(33), of("f64x2", "extract_lane replace_lane"), "lane"],
  [simd(35), of("i8x16", integerCompare)],
  [simd(45), of("i16x8", integerCompare)],
  [simd(55), of("i32x4", integerCompare)],
  [simd(65), of("f32x4", floatCompare)],
  [simd(71), of("f64x2", floatCompare)],
  [simd(77), of("v128", "not and andnot or xor bitselect any_true")],
  [simd(84), of("v128", "load8_lane load16_lane load32_lane load64_lane"), "memarg", "lane"],
  [simd(88), of("v128", "store8_lane store16_lane store32_lane store64_lane"), "memarg", "lane"],
  [simd(92), of("v128", "load32_zero load64_zero"), "memarg"],
  [simd(94), "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4"],
  [simd(96), of("i8x16", "abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u")],
  [simd(103), of("f32x4", "ceil floor trunc nearest")],
  [simd(107), of("i8x16", "shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u")],
  [
    simd(116),
    "f64x2.ceil f64x2.floor i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u",
  ],
  [simd(124), of("i16x8", "extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u")],
  [simd(126), of("i32x4", "extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u")],
  [simd(128), of("i16x8", "abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u")],
  [simd(135), of("i16x8", "extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u")],
  [simd(139), of("i16x8", "shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u")],
  [simd(148), "f64x2.nearest"],
  [simd(149), of("i16x8", "mul min_s min_u max_s max_u - avgr_u")],
  [simd(156), of("i16x8", "extmul_low_i8x16_s extmul_high_i8x16_s extmul_low_i8x16_u extmul_high_i8x16_u")],
  [simd(160), of("i32x4", "abs neg - all_true bitmask")],
  [simd(167), of("i32x4", "extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u")],
  [simd(171), of("i32x4", "shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s")],
  [simd(188), of("i32x4", "extmul_low_i16x8_s extmul_high_i16x8_s extmul_low_i16x8_u extmul_high_i16x8_u")],
  [simd(192), of("i64x2", "abs neg - all_true bitmask")],
  [simd(199), of("i64x2", "extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u")],
  [simd(203), of("i64x2", "shl shr_s shr_u add - - sub - - - mul eq ne lt_s gt_s le_s ge_s")],
  [simd(220), of("i64x2", "extmul_low_i32x4_s extmul_high_i32x4_s extmul_low_i32x4_u extmul_high_i32x4_u")],
  [simd(224), of("f32x4", vectorFloat)],
  [simd(236), of("f64x2", vectorFloat)],
  [simd(248), "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u"],
  [simd(252), "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero"],
  [simd(254), "f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u"],
  [simd(256), "i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u"],
  [simd(259), "i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero"],
  [simd(261), "f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd"],
  [simd(265), "i8x16.relaxed_laneselect i16x8.relaxed_laneselect"],
  [simd(267), "i32x4.relaxed_laneselect i64x2.relaxed_laneselect"],
  [simd(269), "f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max"],
  [simd(273), "i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s"],
  // Threads
  [atomic(0x00), of("memory.atomic", "notify wait32 wait64"), "memarg"],
  [atomic(0x03), "atomic.fence", "ordering"],
  [atomic(0x10), "i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u", "memarg"],
  [atomic(0x14), of("i64.atomic", "load8_u load16_u load32_u"), "memarg"],
  [atomic(0x17), "i32.atomic.store i64.atomic.store i32.atomic.store8 i32.atomic.store16", "memarg"],
  [atomic(0x1b), of("i64.atomic", "store8 store16 store32"), "memarg"],
  ...["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"].map(
    (operation, i): Row => [atomic(0x1e + 7 * i), rmw(operation), "memarg"],
  ),
];

const structures: Readonly<Record<string, Structure>> = {
  block: "opens",
  loop: "opens",
  if: "opens",
  try: "opens",
  try_table: "opens",
  else: "divides",
  catch: "divides",
  catch_all: "divides",
  delegate: "closes",
  end: "closes",
};

function expand(): ReadonlyMap<number, Opcode> {
  const table = new Map<number, Opcode>();
  for (const [first, names, ...immediates] of rows) {
    names.split(" ").forEach((mnemonic, i) => {
      if (mnemonic === "-") return;
      const structure = structures[mnemonic] ?? "plain";
      table.set(first + i, { code: first + i, mnemonic, immediates, structure });
    });
  }
  return table;
}

/** Every known instruction by its code. */
export const opcodes: ReadonlyMap<number, Opcode> = expand();

/** Whether a byte starts an opcode of two parts, the second a u32. */
export function isPrefix(byte: number): boolean {
  return byte >= 0xfb && byte <= 0xfe;
}
