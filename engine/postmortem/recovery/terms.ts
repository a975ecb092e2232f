/**
 * The values that a function computes, as expressions over what is not known: parameters, the stack pointer at
 * entry, results of calls, contents of memory. Equal expressions are one object (hash-consing), so that `===`
 * says that two places hold the same value.
 *
 * An expression names the value of the latest run of the instruction that made it. At the head of a loop every
 * place that the loop may assign becomes a value of its own (φ), hence no place holds that of an earlier turn.
 */
import { numericResult, type WasmValue } from "../../wasm/arithmetic";
import type { ValueType } from "../../wasm/types";

/** A pointer into the function's own frame: so many bytes from one of its anchors. */
export interface FrameAddress {
  /** The stack pointer at entry, or that rounded down to an alignment. */
  readonly anchor: Term;
  readonly offset: number;
}

export type Term = Constant | Unknown | Sum | Operation;

interface Common {
  readonly id: number;
  /** Whether it may point into the frame, at a place that cannot be told. */
  readonly straying: boolean;
}

export interface Constant extends Common {
  readonly kind: "constant";
  readonly value: WasmValue;
}

/** A value of its own: nothing is known of it but equations. */
export interface Unknown extends Common {
  readonly kind: "unknown";
}

/** `base + offset`, wrapping at the width. */
export interface Sum extends Common {
  readonly kind: "sum";
  readonly width: 32 | 64;
  readonly base: Term;
  readonly offset: number;
}

/** The result of a numeric instruction without immediates, or of `select`. */
export interface Operation extends Common {
  readonly kind: "operation";
  readonly mnemonic: string;
  readonly operands: readonly Term[];
}

/** Expressions nested deeper than this are values of their own. */
const DEEPEST = 64;
/** Offsets from here on are no offsets but values. */
const FARTHEST = 2 ** 31;

export class Terms {
  private readonly known = new Map<string, Term>();
  private readonly depths = new WeakMap<Term, number>();
  private readonly anchors = new Set<Term>();
  private readonly apart = new Set<Term>();
  private nextId = 0;

  /** The stack pointer at the function's entry. */
  readonly entry: Term = this.anchored(this.unknown("stack pointer at entry"));

  private make<T extends Term>(key: string, depth: number, build: (id: number) => T): T {
    const found = this.known.get(key);
    if (found !== undefined) return found as T;
    const made = build(this.nextId++);
    this.known.set(key, made);
    if (depth > 0) this.depths.set(made, depth);
    return made;
  }

  private anchored(term: Term): Term {
    this.anchors.add(term);
    return term;
  }

  private depth(term: Term): number {
    return this.depths.get(term) ?? 0;
  }

  constant(value: WasmValue): Constant {
    return this.make(`= ${value.type} ${value.bits}`, 0, (id) => ({
      kind: "constant",
      id,
      straying: false,
      value,
    }));
  }

  i32(value: number): Constant {
    return this.constant({ type: "i32", bits: BigInt(value >>> 0) });
  }

  /** What a declared local starts with; undefined for references, which start as null. */
  zero(type: ValueType): Term {
    return isNumeric(type) ? this.constant({ type, bits: 0n }) : this.unknown("null");
  }

  /**
   * A value of its own.
   * @param name what made it, and where: of one name there is one
   */
  unknown(name: string, straying = false): Unknown {
    return this.make(`? ${name}`, 0, (id) => ({ kind: "unknown", id, straying }));
  }

  sum(width: 32 | 64, base: Term, offset: number): Term {
    if (base.kind === "sum") return this.sum(width, base.base, base.offset + offset);
    const wrapped = width === 32 ? offset | 0 : offset;
    if (wrapped === 0) return base;
    if (base.kind === "constant") {
      const { type, bits } = base.value;
      return this.constant({ type, bits: BigInt.asUintN(width, bits + BigInt(wrapped)) });
    }
    if (Math.abs(wrapped) > FARTHEST) {
      const bits = BigInt.asUintN(width, BigInt(wrapped));
      return this.operate(`i${width}.add`, [base, this.constant({ type: `i${width}`, bits })], "sum");
    }
    return this.make(`+ ${width} ${base.id} ${wrapped}`, this.depth(base), (id) => ({
      kind: "sum",
      id,
      straying: this.strays(base) && !this.anchors.has(base),
      width,
      base,
      offset: wrapped,
    }));
  }

