/**
 * What all requests of an isolate share: the bytes that may be held, the one symbolisation at a time. Who wants more than
 * is free looks again a little later. Nobody waits for another request's promise: a request that its client gave up may
 * never go on, so what it holds counts as free after a while.
 */
import { Refusal } from "./refusal";

export interface Reservation {
  /** Gives back what turned out not to be needed. */
  shrink(to: number): void;
  /** Gives all back; twice does nothing. */
  release(): void;
}

interface Held {
  amount: number;
  readonly until: number;
}

/** Milliseconds. */
export interface Patience {
  /** That one waits for others. */
  readonly wait: number;
  /** After which what is held counts as forgotten. */
  readonly hold: number;
}

const LOOK_AGAIN = 15;

export class Budget {
  private readonly reservations = new Set<Held>();

  constructor(
    readonly limit: number,
    private readonly patience: Patience,
  ) {}

  /** What is reserved now. */
  get held(): number {
    let sum = 0;
    for (const { amount } of this.reservations) sum += amount;
    return sum;
  }

  /** @throws Refusal 503 when too little became free in time */
  async reserve(amount: number): Promise<Reservation> {
    const latest = Date.now() + this.patience.wait;
    while (!this.hasFree(amount)) {
      if (Date.now() > latest) throw new Refusal(503, "The service is busy with other core dumps");
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
    const held: Held = { amount, until: Date.now() + this.patience.hold };
    this.reservations.add(held);
    return {
      shrink(to) {
        held.amount = Math.min(held.amount, to);
      },
      release: () => void this.reservations.delete(held),
    };
  }

  private hasFree(amount: number): boolean {
    for (const held of this.reservations) if (held.until < Date.now()) this.reservations.delete(held);
    return this.held + amount <= this.limit;
  }
}
