/** A source being written, line by line: who declares something must know on which line. */
export class SourceText {
  private readonly lines: string[] = [];
  private depth = 0;

  constructor(private readonly unit = "  ") {}

  /** Writes a line. @returns its number, from 1 */
  put(line: string): number {
    return this.lines.push(this.unit.repeat(this.depth) + line);
  }

  putAll(lines: readonly string[]): void {
    for (const line of lines) this.put(line);
  }

  /** What follows stands in a block that `line` opens. @returns the number of that line */
  open(line: string): number {
    const number = this.put(line);
    this.depth++;
    return number;
  }

  close(line: string): void {
    this.depth--;
    this.put(line);
  }

  toString(): string {
    return `${this.lines.join("\n")}\n`;
  }
}
