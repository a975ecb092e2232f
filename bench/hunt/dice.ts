/** Decisions of a generator: the same ones again for the same seed. */
import { random } from "../recovery/random";

export class Dice {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = random(seed);
  }

  /** From 0 to `limit`, which is excluded. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** From 0 to 1, 1 excluded. */
  fraction(): number {
    return this.next();
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  pick<T>(from: readonly T[]): T {
    const chosen = from[this.below(from.length)];
    if (chosen === undefined) throw new Error("Nothing to pick from");
    return chosen;
  }

  /** `count` of what `make` makes. */
  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }
}
