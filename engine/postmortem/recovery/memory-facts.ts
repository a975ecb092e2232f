/**
 * What is known of memory while a function runs: "these bytes hold that value", from loads and stores.
 *
 * A fact holds until something may have written there. The function's own frame is special: nobody else can know
 * a place of it unless its address escaped (was passed, or stored). Whoever has an address reaches what lies at
 * it and above it, so only places below every escaped address outlive a call. All else is forgotten at every call
 * and at every store to the same memory through another pointer.
 *
 * Memory that threads share is written at any time: there, only places of the frame that never escaped hold still.
 */
import type { Access } from "./accesses";
import type { FrameAddress, Term, Terms } from "./terms";

/** The bytes at `base + offset`, read as `access` reads them, are `value`. */
export interface Fact {
  /** Index of the memory; frames lie in memory 0. */
  readonly memory: number;
  readonly base: Term;
  readonly offset: number;
  readonly access: Access;
  readonly value: Term;
}

/** Facts by memory, base, offset and manner of access. */
type Facts = Map<string, Fact>;

export class MemoryFacts {
  /** Of the function's own frame, and of all else. */
  private frame: Facts = new Map();
  private rest: Facts = new Map();
  /** Whether a copy has the same maps. */
  private lent = false;
  /** The lowest escaped offset from each anchor. */
  private escaped: Map<Term, number> = new Map();
  /** A pointer that cannot be told has escaped: any place may be reached. */
  private everythingEscaped = false;

  constructor(
    private readonly terms: Terms,
    private readonly isShared: (memory: number) => boolean,
  ) {}

  copy(): MemoryFacts {
    const copy = new MemoryFacts(this.terms, this.isShared);
    this.lent = copy.lent = true;
    copy.frame = this.frame;
    copy.rest = this.rest;
    copy.escaped = this.escaped;
    copy.everythingEscaped = this.everythingEscaped;
    return copy;
  }

  get size(): number {
    return this.frame.size + this.rest.size;
  }

  all(): Fact[] {
    return [...this.frame.values(), ...this.rest.values()];
  }

  has(fact: Fact): boolean {
    return this.find(fact)?.value === fact.value;
  }

  private find(place: Omit<Fact, "value">): Fact | undefined {
    const key = keyOf(place);
    return this.frame.get(key) ?? this.rest.get(key);
  }

  private own(): void {
    if (!this.lent) return;
    this.frame = new Map(this.frame);
    this.rest = new Map(this.rest);
    this.escaped = new Map(this.escaped);
    this.lent = false;
  }

  /** The place of the function's own frame at `base + offset`: what lies at or above its entry is the caller's. */
  private framePlace(memory: number, base: Term, offset: number): FrameAddress | undefined {
    const found = memory === 0 ? this.terms.frameAddress(base) : undefined;
    if (found === undefined) return undefined;
    const place = { anchor: found.anchor, offset: found.offset + offset };
    return place.offset >= 0 && place.anchor === this.terms.entry ? undefined : place;
  }

  /** Addresses that are constants count from 0, so that they are told apart. */
  private split(address: Term, offset: number): { base: Term; at: number } {
    if (address.kind === "constant") {
      const at = Number(address.value.bits) + offset;
      return { base: this.terms.constant({ type: address.value.type, bits: 0n }), at };
    }
    if (address.kind !== "sum") return { base: address, at: offset };
    const at = address.offset + offset;
    return { base: address.base, at: address.width === 32 ? at | 0 : at };
  }

  /** What a load gives; it becomes a fact. */
  load(memory: number, address: Term, offset: number, access: Access, otherwise: () => Term): Term {
    const { base, at } = this.split(address, offset);
    const known = this.find({ memory, base, offset: at, access });
    if (known !== undefined) return known.value;
    const value = otherwise();
    this.add({ memory, base, offset: at, access, value });
    return value;
  }

  private add(fact: Fact): void {
    const place = this.framePlace(fact.memory, fact.base, fact.offset);
    if (this.isShared(fact.memory) && (place === undefined || this.reachable(place))) return;
    this.own();
    const facts = place === undefined ? this.rest : this.frame;
    facts.set(keyOf(fact), fact);
  }

  /**
   * A store of `bytes` bytes.
   * @param value what the whole of them hold then; undefined where only a part of it was stored
   */
  store(
    memory: number,
    address: Term,
    offset: number,
    access: Access,
    value: Term | undefined,
    stored: Term,
  ): void {
    const { base, at } = this.split(address, offset);
    this.overwrite(memory, base, at, access.bytes);
    this.escape(stored);
    if (value !== undefined) this.add({ memory, base, offset: at, access, value });
  }

