/**
 * Where each function's body stands in the code section.
 *
 * The section is a chain of sizes and bodies, and nothing says where the n-th starts. The chain is followed
 * from size to size, past the bodies' contents, and only as far as a question needs.
 */
import { attempt, FormatError } from "../bytes/errors";
import { type CodeOffset, codeOffset } from "../bytes/offsets";
import type { ByteSource } from "../bytes/source";
import type { Report } from "./names";
import { Scanner } from "./scanner";

/** Hopping from large body to large body reads little more than the sizes. */
const hopping = 16;
/** Small bodies are passed over faster by reading them than by asking for every size. */
const reading = 64 * 1024;
/** Bytes of an average body from which on hopping is the cheaper way. */
const worthAHop = 4 * 1024;

export class BodyIndex {
  private readonly starts: number[] = [];
  private readonly sizes: number[] = [];
  private scanner: Scanner;
  /** Bodies the section announces; undefined until its count was read. */
  private announced: number | undefined;
  private stopped = false;

  /** @param source contents of the code section */
  constructor(
    private readonly source: ByteSource,
    private readonly report: Report,
  ) {
    this.scanner = new Scanner(source, hopping);
  }

  /** Bodies found so far; tests assert that no more were looked for than needed. */
  get known(): number {
    return this.starts.length;
  }

  /** Number of bodies as the section announces it. */
  get count(): number {
    if (this.announced === undefined) {
      const start = this.scanner.position;
      const outcome = attempt(() => this.scanner.uleb());
      if (outcome instanceof FormatError) {
        this.stop(outcome);
        this.announced = 0;
      } else if (outcome > this.scanner.remaining) {
        const problem = `${outcome} functions cannot fit into ${this.scanner.remaining} bytes`;
        this.report(new FormatError(problem, { section: this.source.name, offset: start }));
        this.announced = this.scanner.remaining;
      } else {
        this.announced = outcome;
        if (this.scanner.remaining < outcome * worthAHop) {
          this.scanner = new Scanner(this.source, reading, this.scanner.position);
        }
      }
    }
    return this.announced;
  }

  /** The n-th body's place, in code offsets; undefined when it is not there or the chain breaks before it. */
  at(index: number): { start: CodeOffset; size: number } | undefined {
    while (this.known <= index && this.hop());
    const start = this.starts[index];
    return start === undefined ? undefined : { start: codeOffset(start), size: this.sizes[index]! };
  }

  /** Position of the body that contains `pc`; undefined between bodies and outside of all. */
  containing(pc: CodeOffset): number | undefined {
    while (this.end <= pc && this.hop());
    let low = 0;
    let high = this.known;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle]! <= pc) low = middle + 1;
      else high = middle;
    }
    const index = low - 1;
    return index >= 0 && pc < this.starts[index]! + this.sizes[index]! ? index : undefined;
  }

  /** Offset after the last body that is known. */
  private get end(): number {
    const last = this.known - 1;
    return last < 0 ? 0 : this.starts[last]! + this.sizes[last]!;
  }

  private readonly readSize = (): number => this.scanner.uleb();

  /** Finds one more body. */
  private hop(): boolean {
    if (this.stopped || this.known >= this.count) return false;
    const before = this.scanner.position;
    const size = attempt(this.readSize);
    if (size instanceof FormatError) return this.stop(size);
    const start = this.scanner.position;
    const present = Math.min(size, this.scanner.remaining);
    this.starts.push(start);
    this.sizes.push(present);
    this.scanner.position = start + present;
    if (present === size) return true;
    const problem = `Function body ${this.known - 1} of ${size} bytes reaches past the code section's end`;
    this.stop(new FormatError(problem, { section: this.source.name, offset: before }));
    return true;
  }

  private stop(problem: FormatError): false {
    this.stopped = true;
    this.report(problem);
    return false;
  }
}
