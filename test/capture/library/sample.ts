/** A small program with every way to end that needs its host, and globals of every type. */
import { ByteWriter } from "../../../engine/bytes/writer";
import {
  body,
  custom,
  moduleOf,
  sampleSections,
  subsection,
  vectorSection,
} from "../../wasm/support/module-builder";

const [i32, i64, f32, f64, end] = [0x7f, 0x7e, 0x7d, 0x7c, 0x0b];
const exported = (name: string, kind: number, index: number) =>
  new ByteWriter().name(name).u8(kind).uleb(index);

/** @param name the module's own name; none when it is empty */
export const sampleProgram = (name = "sample"): Uint8Array =>
  moduleOf(
    vectorSection(1, [0x60, 0, 0]),
    vectorSection(2, new ByteWriter().name("env").name("host").u8(0).uleb(0)),
    vectorSection(3, [0], [0], [0], [0]),
    vectorSection(5, [0x00, 2]),
    vectorSection(
      6,
      [i32, 1, 0x41, 3, end], // not exported: the others' indices begin at 1
      [i32, 1, 0x41, 0xf0, 0x00, end],
      new ByteWriter().u8(f64).u8(1).u8(0x44).f64(5).u8(end),
      new ByteWriter().u8(f32).u8(1).u8(0x43).f32(1.5).u8(end),
      [i64, 1, 0x42, 0x7f, end],
    ),
    vectorSection(
      7,
      exported("call_host", 0, 1),
      exported("overflow", 0, 2),
      exported("trap", 0, 3),
      exported("write", 0, 4),
      exported("memory", 2, 0),
      exported("__stack_pointer", 3, 1),
      exported("double", 3, 2),
      exported("single", 3, 3),
      exported("wide", 3, 4),
    ),
    vectorSection(
      10,
      body(0, 0x10, 0, end), // call 0
      body(0, 0x10, 2, end), // call 2
      body(0, 0x01, 0x00, end), // nop, unreachable
      body(0, 0x41, 0x10, 0x41, 9, 0x36, 2, 0, end), // i32.store at 16 of 9
    ),
    ...(name === "" ? [] : [custom("name", subsection(0, new ByteWriter().name(name)))]),
    sampleSections.buildId,
  );

export interface Sample {
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
  readonly instance: WebAssembly.Instance;
  readonly memory: WebAssembly.Memory;
  readonly exports: Record<"call_host" | "overflow" | "trap" | "write", () => void>;
}

export function sample(host: () => void = () => {}, name?: string): Sample {
  const bytes = sampleProgram(name);
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, { env: { host } });
  const memory = instance.exports["memory"] as WebAssembly.Memory;
  return { bytes, module, instance, memory, exports: instance.exports as Sample["exports"] };
}

/** What a call throws. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
