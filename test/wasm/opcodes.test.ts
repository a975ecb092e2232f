import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ByteWriter } from "../../engine/bytes/writer";
import { type ImmediateKind, type Opcode, opcodes } from "../../engine/wasm/opcodes";
import { inTextFormat, llvm } from "./support/llvm";

/** What LLVM 22 does not disassemble; the next test holds these to the specification's numbers. */
const unknownToLlvm = (opcode: Opcode): boolean =>
  opcode.code >> 16 === 0xfb || // GC
  (opcode.code >= 0xfd0100 && opcode.code <= 0xfdffff) || // relaxed SIMD
  ["table.init", "elem.drop"].includes(opcode.mnemonic) ||
  (opcode.code >= 0xd3 && opcode.code <= 0xe6) || // typed references, stack switching
  ["call_ref", "return_call_ref"].includes(opcode.mnemonic) ||
  opcode.immediates[0] === "types";

const features = [
  "simd128",
  "atomics",
  "tail-call",
  "exception-handling",
  "reference-types",
  "multivalue",
  "bulk-memory",
  "nontrapping-fptoint",
  "sign-ext",
  "wide-arithmetic",
];

/** The least bytes that make an immediate. */
function encode(kind: ImmediateKind, out: ByteWriter): void {
  switch (kind) {
    case "block":
      out.u8(0x40);
      break;
    case "labels":
      out.uleb(1).uleb(0).uleb(0);
      break;
    case "f32":
      out.u32(0);
      break;
    case "f64":
      out.u64(0n);
      break;
    case "v128":
    case "lanes":
      out.bytes(new Uint8Array(16));
      break;
    case "memarg":
      out.uleb(0).uleb(1);
      break;
    case "bare heap":
      out.u8(0x6f);
      break;
    default:
      out.u8(0);
  }
}

function encoded(opcode: Opcode): string {
  const out = new ByteWriter();
  if (opcode.code > 0xff) out.u8(opcode.code >> 16).uleb(opcode.code & 0xffff);
  else out.u8(opcode.code);
  for (const kind of opcode.immediates) encode(kind, out);
  return Array.from(out.finish(), (byte) => `0x${byte.toString(16)}`).join(" ");
}

describe("the opcode table", () => {
  it("names and sizes every instruction as LLVM does", function () {
    const known = [...opcodes.values()].filter((opcode) => !unknownToLlvm(opcode));
    const attributes = features.map((feature) => `+${feature}`).join(",");
    const input = `${known.map(encoded).join("\n")}\n`;
    const { stdout, stderr } = llvm(
      this,
      "llvm-mc",
      ["--disassemble", "--triple=wasm32", `-mattr=${attributes}`],
      input,
    );
    assert.equal(stderr, "");
    const mnemonics = stdout.split("\n").map((line) => line.trim().split(/[\s#]/)[0]!);
    const theirs = mnemonics.filter((mnemonic) => mnemonic !== "" && !mnemonic.startsWith("."));
    assert.deepEqual(
      theirs.map(inTextFormat),
      known.map((opcode) => opcode.mnemonic),
    );
    assert.ok(known.length > 500, `${known.length} were compared`);
  });

  it("holds the others by the numbers of their specifications", () => {
    const mnemonics = (...codes: number[]) => codes.map((code) => opcodes.get(code)?.mnemonic);
    assert.deepEqual(mnemonics(0x14, 0x15, 0x1c, 0xd3, 0xd4, 0xd5, 0xd6), [
      "call_ref",
      "return_call_ref",
      "select",
      "ref.eq",
      "ref.as_non_null",
      "br_on_null",
      "br_on_non_null",
    ]);
    assert.deepEqual(mnemonics(0xfb0000, 0xfb0005, 0xfb000f, 0xfb0013, 0xfb0018, 0xfb001e), [
      "struct.new",
      "struct.set",
      "array.len",
      "array.init_elem",
      "br_on_cast",
      "i31.get_u",
    ]);
    assert.deepEqual(mnemonics(0xfc000c, 0xfc000d, 0xfd0100, 0xfd0105, 0xfd010a, 0xfd0113), [
      "table.init",
      "elem.drop",
      "i8x16.relaxed_swizzle",
      "f32x4.relaxed_madd",
      "i16x8.relaxed_laneselect",
      "i32x4.relaxed_dot_i8x16_i7x16_add_s",
    ]);
    assert.deepEqual(mnemonics(0xe0, 0xe3, 0xe6), ["cont.new", "resume", "switch"]);
  });

  it("leaves reserved opcodes out", () => {
    for (const reserved of [
      0x16, 0x17, 0x1d, 0x27, 0xc5, 0xd7, 0xff, 0xfc0012, 0xfd009a, 0xfd00e2, 0xfe000f,
    ]) {
      assert.equal(opcodes.get(reserved), undefined, `0x${reserved.toString(16)}`);
    }
  });
});
