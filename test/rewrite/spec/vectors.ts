/**
 * Calls of functions that take or give `v128`, which JavaScript cannot hand over (Wasm JavaScript interface, ToJSValue): a
 * small module stands between, whose function takes and gives each vector as two `i64`, low half first.
 */
import { ByteWriter } from "../../../engine/bytes/writer";

const VALUE_TYPES: Readonly<Record<string, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
};
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 };
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const SIMD = 0xfd;
const I64X2 = { splat: 0x12, extractLane: 0x1d, replaceLane: 0x1e };

/** A vector's two halves, of its lanes as unsigned numbers. */
export function halvesOf(laneType: string, lanes: readonly string[]): readonly [bigint, bigint] {
  const bits = BigInt(laneType.slice(1));
  let whole = 0n;
  lanes.forEach((lane, at) => {
    whole |= BigInt.asUintN(Number(bits), BigInt(lane)) << (BigInt(at) * bits);
  });
  return [BigInt.asIntN(64, whole), BigInt.asIntN(64, whole >> 64n)];
}

export type Callable = (...values: unknown[]) => unknown;

/** Adapters, by the types that they are for: scripts call few kinds of functions, thousands of times. */
const adapters = new Map<string, WebAssembly.Module>();

/** `target`, of `params` and `results`, as a function that JavaScript can call. */
export function withoutVectors(
  target: Callable,
  params: readonly string[],
  results: readonly string[],
): Callable {
  const key = `${params} -> ${results}`;
  const module = adapters.get(key) ?? new WebAssembly.Module(adapter(params, results));
  adapters.set(key, module);
  const { exports } = new WebAssembly.Instance(module, { "": { "": target } });
  return exports[""] as Callable;
}

function adapter(params: readonly string[], results: readonly string[]): Uint8Array<ArrayBuffer> {
  const module = new ByteWriter().bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  const section = (id: number, write: (body: ByteWriter) => void) => {
    module.u8(id);
    sized(module, write);
  };
  section(SECTION.type, (body) => {
    body.uleb(2);
    functionType(body, params, results);
    functionType(body, params.flatMap(flat), results.flatMap(flat));
  });
  section(SECTION.import, (body) => body.uleb(1).name("").name("").u8(0).uleb(0));
  section(SECTION.function, (body) => body.uleb(1).uleb(1));
  section(SECTION.export, (body) => body.uleb(1).name("").u8(0).uleb(1));
  section(SECTION.code, (body) => {
    body.uleb(1);
    sized(body, (code) => callThrough(code, params, results));
  });
  return new Uint8Array(module.finish());
}

function sized(into: ByteWriter, write: (body: ByteWriter) => void): void {
  const body = new ByteWriter();
  write(body);
  const bytes = body.finish();
  into.uleb(bytes.length).bytes(bytes);
}

function functionType(into: ByteWriter, params: readonly string[], results: readonly string[]): void {
  into.u8(0x60);
  for (const types of [params, results]) {
    into.uleb(types.length);
    for (const type of types) into.u8(VALUE_TYPES[type]!);
  }
}

const flat = (type: string): string[] => (type === "v128" ? ["i64", "i64"] : [type]);

function callThrough(code: ByteWriter, params: readonly string[], results: readonly string[]): void {
  code.uleb(results.length);
  for (const type of results) code.uleb(1).u8(VALUE_TYPES[type]!);
  let next = 0;
  for (const type of params) {
    code.u8(LOCAL_GET).uleb(next++);
    if (type !== "v128") continue;
    code.u8(SIMD).uleb(I64X2.splat);
    code.u8(LOCAL_GET).uleb(next++);
    code.u8(SIMD).uleb(I64X2.replaceLane).u8(1);
  }
  code.u8(0x10).uleb(0); // call
  for (let at = results.length - 1; at >= 0; at--) code.u8(LOCAL_SET).uleb(next + at);
  results.forEach((type, at) => {
    const lanes = type === "v128" ? [0, 1] : [undefined];
    for (const lane of lanes) {
      code.u8(LOCAL_GET).uleb(next + at);
      if (lane !== undefined) code.u8(SIMD).uleb(I64X2.extractLane).u8(lane);
    }
  });
  code.u8(0x0b); // end
}
