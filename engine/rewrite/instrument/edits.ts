/**
 * A function's body with bytes put in: what was put in where is kept, since it leads from the new code back to the old
 * (contract.ts, `copied inserted`).
 */
import type { ByteWriter } from "../../bytes/writer";

interface Edit {
  /** Offset in the old body. */
  readonly at: number;
  /** Bytes of the old body that give way. */
  readonly removed: number;
  readonly bytes: ArrayLike<number>;
}

export class Edits {
  private readonly list: Edit[] = [];

  constructor(private readonly old: Uint8Array) {}

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  /** Puts bytes in front of those at `at`. Edits are made in ascending order, those of one place one after another. */
  insert(at: number, bytes: ArrayLike<number>): void {
    if (bytes.length > 0) this.list.push({ at, removed: 0, bytes });
  }

  /** Has bytes take the place of others, of which there are no more. */
  replace(at: number, removed: number, bytes: ArrayLike<number>): void {
    this.list.push({ at, removed, bytes });
  }

  /** Puts edits in front of all that were made. */
  before(other: Edits): void {
    this.list.unshift(...other.list);
  }

  /** The new body. */
  get bytes(): Uint8Array {
    const { old } = this;
    const out = new Uint8Array(this.list.reduce((sum, e) => sum + e.bytes.length - e.removed, old.length));
    let from = 0;
    let to = 0;
    for (const { at, removed, bytes } of this.list) {
      out.set(old.subarray(from, at), to);
      to += at - from;
      out.set(bytes, to);
      to += bytes.length;
      from = at + removed;
    }
    out.set(old.subarray(from), to);
    return out;
  }

  /** `list((copied inserted))` of the map (wasm/code-map-format.ts); what grows in its place counts as put in behind. */
  writeRuns(out: ByteWriter): void {
    const runs: [copied: number, inserted: number][] = [];
    let copiedTo = 0;
    for (const { at, removed, bytes } of this.list) {
      const inserted = bytes.length - removed;
      if (inserted === 0) continue;
      const end = at + removed;
      const last = runs.at(-1);
      if (last !== undefined && end === copiedTo) last[1] += inserted;
      else runs.push([end - copiedTo, inserted]);
      copiedTo = end;
    }
    // The last instruction of a body is its end, where no frame ever stands.
    if (copiedTo === this.old.length - 1) runs.pop();
    out.uleb(runs.length);
    for (const [copied, inserted] of runs) out.uleb(copied).uleb(inserted);
  }
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
