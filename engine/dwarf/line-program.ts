/**
 * The line number state machine (DWARF 5 §6.2.2, §6.2.5), versions 2 to 5.
 *
 * It runs a sequence at a time: its registers start anew with each, so that a sequence says the same whether
 * the ones before it were run or not.
 *
 * Most programs are over before a just-in-time compiler is done with what runs them. So the loop has nothing
 * that is rare in it, and all that it knows of the header is in arrays and numbers of its own.
 */
import type { ByteReader } from "../bytes/reader";
import { DW_LNE, DW_LNS } from "./constants";
import { isDiscardedCode, readAddress } from "./encoding";
import { type LineHeader, readOldFile } from "./line-header";
import type { LineRows } from "./line-rows";

/** What each special opcode does: how many operations it advances, how many lines; -1 where lineRange is 0. */
export interface SpecialOpcodes {
  readonly advances: Int32Array;
  readonly lines: Int32Array;
}

export function specialOpcodes({ opcodeBase, lineRange, lineBase }: LineHeader): SpecialOpcodes {
  const advances = new Int32Array(256).fill(-1);
  const lines = new Int32Array(256).fill(-1);
  for (let opcode = 0; opcode < 256 && lineRange > 0; opcode++) {
    const adjusted = opcode - opcodeBase;
    advances[opcode] = Math.trunc(adjusted / lineRange);
    lines[opcode] = lineBase + (adjusted % lineRange);
  }
  return { advances, lines };
}

export class LineMachine {
  // What the last sequence came to. Not a number yet, since addresses are not always small ones.
  /** Address of its first row. */
  low = Number.NaN;
  /** The address after its last row, which DW_LNE_end_sequence has. */
  high = Number.NaN;
  /** Whether it has rows, and of code that is there. */
  hasCode = false;
  /** Why its rows cannot be used, when they cannot. */
  flaw: string | undefined;
  /** Where the next sequence starts, in the section. */
  next: number;

  // Registers that extended opcodes set.
  private address = Number.NaN;
  private operation = 0;
  private ended = false;

  /**
   * @param reader over the program; it moves as the program runs
   * @param definesFiles whether files that the program adds join the header's: not when it runs once more
   */
  constructor(
    private readonly reader: ByteReader,
    private readonly header: LineHeader,
    private readonly specials: SpecialOpcodes,
    private readonly definesFiles: boolean,
  ) {
    this.next = reader.position;
  }

  /**
   * Runs the next sequence, and leaves the reader behind its last opcode.
   *
   * @param rows takes the rows, in place of those that it has
   * @returns false when the program ends before the sequence does
   * @throws FormatError where the program is malformed
   */
  runSequence(rows: LineRows): boolean {
    const { reader, header } = this;
    const { advances, lines } = this.specials;
    const { bytes, base } = reader;
    const { opcodeBase, minimumInstructionLength, maximumOperations } = header;
    let address = 0;
    let file = 1;
    let line = 1;
    let column = 0;
    let isStatement = header.defaultIsStatement;
    this.operation = 0;
    this.ended = false;
    reader.position = this.next;
    rows.length = 0;

    let low = 0;
    let previous = 0;
    let outOfRange = false;
    let descends = false;

    for (let at = reader.position - base; at < bytes.length; ) {
      const opcode = bytes[at++]!;
      let advance = 0;
      if (opcode >= opcodeBase) {
        advance = advances[opcode]!;
        line += lines[opcode]!;
      } else {
        switch (opcode) {
          case DW_LNS.copy:
            break;
          case DW_LNS.set_column:
            column = bytes[at++]!;
            if (column < 0x80) continue;
            column = this.operand(at - 1);
            at = reader.position - base;
            continue;
          case DW_LNS.negate_stmt:
            isStatement = !isStatement;
            continue;
          case DW_LNS.advance_line:
            line += this.signedOperand(at);
            at = reader.position - base;
            continue;
          case DW_LNS.set_file:
            file = this.operand(at);
            at = reader.position - base;
            continue;
          default:
            this.address = address;
            this.other(opcode, at);
            address = this.address;
            at = reader.position - base;
            if (!this.ended) continue;
            this.low = low;
            this.high = address;
            this.hasCode = rows.length > 0 && !isDiscardedCode(low, header.addressSize);
            this.flaw = outOfRange
              ? "has numbers that are too large"
              : descends || address < previous
                ? "has addresses that do not ascend"
                : undefined;
            return true;
        }
      }
      if (advance !== 0) {
        if (maximumOperations > 1 || advance < 0) address = this.advanced(address, advance);
        else address += minimumInstructionLength * advance;
      }
      if (rows.length === 0) low = address;
      else if (address < previous) descends = true;
      previous = address;
      // As unsigned 32-bit numbers they are what they were, or they are out of range.
      if (address >>> 0 !== address || line >>> 0 !== line || file >>> 0 !== file || column >>> 0 !== column)
        outOfRange = true;
      rows.push(address, file, line, column, isStatement);
    }
    return false;
  }

  private operand(at: number): number {
    this.reader.position = this.reader.base + at;
    return this.reader.uleb();
  }

  private signedOperand(at: number): number {
    this.reader.position = this.reader.base + at;
    return this.reader.sleb();
  }

  /** `address` after so many operations. */
  private advanced(address: number, operations: number): number {
    const { minimumInstructionLength, maximumOperations } = this.header;
    if (operations < 0) this.reader.fail("The line range of the line table is 0");
    if (maximumOperations <= 1) return address + minimumInstructionLength * operations;
    const operation = this.operation + operations;
    this.operation = operation % maximumOperations;
    return address + minimumInstructionLength * Math.floor(operation / maximumOperations);
  }

  /** Opcodes that set the address, and those that set nothing that is kept. */
  private other(opcode: number, at: number): void {
    const { reader, header } = this;
    reader.position = reader.base + at;
    switch (opcode) {
      case DW_LNS.extended_op:
        this.extended();
        return;
      case DW_LNS.advance_pc:
        this.address = this.advanced(this.address, reader.uleb());
        return;
      case DW_LNS.const_add_pc:
        this.address = this.advanced(this.address, this.specials.advances[255]!);
        return;
      case DW_LNS.fixed_advance_pc:
        this.address += reader.u16();
        this.operation = 0;
        return;
      default:
        // set_basic_block, set_prologue_end, set_epilogue_begin, set_isa, and what later versions add.
        for (let i = header.operandCounts[opcode]!; i > 0; i--) reader.skipLeb();
    }
  }

  private extended(): void {
    const { reader } = this;
    const length = reader.uleb();
    if (length === 0) return; // padding
    const next = reader.position + length;
    switch (reader.u8()) {
      case DW_LNE.end_sequence:
        this.ended = true;
        this.next = next;
        return;
      case DW_LNE.set_address:
        // The operand's own width says more than the header, which before DWARF 5 does not give one.
        this.address = readAddress(reader, length - 1);
        this.operation = 0;
        break;
      case DW_LNE.define_file:
        if (this.definesFiles) {
          const name = reader.cstring();
          this.header.files.push(readOldFile(reader, name));
        }
        break;
      default: // set_discriminator, and vendors'
    }
    if (reader.position > next) reader.fail("An extended opcode is longer than it says");
    reader.position = next;
  }
}
