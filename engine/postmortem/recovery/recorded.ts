/** A thread of a core dump as recovery takes it: what was recorded of its frames, and their modules. */
import { address } from "../../bytes/offsets";
import type { CoreDump, CoreFrame, CoreThread, RecordedValue } from "../../coredump/model";
import { missing } from "../../dwarf/missing";
import type { WasmValue } from "../../wasm/arithmetic";
import type { WasmModule } from "../../wasm/module";
import { readMemory } from "../memory";
import { type RecordedFrame, StackRecovery } from "./stack-recovery";

export function stackRecovery(
  dump: CoreDump,
  thread: CoreThread,
  moduleOf: (instance: number) => WasmModule,
): StackRecovery {
  const frames = thread.frames.map((core) => recordedFrame(dump, core, moduleOf(core.instance)));
  const { error } = dump.notes;
  // Wasmtime does not say why it stopped, and always begins with the frame that trapped.
  const trapsAtCalls = error === undefined ? dump.dialect.name === "wasmtime" : INDIRECT_CALL.test(error);
  return new StackRecovery(frames, thread, dump.threads.length === 1, trapsAtCalls);
}

/** What hosts say of an indirect call that traps. */
const INDIRECT_CALL = /indirect|signature|table|element|null|undefined/i;

function recordedFrame(dump: CoreDump, core: CoreFrame, module: WasmModule): RecordedFrame {
  const instance = dump.instances[core.instance];
  return {
    core,
    module,
    local: (index) => bitsOf(core.locals[index]),
    operand: (index) => bitsOf(core.stack[index]),
    global: (index) => bitsOf(dump.globals[(instance === undefined ? index : instance.globals[index]) ?? -1]),
    memory: (at, length, index) => {
      const memory = dump.memories[(instance === undefined ? index : instance.memories[index]) ?? -1];
      return memory === undefined ? missing("memory-not-recorded") : readMemory(memory, address(at), length);
    },
  };
}

/** A recorded value as bits; undefined for references and for what is missing. */
export function bitsOf(recorded: RecordedValue | undefined): WasmValue | undefined {
  switch (recorded?.type) {
    case "i32":
      return { type: "i32", bits: BigInt.asUintN(32, BigInt(recorded.value)) };
    case "i64":
      return { type: "i64", bits: BigInt.asUintN(64, recorded.value) };
    case "f32":
    case "f64":
      return { type: recorded.type, bits: BigInt(recorded.bits) };
    case "v128": {
      let bits = 0n;
      for (let i = 15; i >= 0; i--) bits = (bits << 8n) | BigInt(recorded.bytes[i] ?? 0);
      return { type: "v128", bits };
    }
    default:
      return undefined;
  }
}
