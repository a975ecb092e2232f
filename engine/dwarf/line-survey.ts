/**
 * Steps over the sequences of a line number program without running them.
 *
 * Of most sequences a survey needs no more than their shape tells: a plain one sets its address once, and
 * neither has a row before it does nor advances the address before it has one. So its first row's address is known without
 * running it, and no opcode's meaning matters from there to its end, only its length.
 */
import { DW_LNE, DW_LNS } from "./constants";
import type { LineHeader } from "./line-header";
import type { SpecialOpcodes } from "./line-program";

/** What follows an opcode: so many LEB128 numbers, or one of these. */
const TWO_BYTES = 256;
const EXTENDED = 257;

export class LineSurvey {
  // What the last sequence came to.
  /** Address of its first row. */
  low = Number.NaN;
  /** Where it ends, as an index of the program's bytes. */
  end = 0;

  /** What follows each opcode. */
  private readonly operands = new Uint16Array(256);

  /** @param bytes the program's */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly header: LineHeader,
    private readonly specials: SpecialOpcodes,
  ) {
    const { operands } = this;
    operands.set(header.operandCounts);
    operands.fill(1, DW_LNS.advance_pc, Math.min(DW_LNS.set_column + 1, header.opcodeBase));
    for (const opcode of [DW_LNS.copy, DW_LNS.negate_stmt, DW_LNS.const_add_pc])
      if (opcode < header.opcodeBase) operands[opcode] = 0;
    if (DW_LNS.fixed_advance_pc < header.opcodeBase) operands[DW_LNS.fixed_advance_pc] = TWO_BYTES;
    operands[DW_LNS.extended_op] = EXTENDED;
  }

  /**
   * Steps over the sequence that starts at index `start`.
   *
   * @returns false when it is not a plain one, or malformed, and has to be run to know
   */
  stepOver(start: number): boolean {
    const { bytes, operands } = this;
    let at = this.firstRow(start);
    while (at < bytes.length) {
      const operand = operands[bytes[at++]!]!;
      if (operand === 0) continue;
      if (operand === 1 && bytes[at]! < 0x80) at++;
      else if (operand < TWO_BYTES) at = this.afterNumbers(at, operand);
      else if (operand === TWO_BYTES) at += 2;
      else if (bytes[at + 1] === DW_LNE.set_discriminator && bytes[at]! < 0x80) at += 1 + bytes[at]!;
      else {
        this.end = at + 2;
        return bytes[at] === 1 && bytes[at + 1] === DW_LNE.end_sequence;
      }
    }
    return false;
  }

  /** The index after the opcode that makes the first row; past the end when the sequence is not plain. */
  private firstRow(start: number): number {
    const { bytes, header, operands } = this;
    const { opcodeBase, lineRange, maximumOperations, minimumInstructionLength } = header;
    this.low = Number.NaN;
    if (lineRange === 0 || maximumOperations > 1) return bytes.length;
    for (let at = start; at < bytes.length; ) {
      const opcode = bytes[at++]!;
      const isSpecial = opcode >= opcodeBase;
      if (isSpecial || opcode === DW_LNS.copy) {
        if (isSpecial) this.low += minimumInstructionLength * this.specials.advances[opcode]!;
        return this.low >= 0 ? at : bytes.length;
      }
      const operand = operands[opcode]!;
      if (operand === EXTENDED) at = this.afterAddress(at);
      else if (operand === TWO_BYTES || opcode === DW_LNS.advance_pc || opcode === DW_LNS.const_add_pc) break;
      else at = this.afterNumbers(at, operand);
    }
    return bytes.length;
  }

  /**
   * The index after the first DW_LNE_set_address, whose length is at `at` and whose operand has 4 or 8 bytes;
   * past the end when there is another extended opcode.
   */
  private afterAddress(at: number): number {
    const { bytes } = this;
    const size = bytes[at]! - 1;
    const isFirst = bytes[at + 1] === DW_LNE.set_address && Number.isNaN(this.low);
    if (!isFirst || (size !== 4 && (size !== 8 || this.u32(at + 6) !== 0))) return bytes.length;
    this.low = this.u32(at + 2);
    return at + 2 + size;
  }

  private u32(at: number): number {
    const { bytes } = this;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }

  /** The index after so many LEB128 numbers; past the end when one has more than 4 bytes. */
  private afterNumbers(start: number, count: number): number {
    const { bytes } = this;
    let at = start;
    for (let i = 0; i < count; i++) {
      const first = at;
      while (bytes[at++]! >= 0x80);
      if (at - first > 4) return bytes.length;
    }
    return at;
  }
}
