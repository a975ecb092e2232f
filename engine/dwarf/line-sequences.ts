/**
 * The line number matrix (DWARF 5 §6.2.1) as crashes need it: a survey knows the sequences of a program and
 * where each is, and keeps no row; the rows of a sequence come from running it once more. Compilers for Wasm
 * write a sequence a function, and a crash asks for a dozen of the thousands in a unit.
 */
import { attempt, FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { IntervalTable } from "./intervals";
import type { LineHeader } from "./line-header";
import { LineMachine } from "./line-program";

import { LineRows } from "./line-rows";

/** Rows that are kept of sequences that were run; the last one's are kept however many. */
const ROWS_KEPT = 64 * 1024;

/** The sequences of a line number program. */
export class LineSequences {
  /** From a sequence's first to past its last address; payload: its number among them. */
  private readonly intervals: IntervalTable;
  /** Where each starts and ends, in the section. */
  private readonly places: Uint32Array;
  private readonly kept = new Map<number, LineRows>();
  private rowsKept = 0;

  /**
   * Runs the program. A malformed one ends where the fault is: the sequences before it are kept. Sequences of
   * discarded code are left out, and such whose addresses do not ascend. Files that it defines join the header's.
   */
  constructor(
    private readonly source: ByteSource,
    private readonly header: LineHeader,
    report: (problem: FormatError) => void,
  ) {
    const { programStart, end } = header;
    const reader = new ByteReader(source.read(programStart, end - programStart), source.name, programStart);
    const intervals: number[] = [];
    const places: number[] = [];
    const machine = new LineMachine(reader, header, true);
    const rows = new LineRows();
    const fault = attempt(() => {
      for (let start = programStart; machine.runSequence(rows); start = machine.next) {
        const { low, high, hasCode, flaw } = machine;
        const { position } = reader;
        if (hasCode && flaw === undefined) {
          intervals.push(low, high, places.length >> 1);
          places.push(start, position);
        } else if (hasCode) {
          const where = { section: source.name, offset: position };
          report(new FormatError(`A sequence of the line table ${flaw}`, where));
        }
      }
    });
    if (fault instanceof FormatError) report(fault);
    this.intervals = new IntervalTable(intervals);
    this.places = Uint32Array.from(places);
  }

  /** The rows of the sequence that covers `pc`; undefined when none does. */
  covering(pc: number): LineRows | undefined {
    const found = this.intervals.find(pc);
    return found < 0 ? undefined : this.rows(this.intervals.payload(found));
  }

  /** The rows of each sequence with code from `low` up to `high`, by ascending address. */
  *within(low: number, high: number): Iterable<LineRows> {
    const { intervals } = this;
    for (let i = Math.max(0, this.firstReaching(low)); i < intervals.size; i++) {
      if (intervals.low(i) >= high) return;
      if (intervals.high(i) > low) yield this.rows(intervals.payload(i));
    }
  }

  /** The first sequence in order of address that may reach past `point`. */
  private firstReaching(point: number): number {
    const found = this.intervals.find(point);
    return found >= 0 ? found : this.intervals.lastStartingBy(point);
  }

  /** Runs a sequence again, unless its rows are kept. */
  private rows(sequence: number): LineRows {
    const kept = this.kept.get(sequence);
    if (kept !== undefined) return kept;
    const start = this.places[2 * sequence]!;
    const size = this.places[2 * sequence + 1]! - start;
    const rows = new LineRows();
    const reader = new ByteReader(this.source.read(start, size), this.source.name, start);
    new LineMachine(reader, this.header, false).runSequence(rows);
    this.keep(sequence, rows);
    return rows;
  }

  private keep(sequence: number, rows: LineRows): void {
    this.kept.set(sequence, rows);
    this.rowsKept += rows.length;
    for (const [oldest, { length }] of this.kept) {
      if (this.rowsKept <= ROWS_KEPT || oldest === sequence) return;
      this.kept.delete(oldest);
      this.rowsKept -= length;
    }
  }
}
