/**
 * What holds at a place in structured code: for each key the largest number that it was found to reach on every way
 * there. A fact holds up to the end of the block that it was found in: what it has replaced is noted, and comes back.
 */
export class Facts {
  private known = new Map<number, number>();
  /** What was known before each change, to be undone from the last one on. */
  private readonly changes: { readonly key: number; readonly before: number | undefined }[] = [];
  private readonly blocks: { readonly known: Map<number, number>; readonly changes: number }[] = [];

  /** Whether the key is known to reach this; if not it is from now on. */
  has(key: number, reach: number): boolean {
    const before = this.known.get(key);
    if (before !== undefined && before >= reach) return true;
    this.changes.push({ key, before });
    this.known.set(key, reach);
    return false;
  }

  /** @param keeps whether what holds in front of the block holds at its start */
  open(keeps: boolean): void {
    this.blocks.push({ known: this.known, changes: this.changes.length });
    if (!keeps) this.known = new Map();
  }

  /** Another part of the block begins, as behind `else`. */
  divide(): void {
    this.undo(this.blocks.at(-1)?.changes ?? 0);
  }

  close(): void {
    const block = this.blocks.pop();
    this.undo(block?.changes ?? 0);
    if (block !== undefined) this.known = block.known;
  }

  private undo(to: number): void {
    while (this.changes.length > to) {
      const { key, before } = this.changes.pop()!;
      if (before === undefined) this.known.delete(key);
      else this.known.set(key, before);
    }
  }
}
