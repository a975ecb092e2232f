/**
 * Where bytes, or pointers into an object, lie in a recorded memory. Only what the dump holds is searched, piece by
 * piece, as a memory may be of gigabytes: the search is work in steps.
 */
import { LongWork } from "../bytes/long-work";
import { address } from "../bytes/offsets";
import type { CoreMemory } from "../coredump/model";
import { readMemory } from "./memory";

/** Bytes that one step looks at. */
const STEP = 1 << 20;

export interface SearchBounds {
  /** First address that is looked at; 0 by itself. */
  readonly start?: number;
  /** The address behind the last; the memory's size by itself. */
  readonly end?: number;
  /** The search ends once it has found more than so many. */
  readonly most: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The recorded ranges, those that touch joined. Where what was left out is zero, they reach `margin` bytes into it:
 * a number's zeros may be there.
 */
function spansOf({ ranges, gapsAreZero, size }: CoreMemory, margin: number): readonly Span[] {
  const reach = gapsAreZero ? margin : 0;
  const spans: { start: number; end: number }[] = [];
  for (const range of ranges) {
    const start = Math.max(0, range.start - reach);
    const end = Math.min(size, range.start + range.length + reach);
    const before = spans.at(-1);
    if (before !== undefined && start <= before.end) before.end = end;
    else spans.push({ start, end });
  }
  return spans;
}

/** Finds places by looking through the recorded ranges in pieces. */
abstract class MemorySearch extends LongWork {
  readonly name = "Looking through memory";
  /** Addresses, ascending; one more than `most` where there are more. */
  readonly found: number[] = [];
  private readonly spans: readonly Span[];
  private span = 0;
  /** Where the next piece begins. */
  private next: number;
  private readonly start: number;
  private readonly end: number;
  private readonly most: number;

  /**
   * @param length bytes of what is looked for
   * @param isZero whether it is of zeros alone
   */
  constructor(
    private readonly memory: CoreMemory,
    { start = 0, end = memory.size, most }: SearchBounds,
    private readonly length: number,
    isZero: boolean,
  ) {
    super();
    this.start = start;
    this.end = Math.min(end, memory.size);
    this.most = most;
    this.next = start;
    this.spans =
      memory.gapsAreZero && isZero ? [{ start: 0, end: memory.size }] : spansOf(memory, length - 1);
  }

  get progress(): number {
    return this.end <= this.start ? 1 : Math.min(1, (this.next - this.start) / (this.end - this.start));
  }

  step(): boolean {
    const span = this.spans[this.span];
    if (span === undefined || this.found.length > this.most) return true;
    const from = Math.max(this.next, span.start, this.start);
    const last = Math.min(this.end, span.end);
    const length = Math.min(STEP + this.length - 1, last - from);
    const bytes = length > 0 ? readMemory(this.memory, address(from), length) : undefined;
    if (bytes instanceof Uint8Array) this.look(bytes, from);
    this.next = from + STEP;
    if (this.next >= last) this.next = this.spans[++this.span]?.start ?? this.end;
    return this.span >= this.spans.length || this.found.length > this.most;
  }

  /** Notes what is found in the bytes from `from` on. */
  protected abstract look(bytes: Uint8Array, from: number): void;

  /** @returns whether that is enough */
  protected note(at: number): boolean {
    this.found.push(at);
    return this.found.length > this.most;
  }
}

/** Where `needle` begins. */
export class BytesSearch extends MemorySearch {
  /** @param needle at least one byte */
  constructor(
    memory: CoreMemory,
    private readonly needle: Uint8Array,
    bounds: SearchBounds,
  ) {
    super(
      memory,
      bounds,
      needle.length,
      needle.every((byte) => byte === 0),
    );
  }

  protected look(bytes: Uint8Array, from: number): void {
    for (let i = indexOf(bytes, this.needle, 0); i >= 0; i = indexOf(bytes, this.needle, i + 1))
      if (this.note(from + i)) return;
  }
}

/** Where an aligned word holds an address of `target`: what compilers lay pointers out as. */
export class PointerSearch extends MemorySearch {
  /**
   * @param target addresses from `start` up to `end`, without it
   * @param size bytes of an address: 4 or 8
   */
  constructor(
    memory: CoreMemory,
    private readonly target: { readonly start: number; readonly end: number },
    private readonly size: 4 | 8,
    bounds: SearchBounds,
  ) {
    super(memory, bounds, size, target.start === 0);
  }

  protected look(bytes: Uint8Array, from: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { size, target } = this;
    for (let i = (size - (from % size)) % size; i + size <= bytes.length; i += size) {
      const word = size === 4 ? view.getUint32(i, true) : Number(view.getBigUint64(i, true));
      if (word >= target.start && word < target.end && this.note(from + i)) return;
    }
  }
}

/** A number in `size` bytes, as memory holds it: two's complement, the lowest byte first. */
export function numberBytes(number: bigint, size: number): Uint8Array {
  let rest = BigInt.asUintN(8 * size, number);
  return Uint8Array.from({ length: size }, () => {
    const byte = Number(rest & 0xffn);
    rest >>= 8n;
    return byte;
  });
}

function indexOf(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  const first = needle[0]!;
  for (
    let i = bytes.indexOf(first, from);
    i >= 0 && i + needle.length <= bytes.length;
    i = bytes.indexOf(first, i + 1)
  ) {
    let same = 1;
    while (same < needle.length && bytes[i + same] === needle[same]) same++;
    if (same === needle.length) return i;
  }
  return -1;
}
