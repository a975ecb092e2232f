/**
 * V8's description of a Wasm value, as a core dump records it.
 *
 * V8 gives `{type, value}`: numbers as JavaScript numbers, i64 as bigint, v128 as text, references as the
 * objects they refer to. What V8 does not tell is recorded as missing, never made up: a NaN of type f32 has
 * passed through a conversion to f64 that quiets it, so its bits are unknown.
 */
import type { RecordedValue } from "../../engine/coredump/model";
import type { Inspector, Runtime } from "./inspector";

const missing: RecordedValue = { type: "missing" };

/** What a `wasmvalue` object says of itself. */
export function recordedValue(inspector: Inspector, object: Runtime.RemoteObject | undefined): RecordedValue {
  if (object === undefined) return missing;
  const members = new Map(inspector.properties(object).map((member) => [member.name, member.value]));
  const type = members.get("type")?.value;
  const value = members.get("value");
  if (typeof type !== "string" || value === undefined) return missing;
  switch (type) {
    case "i32":
      return { type, value: Number(value.value) | 0 };
    case "i64":
      return { type, value: BigInt.asIntN(64, BigInt(bigintText(value))) };
    case "f32":
      return f32(numberOf(value));
    case "f64":
      return { type, value: numberOf(value), bits: f64Bits(inspector, object, numberOf(value)) };
    case "v128":
      return v128(String(value.value));
    default:
      return isReference(type) ? { type: "ref", isNull: value.subtype === "null" } : missing;
  }
}

function isReference(type: string): boolean {
  return type.endsWith("ref") || type.startsWith("(ref");
}

/** A bigint's digits: V8 writes `5n`. */
function bigintText(value: Runtime.RemoteObject): string {
  return (value.unserializableValue ?? "").replace(/n$/, "");
}

/** A number, of which V8 writes NaN, infinities and negative zero as text. */
function numberOf(value: Runtime.RemoteObject): number {
  return Number(value.unserializableValue ?? value.value);
}

function f32(value: number): RecordedValue {
  if (Number.isNaN(value)) return missing;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return { type: "f32", value, bits: view.getUint32(0) };
}

/** A NaN's bits are read inside the program, where they are still whole. */
function f64Bits(inspector: Inspector, object: Runtime.RemoteObject, value: number): bigint {
  if (Number.isNaN(value)) return BigInt(inspector.callOn<string>(object, readBits));
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

const readBits = `function () {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, this.value);
  return view.getBigUint64(0).toString();
}`;

/** `i32x4 0x00000001 0x00000002 0x00000003 0xFFFFFFFC`, lane 0 first. */
function v128(text: string): RecordedValue {
  const lanes = /^i32x4 (0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+)$/i.exec(text);
  if (lanes === null) return missing;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let lane = 0; lane < 4; lane++) view.setUint32(4 * lane, Number(lanes[lane + 1]), true);
  return { type: "v128", bytes };
}
