/**
 * Dumps byte by byte as producers document them that could not be had as programs: WasmEdge, Wasmer, and tools that
 * followed earlier specifications. What they say is taken from V8's record of a crash; how they say it is written
 * out here, and shares nothing with the reader.
 */
import { functionIndex } from "../../../engine/bytes/offsets";
import { ByteWriter } from "../../../engine/bytes/writer";
import type { CoreDump, CoreFrame, RecordedValue } from "../../../engine/coredump/model";
import { FunctionCode } from "../../../engine/wasm/function-code";
import type { WasmModule } from "../../../engine/wasm/module";

/** A crash: what V8 recorded of it, and the module that ran. */
export interface Recorded {
  readonly dump: CoreDump;
  readonly module: WasmModule;
}

type Write = (out: ByteWriter) => ByteWriter;

const bytesOf = (write: Write): Uint8Array => write(new ByteWriter()).finish();

function section(id: number, write: Write): Write {
  const contents = bytesOf(write);
  return (out) => out.u8(id).uleb(contents.length).bytes(contents);
}

const custom = (name: string, write: Write): Write => section(0, (out) => write(out.name(name)));

function file(...sections: readonly Write[]): Uint8Array {
  return bytesOf((out) =>
    sections.reduce((before, write) => write(before), out.bytes([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0])),
  );
}

const core = (executable: string): Write => custom("core", (out) => out.u8(0).name(executable));

/** A stack whose frames are preceded by their number in LEB128. */
const stack = (
  frames: readonly CoreFrame[],
  frame: (out: ByteWriter, frame: CoreFrame, index: number) => void,
) =>
  custom("corestack", (out) => {
    out.u8(0).name("main").uleb(frames.length);
    frames.forEach((one, index) => {
      frame(out, one, index);
    });
    return out;
  });

const framesOf = ({ dump }: Recorded): readonly CoreFrame[] => dump.threads[0]!.frames;

/** A value with integers in SLEB128, or in their full width. */
function value(out: ByteWriter, recorded: RecordedValue, fixed: boolean): void {
  switch (recorded.type) {
    case "i32":
      out.u8(0x7f);
      if (fixed) out.u32(recorded.value >>> 0);
      else out.sleb(recorded.value);
      break;
    case "i64":
      out.u8(0x7e);
      if (fixed) out.u64(BigInt.asUintN(64, recorded.value));
      else out.sleb(recorded.value);
      break;
    case "f32":
      out.u8(0x7d).u32(recorded.bits);
      break;
    case "f64":
      out.u8(0x7c).u64(recorded.bits);
      break;
    default:
      out.u8(0x01);
  }
}

/** The memory's size in pages, and the runs of its bytes that are not zero within chunks of 4096. */
function memorySections({ dump }: Recorded): { memory: Write; data: Write } {
  const recorded = dump.memories[0]!;
  const bytes = new Uint8Array(recorded.size);
  for (const { start, length } of recorded.ranges) bytes.set(recorded.read(start, length), start);
  const segments: { start: number; bytes: Uint8Array }[] = [];
  for (let chunk = 0; chunk < bytes.length; chunk += 4096) {
    const part = bytes.subarray(chunk, chunk + 4096);
    const first = part.findIndex((byte) => byte !== 0);
    if (first < 0) continue;
    const last = part.findLastIndex((byte) => byte !== 0);
    segments.push({ start: chunk + first, bytes: part.subarray(first, last + 1) });
  }
  return {
    memory: section(5, (out) =>
      out
        .uleb(1)
        .u8(0)
        .uleb(recorded.size / 65536),
    ),
    data: section(11, (out) => {
      out.uleb(segments.length);
      for (const { start, bytes } of segments)
        out.u8(0).u8(0x41).sleb(start).u8(0x0b).uleb(bytes.length).bytes(bytes);
      return out;
    }),
  };
}

/** Globals as constants; `bare` ones have no value, only the expression's end. */
const globals = ({ dump }: Recorded, bare: boolean): Write =>
  section(6, (out) => {
    out.uleb(dump.globals.length);
    for (const global of dump.globals) {
      const i32 = global.type === "i32" ? global.value : 0;
      out.u8(0x7f).u8(bare ? 1 : 0);
      if (!bare) out.u8(0x41).sleb(i32);
      out.u8(0x0b);
    }
    return out;
  });

/** A frame's offset from the first instruction of its function's body. */
const fromInstructions = ({ module }: Recorded, frame: CoreFrame): number =>
  frame.offset - FunctionCode.of(module, frame.functionIndex)!.start;

/** Coredump.md before 2023-05-09: frames without an instance. */
export function specification202303(recorded: Recorded): Uint8Array {
  const { memory, data } = memorySections(recorded);
  const frames = stack(framesOf(recorded), (out, frame) => {
    out.u8(0).uleb(frame.functionIndex).uleb(frame.offset).uleb(frame.locals.length);
    for (const one of frame.locals) value(out, one, false);
    out.uleb(frame.stack.length);
    for (const one of frame.stack) value(out, one, false);
  });
  return file(core("app"), memory, data, frames);
}

