/**
 * The line number state machine (DWARF 5 §6.2.2, §6.2.5), versions 2 to 5.
 */
import { attempt, FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import { DW_LNE, DW_LNS } from "./constants";
import { isDiscardedCode, readAddress } from "./encoding";
import { type LineHeader, readOldFile } from "./line-header";
import { GrowingColumns, LineRows } from "./line-rows";

/**
 * Runs a program. A malformed one ends where the fault is: the sequences before it are kept.
 * Sequences of discarded code are left out, and such whose addresses do not ascend.
 *
 * @param program the bytes from `header.programStart` to `header.end`
 */
export function runLineProgram(
  program: Uint8Array,
  section: string,
  header: LineHeader,
  report: (problem: FormatError) => void,
): LineRows {
  const machine = new LineMachine(new ByteReader(program, section, header.programStart), header, report);
  const fault = attempt(() => machine.run());
  if (fault instanceof FormatError) report(fault);
  return machine.finish();
}

class LineMachine {
  private readonly rows = new GrowingColumns();
  private readonly starts: number[] = [0];
  private readonly intervals: number[] = [];
  private readonly perOperation: boolean;

  private address = 0;
  private operation = 0;
  private file = 1;
  private line = 1;
  private column = 0;
  private isStatement: boolean;

  /** The present sequence's first address, in full. */
  private firstAddress = 0;
  /** Whether a row of the present sequence has a number that its column cannot hold. */
  private outOfRange = false;

  constructor(
    private readonly reader: ByteReader,
    private readonly header: LineHeader,
    private readonly report: (problem: FormatError) => void,
  ) {
    this.perOperation = header.maximumOperations > 1;
    this.isStatement = header.defaultIsStatement;
  }

  run(): void {
    const { reader, header } = this;
    const { bytes, base } = reader;
    const { opcodeBase } = header;
    // Special opcodes, which are most of a program, are taken from the bytes; the reader follows for the others.
    let at = reader.position - base;
    while (at < bytes.length) {
      const opcode = bytes[at++]!;
      if (opcode >= opcodeBase) {
        this.special(opcode - opcodeBase);
        continue;
      }
      reader.position = base + at;
      if (opcode === DW_LNS.extended_op) this.extended();
      else this.standard(opcode);
      at = reader.position - base;
    }
    reader.position = reader.end;
  }

  private special(adjusted: number): void {
    const { lineBase, lineRange } = this.header;
    this.advance(Math.trunc(adjusted / this.range(lineRange)));
    this.line += lineBase + (adjusted % lineRange);
    this.emit();
  }

  /** What is complete: rows after the last end of a sequence are dropped. */
  finish(): LineRows {
    this.rows.length = this.starts[this.starts.length - 1]!;
    this.rows.trim();
    return new LineRows(this.rows, Uint32Array.from(this.starts), this.intervals);
  }

  private range(lineRange: number): number {
    return lineRange > 0 ? lineRange : this.reader.fail("The line range of the line table is 0");
  }

  private advance(operations: number): void {
    const { minimumInstructionLength, maximumOperations } = this.header;
    if (!this.perOperation) {
      this.address += minimumInstructionLength * operations;
      return;
    }
    const operation = this.operation + operations;
    this.address += minimumInstructionLength * Math.floor(operation / maximumOperations);
    this.operation = operation % maximumOperations;
  }

  private emit(): void {
    const { address, file, line, column } = this;
    if (this.rows.length === this.starts[this.starts.length - 1]!) this.firstAddress = address;
    this.rows.push(address, file, line, column, this.isStatement);
    // As unsigned 32-bit numbers they are what they were, or they are out of range.
    if (address >>> 0 !== address || file >>> 0 !== file || line >>> 0 !== line || column >>> 0 !== column)
      this.outOfRange = true;
  }

  private standard(opcode: number): void {
    const { reader, header } = this;
    switch (opcode) {
      case DW_LNS.copy:
        this.emit();
        return;
      case DW_LNS.advance_pc:
        this.advance(reader.uleb());
        return;
      case DW_LNS.advance_line:
        this.line += reader.sleb();
        return;
      case DW_LNS.set_file:
        this.file = reader.uleb();
        return;
      case DW_LNS.set_column:
        this.column = reader.uleb();
        return;
      case DW_LNS.negate_stmt:
        this.isStatement = !this.isStatement;
        return;
      case DW_LNS.const_add_pc:
        this.advance(Math.floor((255 - header.opcodeBase) / this.range(header.lineRange)));
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
    const end = reader.position + length;
    switch (reader.u8()) {
      case DW_LNE.end_sequence:
        this.endSequence();
        break;
      case DW_LNE.set_address:
        // The operand's own width says more than the header, which before DWARF 5 does not give one.
        this.address = readAddress(reader, length - 1);
        this.operation = 0;
        break;
      case DW_LNE.define_file: {
        const name = reader.cstring();
        this.header.files.push(readOldFile(reader, name));
        break;
      }
      default: // set_discriminator, and vendors'
    }
    if (reader.position > end) reader.fail("An extended opcode is longer than it says");
    reader.position = end;
  }

  private endSequence(): void {
    const start = this.starts[this.starts.length - 1]!;
    if (this.rows.length > start && this.sound(start)) {
      const low = this.rows.addresses[start]!;
      this.intervals.push(low, this.address, this.starts.length - 1);
      this.starts.push(this.rows.length);
    } else this.rows.length = start;
    this.address = 0;
    this.operation = 0;
    this.file = 1;
    this.line = 1;
    this.column = 0;
    this.isStatement = this.header.defaultIsStatement;
    this.outOfRange = false;
  }

  /** Whether the rows from `start` are of code that is there, in ascending order up to the present address. */
  private sound(start: number): boolean {
    const { addresses, length } = this.rows;
    if (isDiscardedCode(this.firstAddress, this.header.addressSize)) return false;
    if (this.outOfRange) return this.leaveOut("has numbers that are too large");
    let previous = addresses[start]!;
    for (let row = start + 1; row <= length; row++) {
      const address = row === length ? this.address : addresses[row]!;
      if (address < previous) return this.leaveOut("has addresses that do not ascend");
      previous = address;
    }
    return true;
  }

  private leaveOut(why: string): false {
    const { section, position } = this.reader;
    this.report(new FormatError(`A sequence of the line table ${why}`, { section, offset: position }));
    return false;
  }
}
