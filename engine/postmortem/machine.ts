/**
 * One frame's machine state as the core dump recorded it, and where it did not, as the code tells it: the registers
 * that location expressions ask for.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import type { Address, CodeOffset } from "../bytes/offsets";
import type { CoreDump, CoreFrame, CoreInstance, CoreMemory, RecordedValue } from "../coredump/model";
import type { Machine, Register, Tenancy } from "../dwarf/machine";
import { Missing, type MissingReason, missing } from "../dwarf/missing";
import { readMemory } from "./memory";
import type { FrameRecovery } from "./recovery/frame-recovery";

export class RecordedMachine implements Machine {
  readonly memory0: CoreMemory | undefined;
  private readonly instance: CoreInstance | undefined;

  constructor(
    private readonly dump: CoreDump,
    private readonly frame: CoreFrame,
    readonly pc: CodeOffset,
    readonly addressSize: number,
    readonly youngest: boolean,
    private readonly callerMachine: () => Machine | undefined,
    readonly localWrittenSince: NonNullable<Machine["localWrittenSince"]>,
    /** Whether the debug information means another local by the number of this one. */
    private readonly isRenumbered: (local: number) => boolean,
    /** Where variables begin, in bytes from the frame base. */
    private readonly framePlaces: () => ReadonlySet<number>,
    private readonly areThreadLocalsStatic: () => boolean,
    private readonly recovery: FrameRecovery,
  ) {
    this.instance = dump.instances[frame.instance];
    const memory = this.instance === undefined ? 0 : this.instance.memories[0];
    this.memory0 = memory === undefined ? undefined : dump.memories[memory];
  }

  get threadLocalsAreStatic(): boolean {
    return this.areThreadLocalsStatic();
  }

  /** As recorded; else as recovered. */
  local(index: number): Register | Missing {
    const recorded = this.recordedLocal(index);
    if (!(recorded instanceof Missing)) return recorded;
    return this.recovered(() => this.recovery.local(index)) ?? this.unrecovered(recorded);
  }

  private recordedLocal(index: number): Register | Missing {
    return toRegister(this.frame.locals[index], "local-not-recorded", `local ${index}`);
  }

  /**
   * As recorded; else, where the dump has no operand stacks at all, as recovered. Producers that record them may have
   * popped those that the frame's instruction takes, as V8 does for calls: these follow from the callee.
   */
  operand(index: number): Register | Missing {
    const recorded = toRegister(this.frame.stack[index], "operand-not-recorded", `operand ${index}`);
    if (!(recorded instanceof Missing)) return recorded;
    // At a trap LLVM's locations may name the operand that was made of the variable.
    if (this.recovery.hasRegisters && this.youngest) return recorded;
    if (this.recovery.hasRegisters)
      return this.recovered(() => this.recovery.operandTaken(index)) ?? recorded;
    return this.recovered(() => this.recovery.operand(index)) ?? this.unrecovered(recorded);
  }

  localOf(local: number, { since, use, changes }: Tenancy): Register | undefined {
    if (this.isRenumbered(local)) return undefined;
    const from = since.from - (this.pc - this.frame.offset);
    const { throughout } = since;
    const find = (): Register | undefined =>
      this.recovery.kept({ local, from, throughout, isLast: since.isLast(), changes, use }, this.framePlaces);
    return this.recovered(find);
  }

  operandPoppedSince(index: number, from: CodeOffset): boolean {
    const start = this.pc - this.frame.offset;
    return attempt(() => this.recovery.isPoppedSince(index, from - start)) === true;
  }

  frameBase(local: number): Register | Missing {
    const recorded = this.recordedLocal(local);
    const known = recorded instanceof Missing ? undefined : recorded;
    const isUnchanged = once(() => !this.localWrittenSince(local, "first", "any"));
    const found = this.recovered(() => this.recovery.frameBase(local, known, isUnchanged));
    if (found !== undefined) return found;
    if (!isUnchanged()) return missing("frame-base-unknown", `local ${local} has been reused since`);
    return recorded;
  }

  stackPointer(global: number): Register | undefined {
    return this.recovered(() => this.recovery.stackPointer(global));
  }

  /** What was not recorded, with what stands in the way of recovering it. */
  private unrecovered({ reason, detail }: Missing): Missing {
    const why = attempt(() => this.recovery.why);
    return typeof why === "string"
      ? missing(reason, `${detail}, not recovered: ${why}`)
      : missing(reason, detail);
  }

  private recovered(find: () => Register | undefined): Register | undefined {
    const found = attempt(find);
    return found instanceof FormatError ? undefined : found;
  }

  global(index: number): Register | Missing {
    const recorded = this.instance === undefined ? index : this.instance.globals[index];
    const value = recorded === undefined ? undefined : this.dump.globals[recorded];
    return toRegister(value, "global-not-recorded", `global ${index}`);
  }

  memory(at: Address, length: number): Uint8Array | Missing {
    if (this.memory0 === undefined) return missing("memory-not-recorded");
    return readMemory(this.memory0, at, length);
  }

  caller(): Machine | undefined {
    return this.callerMachine();
  }
}

/** A recorded value's bits as a register. */
export function toRegister(
  value: RecordedValue | undefined,
  absent: MissingReason,
  detail: string,
): Register | Missing {
  if (value === undefined) return missing(absent, detail);
  switch (value.type) {
    case "missing":
    case "ref":
      return missing(absent, detail);
    case "v128":
      return { type: "v128", bytes: value.bytes, provenance: "recorded" };
    case "i32":
      return {
        type: "i32",
        bytes: bits(4, (view) => view.setInt32(0, value.value, true)),
        provenance: "recorded",
      };
    case "f32":
      return {
        type: "f32",
        bytes: bits(4, (view) => view.setUint32(0, value.bits, true)),
        provenance: "recorded",
      };
    case "i64":
      return {
        type: "i64",
        bytes: bits(8, (view) => view.setBigInt64(0, value.value, true)),
        provenance: "recorded",
      };
    case "f64":
      return {
        type: "f64",
        bytes: bits(8, (view) => view.setBigUint64(0, value.bits, true)),
        provenance: "recorded",
      };
  }
}

function bits(size: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return bytes;
}
