/** The stack that a DWARF expression works on (DWARF 5 §2.5.1): an entry may be Missing, and poisons what is made of it. */
import { type Missing, missing } from "./missing";
import type { Entryish } from "./stack-entry";

/** Ends an evaluation whose control flow or rest cannot be known. */
export class Abandoned extends Error {
  constructor(readonly missing: Missing) {
    super(missing.text);
  }
}

/** Why there is no value where an operation takes one that nothing has pushed. */
export const lacking = (): Missing => missing("malformed", "its location expression lacks an operand");

export class OperandStack {
  private readonly entries: Entryish[] = [];

  get depth(): number {
    return this.entries.length;
  }

  push(value: Entryish): void {
    this.entries.push(value);
  }

  /** @throws Abandoned when there is none */
  pop(): Entryish {
    const value = this.entries.pop();
    if (value === undefined) throw new Abandoned(lacking());
    return value;
  }

  /** The entry so many below the top. @throws Abandoned when there is none */
  peek(index: number): Entryish {
    const value = this.entries[this.entries.length - 1 - index];
    if (value === undefined) throw new Abandoned(lacking());
    return value;
  }

  /** Puts the top below the next `count - 1`. */
  rotate(count: number): void {
    this.peek(count - 1);
    const top = this.entries.pop()!;
    this.entries.splice(this.entries.length - count + 1, 0, top);
  }

  /** The top, where there is one, and nothing is left behind. */
  takeAll(): Entryish | undefined {
    const top = this.entries.pop();
    this.entries.length = 0;
    return top;
  }
}