  /** Something of so many bytes is written at `base + offset`. */
  private overwrite(memory: number, base: Term, offset: number, bytes: number): void {
    this.own();
    const place = this.framePlace(memory, base, offset);
    if (place === undefined) {
      keep(
        this.rest,
        (fact) => fact.memory !== memory || (fact.base === base && isApart(fact, offset, bytes)),
      );
      if (memory !== 0) return;
      if (this.terms.strays(base)) this.frame.clear();
      else this.forgetEscaped();
      return;
    }
    keep(
      this.frame,
      (fact) => this.terms.frameAddress(fact.base)?.anchor === place.anchor && isApart(fact, offset, bytes),
    );
    const reached = this.reachable(place);
    keep(this.rest, (fact) => fact.memory !== 0 || !(reached || this.terms.strays(fact.base)));
  }

  /** Memory from an address on is written, nobody knows how far. */
  overwriteFrom(memory: number, address: Term): void {
    const { base, at } = this.split(address, 0);
    this.own();
    keep(this.rest, (fact) => fact.memory !== memory);
    if (memory !== 0) return;
    const place = this.framePlace(memory, base, at);
    if (place !== undefined || this.terms.strays(base)) this.frame.clear();
    else this.forgetEscaped();
  }

  /** Something is written, nobody knows where. */
  overwriteAll(memory: number): void {
    this.own();
    keep(this.rest, (fact) => fact.memory !== memory);
    if (memory === 0) this.frame.clear();
  }

  /** An address, or what was made of one, is given away. */
  escape(value: Term): void {
    const place = this.terms.frameAddress(value);
    if (place !== undefined) {
      const lowest = this.escaped.get(place.anchor) ?? Number.POSITIVE_INFINITY;
      if (place.offset >= lowest) return;
      this.own();
      this.escaped.set(place.anchor, place.offset);
    } else if (this.terms.strays(value)) this.everythingEscaped = true;
    else return;
    this.yieldToThreads();
  }

  /** From now on others may write to what has escaped, where they share the memory. */
  private yieldToThreads(): void {
    if (!this.isShared(0)) return;
    this.own();
    this.forgetEscaped();
  }

  private reachable({ anchor, offset }: FrameAddress): boolean {
    if (this.everythingEscaped) return true;
    for (const [from, lowest] of this.escaped) if (from !== anchor || lowest <= offset) return true;
    return false;
  }

  private forgetEscaped(): void {
    keep(this.frame, (fact) => !this.reachable(this.placeOf(fact)));
  }

  private placeOf(fact: Fact): FrameAddress {
    return this.framePlace(fact.memory, fact.base, fact.offset)!;
  }

  /**
   * Other code runs.
   * @param stackPointer the lowest place of the frame that the code may not use; undefined where that is unknown
   */
  call(stackPointer: FrameAddress | undefined): void {
    this.own();
    this.rest.clear();
    if (stackPointer === undefined) this.frame.clear();
    keep(this.frame, (fact) => {
      const place = this.placeOf(fact);
      return (
        place.anchor === stackPointer?.anchor && place.offset >= stackPointer.offset && !this.reachable(place)
      );
    });
  }

  forget(fact: Fact): void {
    this.own();
    const key = keyOf(fact);
    this.frame.delete(key);
    this.rest.delete(key);
  }

  /** What holds on both ways that meet here. */
  meet(other: MemoryFacts): void {
    if (this.frame !== other.frame || this.rest !== other.rest) {
      this.own();
      keep(this.frame, (fact) => other.has(fact));
      keep(this.rest, (fact) => other.has(fact));
    }
    this.joinEscapes(other);
  }

  /** Takes over what has escaped on another way; tells whether that was new. */
  joinEscapes(other: MemoryFacts): boolean {
    let more = other.everythingEscaped && !this.everythingEscaped;
    this.everythingEscaped ||= other.everythingEscaped;
    for (const [anchor, offset] of other.escaped) {
      if (offset >= (this.escaped.get(anchor) ?? Number.POSITIVE_INFINITY)) continue;
      this.own();
      this.escaped.set(anchor, offset);
      more = true;
    }
    if (more) this.yieldToThreads();
    return more;
  }
}

const keyOf = ({ memory, base, offset, access }: Omit<Fact, "value">): string =>
  `${memory} ${base.id} ${offset} ${access.name}`;

function keep(facts: Facts, holds: (fact: Fact) => boolean): void {
  for (const [key, fact] of facts) if (!holds(fact)) facts.delete(key);
}

/** Whether the fact's bytes and the `bytes` at `offset` from the same base have none in common. */
function isApart(fact: Fact, offset: number, bytes: number): boolean {
  return fact.offset + fact.access.bytes <= offset || offset + bytes <= fact.offset;
}
