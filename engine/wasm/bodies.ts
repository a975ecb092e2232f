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
  private starts = new Uint32Array(64);
  private sizes = new Uint32Array(64);
  private found = 0;
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
    return this.found;
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
    this.follow(index, Number.POSITIVE_INFINITY);
    if (!(index >= 0 && index < this.known)) return undefined;
    return { start: codeOffset(this.starts[index]!), size: this.sizes[index]! };
  }

  /** Position of the body that contains `pc`; undefined between bodies and outside of all. */
  containing(pc: CodeOffset): number | undefined {
    this.follow(Number.POSITIVE_INFINITY, pc);
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

  /** Finds bodies until number `index` is known, or one that ends after `pc`. */
  private follow(index: number, pc: number): void {
    if (this.stopped || this.known > index || this.end > pc) return;
    const { count } = this;
    const fault = attempt(() => this.hop(Math.min(index + 1, count), pc));
    if (fault instanceof FormatError) this.stop(fault);
  }

  /** Finds bodies until so many are known, or one that ends after `pc`. */
  private hop(enough: number, pc: number): void {
    const { scanner } = this;
    const { size: end } = this.source;
    for (;;) {
      const { starts, sizes, found } = this;
      this.found = scanner.followChain(starts, sizes, found, Math.min(enough, starts.length), pc);
      if (this.found === enough || this.end > pc) return;
      const before = scanner.position;
      const size = scanner.uleb();
      const start = scanner.position;
      if (start + size > end) {
        this.push(start, end - start);
        const problem = `Function body ${this.known - 1} of ${size} bytes reaches past the code section's end`;
        this.stop(new FormatError(problem, { section: this.source.name, offset: before }));
        return;
      }
      this.push(start, size);
      scanner.position = start + size;
      if (this.found === enough || start + size > pc) return;
    }
  }

  private push(start: number, size: number): void {
    if (this.found === this.starts.length) {
      this.starts = doubled(this.starts);
      this.sizes = doubled(this.sizes);
    }
    this.starts[this.found] = start;
    this.sizes[this.found] = size;
    this.found++;
  }

  private stop(problem: FormatError): void {
    this.stopped = true;
    this.report(problem);
  }
}

function doubled(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * column.length);
  larger.set(column);
  return larger;
}
