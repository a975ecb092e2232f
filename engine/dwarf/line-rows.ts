/**
 * The line number matrix (DWARF 5 §6.2.1): its rows as flat arrays, looked up by code offset.
 */
import { IntervalTable } from "./intervals";

/** The matrix: rows as parallel arrays in the program's order, and the sequences that they form. */
export class LineRows {
  /** From a sequence's first to past its last address; payload: its number in the program. */
  private readonly sequences: IntervalTable;

  constructor(
    private readonly columns: Columns,
    /** First row of each sequence, and the number of rows in all. */
    private readonly starts: Uint32Array,
    intervals: readonly number[],
  ) {
    this.sequences = new IntervalTable(intervals);
  }

  address(row: number): number {
    return this.columns.addresses[row]!;
  }
  file(row: number): number {
    return this.columns.files[row]!;
  }
  line(row: number): number {
    return this.columns.lines[row]!;
  }
  column(row: number): number {
    return this.columns.columns[row]!;
  }
  isStatement(row: number): boolean {
    return this.columns.statements[row] === 1;
  }

  /** Index of the row that covers `pc`, the last one of its address; -1 when no sequence does. */
  find(pc: number): number {
    const found = this.sequences.find(pc);
    return found < 0 ? -1 : this.lastBy(this.sequences.payload(found), pc);
  }

  /** The last row of a sequence whose address is `pc` or before it. */
  private lastBy(sequence: number, pc: number): number {
    let low = this.starts[sequence]!;
    let high = this.starts[sequence + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.columns.addresses[middle]! <= pc) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Indexes of the rows that cover code from `low` up to `high`, by ascending address. */
  *within(low: number, high: number): Iterable<number> {
    const { sequences, starts } = this;
    for (let i = Math.max(0, this.firstReaching(low)); i < sequences.size; i++) {
      if (sequences.low(i) >= high) return;
      if (sequences.high(i) <= low) continue;
      const sequence = sequences.payload(i);
      const end = starts[sequence + 1]!;
      for (let row = Math.max(starts[sequence]!, this.lastBy(sequence, low)); row < end; row++) {
        if (this.columns.addresses[row]! >= high) break;
        yield row;
      }
    }
  }

  /** The first sequence in order of address that may reach past `point`. */
  private firstReaching(point: number): number {
    const found = this.sequences.find(point);
    return found >= 0 ? found : this.sequences.lastStartingBy(point);
  }
}

interface Columns {
  addresses: Uint32Array;
  files: Uint32Array;
  lines: Uint32Array;
  columns: Uint32Array;
  statements: Uint8Array;
}

/** Columns that grow; rows are bounded by the program's bytes, since each takes one at least. */
export class GrowingColumns implements Columns {
  length = 0;
  addresses = new Uint32Array(64);
  files = new Uint32Array(64);
  lines = new Uint32Array(64);
  columns = new Uint32Array(64);
  statements = new Uint8Array(64);

  /** Adds a row of numbers from 0 to 2^32 - 1. */
  push(address: number, file: number, line: number, column: number, isStatement: boolean): void {
    const at = this.length++;
    if (at === this.addresses.length) this.resize(2 * at);
    this.addresses[at] = address;
    this.files[at] = file;
    this.lines[at] = line;
    this.columns[at] = column;
    this.statements[at] = isStatement ? 1 : 0;
  }

  /** Gives up the room that is not used. */
  trim(): void {
    this.resize(this.length);
  }

  private resize(size: number): void {
    const grown = <T extends Uint32Array | Uint8Array>(into: T, from: T): T => {
      into.set(from.subarray(0, Math.min(size, this.length, from.length)));
      return into;
    };
    this.addresses = grown(new Uint32Array(size), this.addresses);
    this.files = grown(new Uint32Array(size), this.files);
    this.lines = grown(new Uint32Array(size), this.lines);
    this.columns = grown(new Uint32Array(size), this.columns);
    this.statements = grown(new Uint8Array(size), this.statements);
  }
}
