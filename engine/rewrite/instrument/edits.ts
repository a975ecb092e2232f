/**
 * A function's body with bytes put in: what was put in where is kept, since it leads from the new code back to the old
 * (contract.ts, `copied inserted`).
 */
import type { ByteWriter } from "../../bytes/writer";

/** Bytes up to which copying them one by one is faster than asking for it. */
const SHORT = 32;

export class Edits {
  // Of each edit: an offset in the old body, the bytes of the old body that give way, and the new ones.
  private readonly places: number[] = [];
  private readonly removed: number[] = [];
  private readonly put: ArrayLike<number>[] = [];

  constructor(private readonly old: Uint8Array) {}

  /** Edits that were made. */
  get count(): number {
    return this.places.length;
  }

  /** Puts bytes in front of those at `at`. Edits are made in ascending order, those of one place one after another. */
  insert(at: number, bytes: ArrayLike<number>): void {
    if (bytes.length > 0) this.replace(at, 0, bytes);
  }

  /** Has bytes take the place of others, of which there are no more. */
  replace(at: number, removed: number, bytes: ArrayLike<number>): void {
    this.places.push(at);
    this.removed.push(removed);
    this.put.push(bytes);
  }

  /** Puts edits in front of all that were made. */
  before(other: Edits): void {
    this.places.unshift(...other.places);
    this.removed.unshift(...other.removed);
    this.put.unshift(...other.put);
  }

  /**
   * Edits of the same body, these and others that insert bytes.
   * @param others in ascending order, each with the number of these that come before it
   */
  with(
    others: readonly { readonly at: number; readonly edits: number; readonly bytes: readonly number[] }[],
  ): Edits {
    const all = new Edits(this.old);
    let from = 0;
    const takeUpTo = (end: number) => {
      for (; from < end; from++) all.replace(this.places[from]!, this.removed[from]!, this.put[from]!);
    };
    for (const { at, edits, bytes } of others) {
      takeUpTo(edits);
      all.insert(at, bytes);
    }
    takeUpTo(this.count);
    return all;
  }

  /** The new body. */
  get bytes(): Uint8Array {
    const { old, places, removed, put } = this;
    let length = old.length;
    for (let i = 0; i < places.length; i++) length += put[i]!.length - removed[i]!;
    const out = new Uint8Array(length);
    let from = 0;
    let to = 0;
    for (let i = 0; i < places.length; i++) {
      to = copy(old, from, places[i]!, out, to);
      const bytes = put[i]!;
      for (let byte = 0; byte < bytes.length; byte++) out[to++] = bytes[byte]!;
      from = places[i]! + removed[i]!;
    }
    copy(old, from, old.length, out, to);
    return out;
  }

  /** `list((copied inserted))` of the map (wasm/code-map-format.ts); what grows in its place counts as put in behind. */
  writeRuns(out: ByteWriter): void {
    const { places, removed, put } = this;
    /** Bytes that are copied and bytes that are put in, in turns. */
    const runs: number[] = [];
    let copiedTo = 0;
    for (let i = 0; i < places.length; i++) {
      const inserted = put[i]!.length - removed[i]!;
      if (inserted === 0) continue;
      const end = places[i]! + removed[i]!;
      if (runs.length > 0 && end === copiedTo) runs[runs.length - 1]! += inserted;
      else runs.push(end - copiedTo, inserted);
      copiedTo = end;
    }
    // The last instruction of a body is its end, where no frame ever stands.
    if (copiedTo === this.old.length - 1) runs.length = Math.max(0, runs.length - 2);
    out.uleb(runs.length / 2);
    for (const number of runs) out.uleb(number);
  }
}

/** Copies bytes from `start` up to `end` of one array into another. @returns where those behind them go */
function copy(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  if (end - start > SHORT) into.set(from.subarray(start, end), at);
  else for (let i = start, to = at; i < end; i++, to++) into[to] = from[i]!;
  return at + end - start;
}

/** An unsigned number as LEB128, of no less than `length` bytes: what is written in its place need not move. */
export function uleb(value: number, length = 1): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; bytes.length < length - 1 || rest > 0x7f; rest = Math.floor(rest / 128))
    bytes.push((rest % 128) + 0x80);
  bytes.push(rest);
  return bytes;
}

/** A signed number as LEB128. */
export function sleb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -0x40 || rest > 0x3f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest & 0x7f);
  return bytes;
}
