/**
 * A variable that was in a local, once values of others have been put there: LLVM lets them in after the variable's
 * last use, and does not end its location.
 *
 * What counts is which assignments are the variable's own. LLVM describes each value that it gives a variable by a
 * DBG_VALUE behind the instruction that makes it, and joins equal ones to one location, so that a new value of the
 * variable in the same local leaves no trace in DWARF where it gets there by `local.set`. By `local.tee` it does: for
 * as long as the value lies on the operand stack, the location is an operand. In front of the basic block in which the
 * frame stands, LLVM itself makes sure that the local still is the variable's after each `local.set`. In that block,
 * nothing tells but the value: LLVM describes constants, and addresses of the frame's places, as such, and never as
 * the local that they may happen to be in.
 */
import { once } from "../../bytes/errors";
import type { Changes } from "../../dwarf/machine";
import type { Use } from "../../dwarf/wasm-registers";
import type { FunctionCode } from "../../wasm/function-code";
import type { Instruction } from "../../wasm/instructions";
import { assignedLocal } from "../../wasm/operands";
import { isAsLinked } from "./as-linked";
import { baseOf, type FrameBase, type PrologueBase } from "./frame-base";
import type { Term, Terms } from "./terms";
import { unreadAssignments } from "./unread";

/** Which variable: the local that its location names, and since which instruction. Offsets are in the body. */
export interface Kept {
  readonly local: number;
  readonly from: number;
  /** Whether that is said of the whole scope: then nothing is known of other basic blocks, either. */
  readonly throughout: boolean;
  /** Whether it has no other location further on. */
  readonly isLast: boolean;
  readonly changes: Changes;
  readonly use: Use;
}

/** What is known of the frame that it was in. */
export interface KeptIn {
  /** The frame base that the function sets up. */
  readonly base: PrologueBase | undefined;
  /** Where variables begin, in bytes from there. */
  places(): ReadonlySet<number>;
}

/** Instructions that begin or end a basic block of LLVM's. */
const DIVIDES = /^(if|else|loop|end|br.*|catch.*|delegate|try.*)$/;

export class KeptValue {
  /**
   * @param here the instruction where the frame stands
   * @returns undefined where no assignment begins the location, so that it is not known whose value the local had, and
   *   where the code is not LLVM's own
   */
  static of(
    terms: Terms,
    code: FunctionCode,
    here: number,
    kept: Kept,
    frame: KeptIn,
  ): KeptValue | undefined {
    let straight = code.start;
    let before: Instruction | undefined;
    let given: number | undefined;
    for (const instruction of code.instructions()) {
      const { offset } = instruction;
      if (offset === kept.from && before !== undefined && assignedLocal(before) === kept.local)
        given = before.offset;
      if (offset >= here) break;
      if (before !== undefined && DIVIDES.test(before.mnemonic)) straight = offset;
      before = instruction;
    }
    const isArgument = kept.from <= code.start && kept.local < code.parameters.length;
    if ((given === undefined && !isArgument) || !isAsLinked(code)) return undefined;
    const isSettled = given === undefined && (kept.use === "address" || kept.changes === "nothing");
    // A new value that LLVM has moved behind the code that uses it is not described until then.
    if (!isSettled && !kept.isLast) return undefined;
    const isFrameBase = kept.use === "base" && given !== undefined && given === frame.base?.givenAt;
    const alone = kept.throughout ? code.start : straight;
    const unread = once(() => unreadAssignments(code, kept.local));
    return new KeptValue(terms, kept, code.localCount, here, given, alone, isSettled, (offset, value) => {
      if (isFrameBase || kept.use === "address") return isFrameBase;
      if (kept.changes === "numbers") return isPlace(terms, value);
      const place = kept.changes === "pointers" ? placeOf(terms, value, frame.base) : undefined;
      return place !== undefined && frame.places().has(place) && unread().has(offset);
    });
  }

  private constructor(
    private readonly terms: Terms,
    private readonly kept: Kept,
    /** Where it is among the locals: behind the function's own. */
    readonly place: number,
    private readonly here: number,
    /** Offset of the assignment that gave the local the value; undefined for an argument. */
    private readonly given: number | undefined,
    /** Offset from which no assignment is known to be the variable's. */
    private readonly alone: number,
    /** Whether the program gives it no other value. */
    private readonly isSettled: boolean,
    /** Whether what is assigned at an offset cannot be the variable's new value. */
    private readonly isAnothers: (offset: number, value: Term) => boolean,
  ) {}

  valueIn({ locals }: { readonly locals: readonly Term[] }): Term | undefined {
    return locals[this.place];
  }

  /** What it is before the function's first instruction. */
  first(locals: readonly Term[]): Term {
    return this.given === undefined ? locals[this.kept.local]! : this.terms.unknown(`kept ${this.place}`);
  }

  /** Whether an instruction may change it. */
  mayChangeBy(instruction: Instruction): boolean {
    return assignedLocal(instruction) === this.kept.local && !this.isOverlooked(instruction);
  }

  /** Takes in an assignment to a local. */
  assign(instruction: Instruction, value: Term, locals: Term[]): void {
    if (assignedLocal(instruction) !== this.kept.local) return;
    locals[this.place] = this.after(instruction, value, locals[this.place]!);
  }

  private after(instruction: Instruction, value: Term, before: Term): Term {
    const { offset, mnemonic } = instruction;
    if (offset === this.given || value === before) return value;
    if (this.isOverlooked(instruction)) return before;
    const isInside = this.isInside(offset);
    if ((!isInside || offset < this.alone) && mnemonic === "local.set") return value;
    if (isInside && this.isAnothers(offset, value)) return before;
    return this.terms.unknown(`kept ${this.place} ${offset}`, this.terms.strays(value));
  }

  private isInside(offset: number): boolean {
    return offset > (this.given ?? -1) && offset < this.here;
  }

  /**
   * Whether an assignment cannot be the variable's, whatever it assigns: the variable gets no other value, or that
   * would have ended the location.
   */
  private isOverlooked({ offset, mnemonic }: Instruction): boolean {
    if (offset === this.given) return false;
    return this.isSettled || (mnemonic === "local.tee" && this.isInside(offset));
  }
}

/** Whether it is a constant, or the address of a place of the frame. */
function isPlace(terms: Terms, value: Term): boolean {
  if (value.kind === "constant") return true;
  const [base, offset] =
    value.kind === "operation" && /^i(32|64)\.or$/.test(value.mnemonic) ? value.operands : [value];
  return terms.frameAddress(base!) !== undefined && (offset === undefined || offset.kind === "constant");
}

/** Bytes from the frame base to the place of the frame that it is the address of. */
function placeOf(terms: Terms, value: Term, base: FrameBase | undefined): number | undefined {
  const place = baseOf(terms, value);
  const isFixed = place?.alignment === 1 && base?.alignment === 1;
  return isFixed ? place.offset - base.offset : undefined;
}
