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
  /** Of a loop: how many stand before it. */
  readonly loop: number;
}

const NOWHERE: readonly number[] = [];

/** Times that code with loops is gone through. */
const MOST_PASSES = 3;

export class Flow {
  private readonly events: number[] = [];
  private readonly blocks: Block[] = [];
  private readonly enclosing: number[] = [];
  private loops = 0;
  private deepest = 0;
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
  open(kind: BlockKind, targets = NOWHERE): void {
    this.add(open, this.blocks.length);
    this.enclosing.push(this.blocks.length);
    this.deepest = Math.max(this.deepest, this.enclosing.length);
    this.blocks.push({ kind, hasElse: false, targets, loop: this.loops });
    if (kind === "loop") this.loops++;
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

  /** The locals that are alive at one site at least, ascending; undefined when it would take too much to know. */
  aliveAtSites(locals: number): number[] | undefined {
    const words = (locals + 31) >>> 5;
    if ((this.deepest * SETS_OF_LEVEL + this.loops) * words > MOST_WORDS) return undefined;
    const liveness = new Liveness(this.events, this.blocks, words, this.deepest, this.loops);
    for (let pass = 0; pass < (this.loops > 0 ? MOST_PASSES : 1); pass++) {
      if (!liveness.pass()) break;
    }
    const list: number[] = [];
    for (let local = 0; local < locals; local++)
      if ((liveness.alive[local >>> 5]! >>> (local & 31)) & 1) list.push(local);
    return list;
  }
}

/** Words of 32 locals in all sets of a function at most. */
const MOST_WORDS = 1 << 24;

/** Of each level of nesting: what is alive at its label, at its other part, and where what is thrown is caught. */
const SETS_OF_LEVEL = 3;
const other = 1;
const thrown = 2;

/** Sets of locals, each so many words of one array: those of the levels, then those at the starts of loops. */
class Liveness {
  readonly alive: Uint32Array;
  private readonly now: Uint32Array;
  private readonly sets: Uint32Array;
  /** For each level whether something that is thrown in it is caught, and how many there are. */
  private readonly catches: boolean[] = [];
  private catching = 0;
  private level = 0;

  constructor(
    private readonly events: readonly number[],
    private readonly blocks: readonly Block[],
    private readonly words: number,
    private readonly levels: number,
    loops: number,
  ) {
    this.alive = new Uint32Array(words);
    this.now = new Uint32Array(words);
    this.sets = new Uint32Array((levels * SETS_OF_LEVEL + loops) * words);
  }

  /** Goes backwards once. @returns whether more came to be alive at the start of some loop */
  pass(): boolean {
    const { events, now } = this;
    now.fill(0);
    this.level = this.catching = 0;
    let changed = false;
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
          if (this.catching > 0) this.throwHere();
          this.unite(this.alive, 0, now, 0);
          break;
        case branch:
          this.branch(now, 0, value);
          break;
        case stop:
          now.fill(0);
          break;
        case close:
          this.enter(this.blocks[value]!);
          break;
        case divide:
          this.store(this.level - 1, other);
          this.load(this.level - 1);
          break;
        case clause:
          this.catch(this.level - 1);
          this.unite(this.sets, this.at(this.level - 1, thrown), now, 0);
          this.load(this.level - 1);
          break;
        case open:
          if (this.leave(this.blocks[value]!)) changed = true;
      }
    }
    return changed;
  }

  /** At the end of a block. */
  private enter({ kind, targets, loop }: Block): void {
    const level = this.level++;
    this.catches[level] = false;
    if (kind === "loop") this.sets.copyWithin(this.at(level), this.loop(loop), this.loop(loop + 1));
    else this.store(level);
    if (targets.length === 0) return;
    this.level--; // labels of clauses are counted from outside
    this.catch(level);
    for (const target of targets) this.branch(this.sets, this.at(level, thrown), target);
    this.level++;
  }

  /** At its start. @returns whether more came to be alive at the start of a loop */
  private leave({ kind, hasElse, loop }: Block): boolean {
    if (this.level === 0) return false; // a block that never ends
    const level = --this.level;
    if (this.catches[level]) this.catching--;
    if (kind === "if") this.unite(this.now, 0, this.sets, this.at(level, hasElse ? other : 0));
    return kind === "loop" && this.unite(this.sets, this.loop(loop), this.now, 0);
  }

  /** What is thrown in a level is caught: where, is empty at first. */
  private catch(level: number): void {
    if (this.catches[level]) return;
    this.catches[level] = true;
    this.catching++;
    const at = this.at(level, thrown);
    this.sets.fill(0, at, at + this.words);
  }

  private throwHere(): void {
    for (let level = 0; level < this.level; level++)
      if (this.catches[level]) this.unite(this.now, 0, this.sets, this.at(level, thrown));
  }

  /** Adds what is alive at a label. */
  private branch(into: Uint32Array, at: number, label: number): void {
    const level = this.level - 1 - label;
    if (level >= 0) this.unite(into, at, this.sets, this.at(level));
  }

  private at(level: number, which = 0): number {
    return (level * SETS_OF_LEVEL + which) * this.words;
  }

  private loop(index: number): number {
    return (this.levels * SETS_OF_LEVEL + index) * this.words;
  }

  private store(level: number, which = 0): void {
    this.sets.set(this.now, this.at(level, which));
  }

  private load(level: number): void {
    const { now, sets, words } = this;
    for (let i = 0, at = this.at(level); i < words; i++) now[i] = sets[at + i]!;
  }

  /** Adds a set to another. @returns whether it grew */
  private unite(into: Uint32Array, at: number, from: Uint32Array, fromAt: number): boolean {
    let grew = false;
    for (let i = 0; i < this.words; i++) {
      const word = into[at + i]!;
      const united = (word | from[fromAt + i]!) >>> 0;
      if (united !== word) {
        into[at + i] = united;
        grew = true;
      }
    }
    return grew;
  }
}
