/**
 * Variables whose debug information gives a value of before the statement that a frame stands in, as the code that
 * assigns them anew comes later than the source has it.
 *
 * LLVM says that a variable has its new value from where that is worked out, and its old one until then. Where the
 * optimiser has moved the work behind the frame's instruction (delayed-values.ts), the old value is past: lines tell
 * the order of the statements. What the lines leave open stays: turns of an unrolled loop, and the part of a loop's
 * head that runs behind its body, come later in the code and earlier in the source by right.
 */
import { once } from "../bytes/errors";
import type { CodeOffset } from "../bytes/offsets";
import { DW_AT } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { isSpelledOut } from "../dwarf/spelled-out";
import { delayedValues } from "./delayed-values";
import type { FrameCode } from "./frame-code";
import { soleLocal } from "./local-numbers";

interface LateValue {
  readonly at: CodeOffset;
  readonly behind: CodeOffset;
  readonly locals: ReadonlySet<number>;
  /** Of the statement that it belongs to. */
  readonly line: number;
}

export class DelayedAssignments {
  constructor(private readonly frame: FrameCode) {}

  /** Whether a variable of the frame has another value by now than its location names. */
  isLate(variable: Entry): boolean {
    const { frame } = this;
    const location = variable.location(DW_AT.location, frame.pc);
    if (!(location instanceof Uint8Array)) return false;
    const span = variable.locationSpan(DW_AT.location, frame.pc);
    if (span === undefined || span.throughout) return false;
    const local = soleLocal(location);
    if (local === undefined && !isSpelledOut(location, variable.unit)) return false;
    const declared = variable.unsigned(DW_AT.decl_line);
    if (declared === undefined || this.late().length === 0) return false;
    const since = local === undefined ? undefined : frame.lineOfAssignment(local, span.from);
    return this.late().some((late) => {
      if (declared >= late.line || (since ?? 0) > late.line) return false;
      if (variable.locationSpan(DW_AT.location, late.behind)?.from === late.behind)
        return local === undefined || since !== undefined;
      return local !== undefined && late.locals.has(local) && isBetween(variable, late);
    });
  }

  /** Delayed values of statements in front of the frame's, by where they can be described. */
  private readonly late = once((): readonly LateValue[] => {
    const { frame } = this;
    const code = frame.code();
    const here = frame.location?.line;
    if (code === undefined || here === undefined) return [];
    const delayed = delayedValues(frame.physical.module.wasm, code, frame.offset);
    const late = delayed.flatMap(({ at, behind, locals }): LateValue[] => {
      const line = frame.lineAt(frame.at(at));
      if (line === undefined || line === 0 || line >= here) return [];
      return [{ at: frame.at(at), behind: frame.at(behind), locals, line }];
    });
    if (late.length === 0 || frame.isCopied) return [];
    const heads = frame.linesOfLoop();
    return late.filter(({ line }) => heads.every((head) => head !== 0 && (head < line || head > here)));
  });
}

/** Whether a variable's old value is over and its next one not there yet, which takes up the one in between. */
const isBetween = (variable: Entry, { at, behind }: LateValue): boolean =>
  [at, behind].every((place) => variable.location(DW_AT.location, place) === "not-here");