/** Coredump.md of February 2023: frames of an offset in the code section, values and a reserved number. */
export function specification202302(recorded: Recorded): Uint8Array {
  const { memory, data } = memorySections(recorded);
  const frames = stack(framesOf(recorded), (out, frame) => {
    out.uleb(recorded.module.body(frame.functionIndex)!.start + frame.offset).uleb(frame.locals.length);
    for (const one of frame.locals) value(out, one, false);
    out.uleb(frame.stack.length);
    for (const one of frame.stack) value(out, one, false);
    out.uleb(0);
  });
  return file(core("app"), frames, memory, data);
}

const emptyMemory = section(5, (out) => out.uleb(1).u8(0).uleb(0));
const emptySegment = section(11, (out) => out.uleb(1).u8(0).u8(0x41).sleb(0).u8(0x0b).uleb(0));

/** Wasmer with wasm-coredump-builder 0.1.14 or later. */
export function wasmer(recorded: Recorded): Uint8Array {
  const frames = stack(framesOf(recorded), (out, frame) =>
    out.u8(0).uleb(frame.functionIndex).uleb(frame.offset).uleb(0).uleb(0),
  );
  return file(core("app.wasm"), frames, emptyMemory, emptySegment);
}

/** Wasmer with wasm-coredump-builder before 0.1.13. */
export function wasmer2023(recorded: Recorded): Uint8Array {
  const frames = framesOf(recorded);
  const words = custom("corestack", (out) => {
    out.u8(0).name("main").u32(frames.length).u32(0);
    for (const frame of frames) out.u32(frame.functionIndex).u32(frame.offset).u32(0);
    return out;
  });
  return file(core("app.wasm"), words, emptyMemory, emptySegment);
}

const modules: Write = custom("coremodules", (out) => out.uleb(1).u8(0).name(""));
const instances = ({ dump }: Recorded): Write =>
  custom("coreinstances", (out) => {
    out.uleb(1).u8(0).uleb(0).uleb(1).uleb(0).uleb(dump.globals.length);
    dump.globals.forEach((_, index) => {
      out.uleb(index);
    });
    return out;
  });

/** WasmEdge since 2026-08: operands are counted, but missing. */
export function wasmedge(recorded: Recorded): Uint8Array {
  const { memory, data } = memorySections(recorded);
  const frames = stack(framesOf(recorded), (out, frame) => {
    out
      .u8(0)
      .uleb(0)
      .uleb(frame.functionIndex)
      .uleb(fromInstructions(recorded, frame))
      .uleb(frame.locals.length);
    for (const one of frame.locals) value(out, one, false);
    out.uleb(frame.stack.length);
    for (const _ of frame.stack) out.u8(0x01);
  });
  return file(memory, globals(recorded, false), data, core(""), modules, instances(recorded), frames);
}

/** WasmEdge since 2026-08 with --coredump-for-wasmgdb. */
export function wasmedgeForWasmgdb(recorded: Recorded): Uint8Array {
  const { memory } = memorySections(recorded);
  const whole = recorded.dump.memories[0]!;
  const bytes = new Uint8Array(whole.size);
  for (const { start, length } of whole.ranges) bytes.set(whole.read(start, length), start);
  const data = section(11, (out) =>
    out.uleb(1).u8(0).u8(0x41).sleb(0).u8(0x0b).uleb(bytes.length).bytes(bytes),
  );
  const frames = stack(framesOf(recorded), (out, frame) => {
    out.u8(0).uleb(0).uleb(frame.functionIndex).uleb(fromInstructions(recorded, frame));
    out.uleb(frame.locals.length).uleb(0);
    for (const one of frame.locals) value(out, one, true);
  });
  return file(memory, globals(recorded, false), data, core(""), modules, instances(recorded), frames);
}

/** What WasmEdge took four bytes of. */
function word(recorded: RecordedValue): number {
  switch (recorded.type) {
    case "i32":
      return recorded.value >>> 0;
    case "i64":
      return Number(BigInt.asUintN(32, recorded.value));
    case "f32":
      return recorded.bits;
    case "f64":
      return Number(BigInt.asUintN(32, recorded.bits));
    default:
      return 0;
  }
}

/** WasmEdge before 2026-08: each frame has its function, and the file offset of the call that made it. */
function early(recorded: Recorded, forWasmgdb: boolean): Uint8Array {
  const { dump, module } = recorded;
  const frames = framesOf(recorded);
  const written = stack(frames, (out, frame, index) => {
    const caller = frames[index + 1];
    const called = caller === undefined ? 0 : module.body(caller.functionIndex)!.fileStart + caller.offset;
    // The outermost frame was made by no instruction.
    out
      .u8(0)
      .uleb(caller === undefined ? functionIndex(0) : frame.functionIndex)
      .uleb(called);
    out.uleb(frame.locals.length).uleb(frame.stack.length);
    for (const one of frame.locals) out.u8(0x7f).u32(word(one));
    if (!forWasmgdb) for (const one of frame.stack) out.u8(0x7f).u32(word(one));
  });
  const nameless = custom("coremodules", (out) => out.uleb(1).u8(0));
  const none = custom("coreinstances", (out) => out.u8(0));
  const pages = section(5, (out) =>
    out
      .uleb(1)
      .u8(0)
      .uleb(dump.memories[0]!.size / 65536),
  );
  return file(core(""), written, nameless, none, pages, globals(recorded, true));
}

export const wasmedge2024 = (recorded: Recorded): Uint8Array => early(recorded, false);
export const wasmedge2024ForWasmgdb = (recorded: Recorded): Uint8Array => early(recorded, true);
