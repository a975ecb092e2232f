/** The rows of one sequence of the line number matrix (DWARF 5 §6.2.1), as columns by ascending address. */
export class LineRows {
  length = 0;
  private addresses = new Uint32Array(16);
  private files = new Uint32Array(16);
  private lines = new Uint32Array(16);
  private columns = new Uint32Array(16);
  private statements = new Uint8Array(16);

  /** Adds a row of numbers from 0 to 2^32 - 1. */
  push(address: number, file: number, line: number, column: number, isStatement: boolean): void {
    const at = this.length++;
    if (at === this.addresses.length) this.grow();
    this.addresses[at] = address;
    this.files[at] = file;
    this.lines[at] = line;
    this.columns[at] = column;
    this.statements[at] = isStatement ? 1 : 0;
  }

  /** Rows are bounded by the program's bytes, since each takes one at least. */
  private grow(): void {
    const doubled = <T extends Uint32Array | Uint8Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    const size = 2 * this.addresses.length;
    this.addresses = doubled(new Uint32Array(size), this.addresses);
    this.files = doubled(new Uint32Array(size), this.files);
    this.lines = doubled(new Uint32Array(size), this.lines);
    this.columns = doubled(new Uint32Array(size), this.columns);
    this.statements = doubled(new Uint8Array(size), this.statements);
  }

  address(row: number): number {
    return this.addresses[row]!;
  }
  file(row: number): number {
    return this.files[row]!;
  }
  line(row: number): number {
    return this.lines[row]!;
  }
  column(row: number): number {
    return this.columns[row]!;
  }
  isStatement(row: number): boolean {
    return this.statements[row] === 1;
  }

  /** The last row whose address is `pc` or before it; -1 when there is none. */
  lastBy(pc: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.addresses[middle]! <= pc) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