  /**
   * The result of a numeric instruction or `select`.
   * @param site names the instruction, for a result that becomes a value of its own
   */
  operation(mnemonic: string, operands: readonly Term[], site: string): Term {
    const [first, second] = operands;
    if (first !== undefined && second !== undefined) {
      const width = mnemonic.startsWith("i32") ? 32 : 64;
      if (mnemonic === "i32.add" || mnemonic === "i64.add") {
        if (isOffset(second)) return this.sum(width, first, offsetOf(second));
        if (isOffset(first)) return this.sum(width, second, offsetOf(first));
      }
      if ((mnemonic === "i32.sub" || mnemonic === "i64.sub") && isOffset(second))
        return this.sum(width, first, -offsetOf(second));
      if (mnemonic === "select" && first === second) return first;
    }
    const constants = operands.flatMap((operand) => (operand.kind === "constant" ? [operand.value] : []));
    if (constants.length === operands.length && mnemonic !== "select") {
      const value = numericResult(mnemonic, constants);
      if (value !== undefined && !value.type.startsWith("f")) return this.constant(value);
    }
    return this.operate(mnemonic, operands, site);
  }

  private operate(mnemonic: string, operands: readonly Term[], site: string): Term {
    const depth = 1 + Math.max(0, ...operands.map((operand) => this.depth(operand)));
    const points = !isComparison(mnemonic);
    const [first, second] = operands;
    const aligns = /^i(32|64)\.and$/.test(mnemonic) && first !== undefined && isAlignment(second);
    const aligned = aligns && this.frameAddress(first) !== undefined;
    const straying = points && !aligned && operands.some((operand) => this.strays(operand));
    if (depth > DEEPEST) return this.unknown(`${mnemonic} ${site}`, straying);
    const made = this.make(`${mnemonic} ${operands.map(({ id }) => id).join(" ")}`, depth, (id) => ({
      kind: "operation",
      id,
      straying,
      mnemonic,
      operands,
    }));
    return aligned ? this.anchored(made) : made;
  }

  /** Whether what is made of it may point into the frame. */
  strays(term: Term): boolean {
    if (this.apart.has(term)) return false;
    return term.straying || this.frameAddress(term) !== undefined;
  }

  /** Says that it points at memory below the frame's own places (alloca's), though it was made from their address. */
  setApart(term: Term): void {
    this.apart.add(term);
  }

  /** Which place of the frame it is the address of; undefined where it is none, or none that can be told. */
  frameAddress(term: Term): FrameAddress | undefined {
    if (this.anchors.has(term)) return { anchor: term, offset: 0 };
    if (term.kind !== "sum" || !this.anchors.has(term.base)) return undefined;
    return { anchor: term.base, offset: term.offset };
  }
}

export function isNumeric(type: string): type is WasmValue["type"] {
  return /^([if](32|64)|v128)$/.test(type);
}

function isComparison(mnemonic: string): boolean {
  return /\.(eqz|eq|ne|[lg][te](_[su])?)$/.test(mnemonic);
}

function isOffset(term: Term): term is Constant {
  return term.kind === "constant" && Math.abs(offsetOf(term)) <= FARTHEST;
}

/** A constant of an address's type, signed. */
function offsetOf({ value }: Constant): number {
  return Number(BigInt.asIntN(value.type === "i64" ? 64 : 32, value.bits));
}

/** A mask that clears low bits only. */
function isAlignment(term: Term | undefined): boolean {
  if (term?.kind !== "constant") return false;
  const step = -offsetOf(term);
  return step > 0 && Number.isInteger(Math.log2(step));
}
