/** Numbers as the text format writes them (Wasm spec, "Floating-Point" of the text format). */

/** An f32: the shortest decimal that reads back as the same bits, or `inf`, `nan`, `nan:0x…`. */
export function f32Text(bits: number): string {
  const unsigned = bits >>> 0;
  const payload = unsigned & 0x7f_ffff;
  const sign = unsigned >>> 31 ? "-" : "";
  if (((unsigned >>> 23) & 0xff) === 0xff) return sign + special(BigInt(payload), 0x40_0000n);
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, unsigned);
  const value = view.getFloat32(0);
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return sign + String(Math.abs(Number(text)));
  }
  return sign + String(Math.abs(value));
}

/** An f64, likewise. */
export function f64Text(bits: bigint): string {
  const unsigned = BigInt.asUintN(64, bits);
  const payload = unsigned & 0xf_ffff_ffff_ffffn;
  const sign = unsigned >> 63n ? "-" : "";
  if (((unsigned >> 52n) & 0x7ffn) === 0x7ffn) return sign + special(payload, 0x8_0000_0000_0000n);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, unsigned);
  return sign + String(Math.abs(view.getFloat64(0)));
}

function special(payload: bigint, canonical: bigint): string {
  if (payload === 0n) return "inf";
  return payload === canonical ? "nan" : `nan:0x${payload.toString(16)}`;
}

/** A v128 as four lanes, the shape that most tools print. */
export function v128Text(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const lanes = [0, 4, 8, 12].map((at) => `0x${view.getUint32(at, true).toString(16).padStart(8, "0")}`);
  return `i32x4 ${lanes.join(" ")}`;
}
