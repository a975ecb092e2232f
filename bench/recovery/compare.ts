/** Holds what is recovered of a stack against what V8 says that it was. */
import { attempt } from "../../engine/bytes/errors";
import { address, type CodeOffset, codeOffset } from "../../engine/bytes/offsets";
import type { CoreFrame, RecordedValue } from "../../engine/coredump/model";
import type { CoreDumpContents } from "../../engine/coredump/writer";
import { DW_AT } from "../../engine/dwarf/constants";
import type { Register } from "../../engine/dwarf/machine";
import { missing } from "../../engine/dwarf/missing";
import type { DebugInformation } from "../../engine/dwarf/model";
import { toRegister } from "../../engine/postmortem/machine";
import { littleEndian } from "../../engine/postmortem/reason/registers";
import { type RecordedFrame, StackRecovery } from "../../engine/postmortem/recovery/stack-recovery";
import type { WasmValue } from "../../engine/wasm/arithmetic";
import type { WasmModule } from "../../engine/wasm/module";

export interface Score {
  exact: number;
  unknown: number;
  wrong: number;
}

export interface Figures {
  snapshots: number;
  frames: number;
  /** Of frames whose function names a local for its frame base that holds it. */
  readonly frameBases: Score;
  /** Frames whose local of that name held something else. */
  elsewhere: number;
  readonly locals: Score;
  readonly live: Score;
  readonly operands: Score;
  /** Milliseconds for each frame of a snapshot, on average. */
  readonly times: number[];
  readonly mistakes: string[];
}

export const noFigures = (): Figures => ({
  snapshots: 0,
  frames: 0,
  frameBases: { exact: 0, unknown: 0, wrong: 0 },
  elsewhere: 0,
  locals: { exact: 0, unknown: 0, wrong: 0 },
  live: { exact: 0, unknown: 0, wrong: 0 },
  operands: { exact: 0, unknown: 0, wrong: 0 },
  times: [],
  mistakes: [],
});

export interface Subject {
  readonly module: WasmModule;
  readonly debug: DebugInformation | undefined;
  /** Whether a local's value where a frame stands can still be read by the code. */
  isLive(frame: CoreFrame, local: number): boolean;
}

export function compare(contents: CoreDumpContents, subject: Subject, figures: Figures): void {
  const thread = contents.threads[0]!;
  const started = performance.now();
  const stripped = thread.frames.map((frame): CoreFrame => ({ ...frame, locals: [], stack: [] }));
  const frames = stripped.map((core) => withoutRegisters(core, contents, subject.module));
  const recovery = new StackRecovery(frames, { ...thread, frames: stripped }, true, false);
  for (const index of thread.frames.keys()) recovery.local(index, 0);
  figures.times.push((performance.now() - started) / thread.frames.length);
  figures.snapshots++;
  figures.frames += thread.frames.length;
  thread.frames.forEach((truth, index) => {
    const base = compareFrameBase(truth, index, recovery, subject, figures);
    const name = `${truth.functionIndex}+${truth.offset} (frame ${index}${base})`;
    truth.locals.forEach((value, local) => {
      const verdict = judge(value, recovery.local(index, local));
      if (verdict === undefined) return;
      figures.locals[verdict]++;
      if (subject.isLive(truth, local)) figures.live[verdict]++;
      if (verdict === "wrong")
        figures.mistakes.push(
          `local ${local} of ${name}: ${show(value)}, recovered ${shown(recovery.local(index, local))}`,
        );
    });
    const height = recovery.operandCount(index);
    if (height === undefined) return;
    truth.stack.slice(0, height).forEach((value, operand) => {
      const verdict = judge(value, recovery.operand(index, operand));
      if (verdict === undefined) return;
      figures.operands[verdict]++;
      if (verdict === "wrong")
        figures.mistakes.push(
          `operand ${operand} of ${name}: ${show(value)}, recovered ${shown(recovery.operand(index, operand))}`,
        );
    });
  });
}

function compareFrameBase(
  truth: CoreFrame,
  index: number,
  recovery: StackRecovery,
  subject: Subject,
  figures: Figures,
): string {
  const local = frameBaseLocal(truth, subject);
  const value = local === undefined ? undefined : truth.locals[local];
  if (local === undefined || value === undefined) return "";
  const base = recovery.frameBase(index, local);
  const verdict = judge(value, base?.value());
  if (verdict === undefined) return "";
  if (base?.holds !== true && verdict !== "exact" && base !== undefined) {
    figures.elsewhere++;
    return "";
  }
  figures.frameBases[verdict]++;
  if (verdict === "wrong")
    figures.mistakes.push(
      `frame base ${truth.functionIndex}+${truth.offset}: ${show(value)}, ${shown(base?.value())}`,
    );
  return verdict === "exact" ? "" : `, frame base ${verdict}`;
}

/** The local that DWARF names as the frame base: `DW_OP_WASM_location 0 N, DW_OP_stack_value`. */
function frameBaseLocal(frame: CoreFrame, { module, debug }: Subject): number | undefined {
  const found = attempt(() => {
    const body = module.body(frame.functionIndex);
    if (debug === undefined || body === undefined) return undefined;
    const pc: CodeOffset = codeOffset(body.start + frame.offset);
    const location = debug.unitAt(pc)?.subprogramAt(pc)?.location(DW_AT.frame_base, pc);
    if (!(location instanceof Uint8Array) || location[0] !== 0xed || location[1] !== 0) return undefined;
    let local = 0;
    for (let at = 2, shift = 0; at < location.length; at++, shift += 7) {
      local |= (location[at]! & 0x7f) << shift;
      if (location[at]! < 0x80) break;
    }
    return local;
  });
  return typeof found === "number" ? found : undefined;
}

function judge(truth: RecordedValue, recovered: Register | undefined): keyof Score | undefined {
  const register = toRegister(truth, "local-not-recorded", "");
  if (!("bytes" in register)) return undefined;
  if (recovered === undefined) return "unknown";
  const same =
    recovered.type === register.type && recovered.bytes.every((byte, at) => byte === register.bytes[at]);
  return same ? "exact" : "wrong";
}

const show = (value: RecordedValue): string =>
  "value" in value ? `${value.type} ${value.value}` : value.type;
const shown = (register: Register | undefined): string =>
  register === undefined ? "nothing" : `${register.type} ${littleEndian(register.bytes, true)}`;

/** A frame of a dump that has memory and globals, and no registers. */
function withoutRegisters(core: CoreFrame, contents: CoreDumpContents, module: WasmModule): RecordedFrame {
  const instance = contents.instances[core.instance];
  return {
    core,
    module,
    local: () => undefined,
    operand: () => undefined,
    global: (index): WasmValue | undefined => {
      const value = contents.globals[instance?.globals[index] ?? -1];
      const register = toRegister(value, "global-not-recorded", "");
      return "bytes" in register
        ? { type: register.type, bits: littleEndian(register.bytes, false) }
        : undefined;
    },
    memory: (at, length, index) => {
      const memory = contents.memories[instance?.memories[index] ?? -1];
      const bytes = memory?.parts[0]?.bytes.slice(at, address(at + length));
      return bytes?.length === length ? bytes : missing("out-of-bounds");
    },
  };
}
