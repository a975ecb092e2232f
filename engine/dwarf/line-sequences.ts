/**
 * The line number matrix (DWARF 5 §6.2.1) as crashes need it: a survey knows the sequences of a program and
 * where each is; the rows of a sequence come from running it when they are asked for. Compilers for Wasm
 * write a sequence a function, and a crash asks for a dozen of the thousands in a unit.
 */
import { attempt, FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { isDiscardedCode } from "./encoding";
import { ascending } from "./intervals";
import type { LineHeader } from "./line-header";
import { LineMachine, type SpecialOpcodes, specialOpcodes } from "./line-program";
import { LineRows } from "./line-rows";
import { LineSurvey } from "./line-survey";

/** Rows that are kept of sequences that were run; the last one's are kept however many. */
const ROWS_KEPT = 64 * 1024;

/** In the place of the address after a sequence's last row: it was not run yet. */
const NOT_RUN = -1;

/** The sequences of a line number program, by ascending address of their first rows. */
export class LineSequences {
  /** The addresses of their first rows. */
  private readonly lows: Float64Array;
  /** The addresses after their last rows. */
  private readonly highs: Float64Array;
  /** Where each starts and ends, in the section. */
  private readonly places: Uint32Array;
  private readonly specials: SpecialOpcodes;
  private readonly kept = new Map<number, LineRows>();
  private rowsKept = 0;

  /**
   * Surveys the program. A malformed one ends where the fault is: the sequences before it are kept. Sequences of
   * discarded code are left out, and such whose addresses do not ascend. Files that it defines join the header's.
   */
  constructor(
    private readonly source: ByteSource,
    private readonly header: LineHeader,
    private readonly report: (problem: FormatError) => void,
  ) {
    this.specials = specialOpcodes(header);
    const lows: number[] = [];
    const highs: number[] = [];
    const places: number[] = [];
    const fault = attempt(() =>
      this.survey((low, high, start, end) => {
        lows.push(low);
        highs.push(high);
        places.push(start, end);
      }),
    );
    if (fault instanceof FormatError) report(fault);
    const order = ascending(lows);
    this.lows = new Float64Array(lows.length);
    this.highs = new Float64Array(lows.length);
    this.places = new Uint32Array(places.length);
    order.forEach((from, to) => {
      this.lows[to] = lows[from]!;
      this.highs[to] = highs[from]!;
      this.places[2 * to] = places[2 * from]!;
      this.places[2 * to + 1] = places[2 * from + 1]!;
    });
  }

  /** Tells of each sequence with code that is there; those that are not plain are run. */
  private survey(found: (low: number, high: number, start: number, end: number) => void): void {
    const { source, header, specials } = this;
    const { programStart, end } = header;
    const reader = new ByteReader(source.read(programStart, end - programStart), source.name, programStart);
    const survey = new LineSurvey(reader.bytes, header, specials);
    const machine = new LineMachine(reader, header, specials, true);
    const rows = new LineRows();
    for (let start = programStart; ; ) {
      if (survey.stepOver(start - programStart)) {
        const end = programStart + survey.end;
        if (!isDiscardedCode(survey.low, header.addressSize)) found(survey.low, NOT_RUN, start, end);
        start = end;
        continue;
      }
      machine.next = start;
      if (!machine.runSequence(rows)) return;
      const { position } = reader;
      if (machine.hasCode && this.isSound(machine, position))
        found(machine.low, machine.high, start, position);
      start = machine.next;
    }
  }

  /** Whether the rows of the sequence that was run can be used. */
  private isSound({ flaw }: LineMachine, position: number): boolean {
    if (flaw === undefined) return true;
    const where = { section: this.source.name, offset: position };
    this.report(new FormatError(`A sequence of the line table ${flaw}`, where));
    return false;
  }

  /** The rows of the sequence that covers `pc`, of the one that starts last when several do. */
  covering(pc: number): LineRows | undefined {
    const { lows } = this;
    for (let i = this.lastStartingBy(pc); i >= 0; ) {
      // Among those that start alike the tightest one is meant.
      let tightest = -1;
      const low = lows[i]!;
      for (; i >= 0 && lows[i] === low; i--) {
        const high = this.high(i);
        if (high > pc && (tightest < 0 || high < this.high(tightest))) tightest = i;
      }
      if (tightest >= 0) return this.rows(tightest);
    }
    return undefined;
  }

  /** The rows of each sequence with code from `low` up to `high`, by ascending address. */
  *within(low: number, high: number): Iterable<LineRows> {
    const first = this.covering(low);
    if (first !== undefined) yield first;
    for (let i = this.lastStartingBy(low) + 1; i < this.lows.length && this.lows[i]! < high; i++) {
      if (this.high(i) > low) yield this.rows(i);
    }
  }

  /** The last sequence whose first row is at `point` or before it; -1 when there is none. */
  private lastStartingBy(point: number): number {
    let low = 0;
    let high = this.lows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.lows[middle]! <= point) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The address after a sequence's last row; below all addresses when its rows cannot be used. */
  private high(sequence: number): number {
    if (this.highs[sequence] === NOT_RUN) this.rows(sequence);
    return this.highs[sequence]!;
  }

  /** Runs a sequence, unless its rows are kept. */
  private rows(sequence: number): LineRows {
    const kept = this.kept.get(sequence);
    if (kept !== undefined) return kept;
    const start = this.places[2 * sequence]!;
    const size = this.places[2 * sequence + 1]! - start;
    const rows = new LineRows();
    const reader = new ByteReader(this.source.read(start, size), this.source.name, start);
    const machine = new LineMachine(reader, this.header, this.specials, false);
    machine.runSequence(rows);
    if (this.highs[sequence] === NOT_RUN)
      this.highs[sequence] = this.isSound(machine, reader.position) ? machine.high : Number.NEGATIVE_INFINITY;
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
