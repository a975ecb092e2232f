/** One frame's share in the recovery of its stack. */
import { once } from "../../bytes/errors";
import type { Register } from "../../dwarf/machine";
import type { Kept, KeptIn } from "./kept-value";
import type { StackRecovery } from "./stack-recovery";

export class FrameRecovery {
  /** @param index the frame's, 0 being the youngest */
  constructor(
    private readonly stack: StackRecovery,
    private readonly index: number,
  ) {}

  /** Whether the dump has registers of any of the stack's frames. */
  get hasRegisters(): boolean {
    return this.stack.hasRegisters;
  }

  /** Number of locals, parameters included, as the code declares them; undefined when it is not there. */
  get localCount(): number | undefined {
    return this.stack.localCount(this.index);
  }

  localType(local: number): string | undefined {
    return this.stack.localType(this.index, local);
  }

  /** Height of the operand stack; undefined when the frame's code cannot be followed. */
  get operandCount(): number | undefined {
    return this.stack.operandCount(this.index);
  }

  /** What a local held, recovered; undefined when that is not certain. */
  local(local: number): Register | undefined {
    return this.stack.local(this.index, local);
  }

  /**
   * What a local held of a variable, values of others having been put there since; undefined when that is not certain.
   * @param places where variables begin, in bytes from the frame base
   */
  kept(variable: Kept, places: KeptIn["places"]): Register | undefined {
    return this.stack.kept(this.index, variable, places);
  }

  /** What lay on the operand stack, 0 being its bottom; undefined when that is not certain. */
  operand(operand: number): Register | undefined {
    return this.stack.operand(this.index, operand);
  }

  /** Whether the code pops an operand between the instruction at `from` in the function's body and the frame's. */
  isPoppedSince(operand: number, from: number): boolean {
    return this.stack.isPoppedSince(this.index, operand, from);
  }

  /** The operands that the frame's instruction takes, the top last. */
  operandsTaken(): readonly (Register | undefined)[] {
    return this.stack.operandsTaken(this.index);
  }

  /** One of them, by its place on the operand stack, 0 being its bottom; undefined when that is not certain. */
  operandTaken(operand: number): Register | undefined {
    return this.stack.operandTaken(this.index, operand);
  }

  /** Why nothing more is known; undefined when nothing stands in the way. */
  get why(): string | undefined {
    return this.stack.why(this.index);
  }

  /** Where the frame stands, `__stack_pointer` was this; undefined when a global is not that, or it is not known. */
  stackPointer(global: number): Register | undefined {
    return this.stack.isStackPointer(this.index, global) ? this.stack.stackPointer(this.index) : undefined;
  }

  /** Bytes below the stack pointer at entry that the frame may reach down; 0 where the function sets up none. */
  get frameSize(): number {
    return this.stack.frameSize(this.index);
  }

  /** The frame base that the function set up, wherever that is; undefined when it is not known. */
  get frameStart(): Register | undefined {
    return this.stack.frameBase(this.index, undefined)?.value();
  }

  /**
   * The frame base that the function set up, which debug information says is in `local`.
   * @param recorded what the dump has of that local
   * @param isUnchanged whether no code assigns the local again after its first assignment
   * @returns the record, unless the local holds something else by now; undefined when it is not known
   */
  frameBase(local: number, recorded: Register | undefined, isUnchanged: () => boolean): Register | undefined {
    const found = once(() => this.stack.frameBase(this.index, local));
    const holds = (): boolean =>
      (this.stack.givesFrameBaseTo(this.index, local) && isUnchanged()) || found()?.holds === true;
    return recorded === undefined || !holds() ? found()?.value() : recorded;
  }
}
