/**
 * What of a function's code decides which locals are alive where: reads and writes of locals, branches, and the sites
 * where an exception may come up. And from it, which locals are alive at any of the sites
 * (liveness, backwards over structured code).
 *
 * A set that is not exact costs time or leaves a value out, and no more: a handler records what a local holds, alive or
 * not. So loops are gone through a few times, and no longer.
 */

/** An event is its kind and, above it, a number. */
const KIND_BITS = 4;
const get = 0;
const set = 1;
/** Something may be thrown here. */
const site = 2;
/** To a label, perhaps. */
const branch = 3;
/** To nowhere, as all code does that is reached by branches only behind it. */
const stop = 4;
/** A block's start; the number is the block's. */
const open = 5;
/** `else`, or a clause of the legacy `try`. */
const divide = 6;
const clause = 7;
const close = 8;

type BlockKind = "block" | "loop" | "if" | "try";

interface Block {
  readonly kind: BlockKind;
  hasElse: boolean;
  /** Labels that clauses of a try_table lead to, counted from outside of it. */
  readonly targets: readonly number[];
}

/** Times that code with loops is gone through. */
const MOST_PASSES = 3;

export class Flow {
  private readonly events: number[] = [];
  private readonly blocks: Block[] = [];
  private readonly enclosing: number[] = [];
  /** Places where something may be thrown. */
  sites = 0;

  /** Blocks that are open. */
  get depth(): number {
    return this.enclosing.length;
  }

  private add(kind: number, value = 0): void {
    this.events.push(kind | (value << KIND_BITS));
  }

  read(local: number): void {
    this.add(get, local);
  }
  write(local: number): void {
    this.add(set, local);
  }
  mayThrow(): void {
    this.sites++;
    this.add(site);
  }
  branch(label: number): void {
    this.add(branch, label);
  }
  stop(): void {
    this.add(stop);
  }
  open(kind: BlockKind, targets: readonly number[] = []): void {
    this.add(open, this.blocks.length);
    this.enclosing.push(this.blocks.length);
    this.blocks.push({ kind, hasElse: false, targets });
  }
  divide(isClause: boolean): void {
    const block = this.enclosing.at(-1);
    if (block === undefined) return;
    if (!isClause) this.blocks[block]!.hasElse = true;
    this.add(isClause ? clause : divide);
  }
  close(): void {
    const block = this.enclosing.pop();
    if (block !== undefined) this.add(close, block);
  }

  /** The locals that are alive at one site at least, ascending. */
  aliveAtSites(locals: number): number[] {
    const words = (locals + 31) >>> 5;
    const alive = new Uint32Array(words);
    const headers: (Uint32Array | undefined)[] = [];
    const hasLoops = this.blocks.some(({ kind }) => kind === "loop");
    for (let pass = 0; pass < (hasLoops ? MOST_PASSES : 1); pass++) {
      if (!this.pass(words, alive, headers)) break;
    }
    const list: number[] = [];
    for (let local = 0; local < locals; local++)
      if ((alive[local >>> 5]! >>> (local & 31)) & 1) list.push(local);
    return list;
  }

  /** Goes backwards once. @returns whether more came to be alive at the start of some loop */
  private pass(words: number, alive: Uint32Array, headers: (Uint32Array | undefined)[]): boolean {
    const { events, blocks } = this;
    const nothing = new Uint32Array(words);
    const labels: { live: Uint32Array; other: Uint32Array | undefined; thrown: Uint32Array | undefined }[] =
      [];
    let now: Uint32Array = new Uint32Array(words);
    let changed = false;
    const liveAt = (label: number) => labels[labels.length - 1 - label]?.live ?? nothing;
    for (let i = events.length - 1; i >= 0; i--) {
      const event = events[i]!;
      const value = event >>> KIND_BITS;
      switch (event & ((1 << KIND_BITS) - 1)) {
        case get:
          now[value >>> 5]! |= 1 << (value & 31);
          break;
        case set:
          now[value >>> 5]! &= ~(1 << (value & 31));
          break;
        case site:
          for (const { thrown } of labels) if (thrown !== undefined) unite(now, thrown);
          unite(alive, now);
          break;
        case branch:
          unite(now, liveAt(value));
          break;
        case stop:
          now = new Uint32Array(words);
          break;
        case close: {
          const { kind, targets } = blocks[value]!;
          const live = kind === "loop" ? (headers[value] ?? nothing) : now.slice();
          let thrown: Uint32Array | undefined;
          for (const target of targets) unite((thrown ??= new Uint32Array(words)), liveAt(target));
          labels.push({ live, other: undefined, thrown });
          break;
        }
        case divide: {
          const block = labels.at(-1)!;
          block.other = now;
          now = block.live.slice();
          break;
        }
        case clause: {
          const block = labels.at(-1)!;
          unite((block.thrown ??= new Uint32Array(words)), now);
          now = block.live.slice();
          break;
        }
        case open: {
          const { live, other } = labels.pop()!;
          const { kind, hasElse } = blocks[value]!;
          if (kind === "if") unite(now, hasElse ? other! : live);
          if (kind === "loop") {
            const known = (headers[value] ??= new Uint32Array(words));
            if (unite(known, now)) changed = true;
          }
        }
      }
    }
    return changed;
  }
}

/** Adds a set to another. @returns whether it grew */
function unite(into: Uint32Array, other: Uint32Array): boolean {
  let grew = false;
  for (let i = 0; i < into.length; i++) {
    const word = into[i]!;
    const united = (word | other[i]!) >>> 0;
    if (united !== word) {
      into[i] = united;
      grew = true;
    }
  }
  return grew;
}
