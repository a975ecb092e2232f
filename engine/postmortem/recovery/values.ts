/**
 * The numbers that one frame's terms stand for, as far as equations give them. What is told twice must be told
 * alike: a contradiction says that something was assumed of this frame that is not so.
 */
import { floatNumber, numericResult, type WasmValue } from "../../wasm/arithmetic";
import type { Term } from "./terms";

export class TermValues {
  private readonly told = new Map<Term, WasmValue>();
  private readonly computed = new Map<Term, WasmValue>();
  /** Results that were told before their operands were known. */
  private uninverted: { readonly term: Term; readonly value: WasmValue }[] = [];
  /** Whether two accounts of one value differ. */
  contradicted = false;
  /** How many values were told; grows as long as something new is found. */
  count = 0;

  /** Takes in that a term stands for a value. */
  tell(term: Term, value: WasmValue): void {
    const known = this.value(term);
    if (known !== undefined) {
      if (!isSame(known, value)) this.contradicted = true;
      return;
    }
    this.told.set(term, value);
    this.count++;
    this.invert(term, value);
  }

  /** What the term stands for; a NaN that was computed is not known, since its bits are not. */
  value(term: Term): WasmValue | undefined {
    return term.kind === "constant" ? term.value : (this.told.get(term) ?? this.compute(term));
  }

  private compute(term: Term): WasmValue | undefined {
    const known = this.computed.get(term);
    if (known !== undefined) return known;
    const value = this.evaluate(term);
    if (value === undefined || (/^f/.test(value.type) && Number.isNaN(floatNumber(value)))) return undefined;
    this.computed.set(term, value);
    return value;
  }

  private evaluate(term: Term): WasmValue | undefined {
    switch (term.kind) {
      case "constant":
        return term.value;
      case "unknown":
        return undefined;
      case "sum": {
        const base = this.value(term.base);
        return base && shifted(base, term.offset, term.width);
      }
      case "operation":
        return this.operate(term.mnemonic, term.operands);
    }
  }

  private operate(mnemonic: string, operands: readonly Term[]): WasmValue | undefined {
    if (mnemonic === "select") {
      const condition = this.value(operands[2]!);
      return condition && this.value(operands[condition.bits === 0n ? 1 : 0]!);
    }
    const values: WasmValue[] = [];
    for (const operand of operands) {
      const value = this.value(operand);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return numericResult(mnemonic, values);
  }

  /** Tries once more what could not be turned around for want of an operand. */
  invertAgain(): void {
    const waiting = this.uninverted;
    this.uninverted = [];
    for (const { term, value } of waiting) this.invert(term, value);
  }

  /** Whether what was told agrees with what follows from its operands. */
  check(): void {
    for (const [term, value] of this.told) {
      const again = term.kind === "unknown" ? undefined : this.evaluate(term);
      if (again !== undefined && !isSame(again, value)) this.contradicted = true;
    }
  }

  /** What the value of a result tells of its operands. */
  private invert(term: Term, value: WasmValue): void {
    if (term.kind === "sum") {
      this.tell(term.base, shifted(value, -term.offset, term.width));
      return;
    }
    if (term.kind !== "operation") return;
    const { mnemonic, operands } = term;
    const [first, second] = operands;
    if (first === undefined) return;
    if (/^i64\.extend_i32_[su]$/.test(mnemonic)) {
      this.tell(first, { type: "i32", bits: BigInt.asUintN(32, value.bits) });
      return;
    }
    const type = mnemonic.slice(0, 3);
    if (type !== "i32" && type !== "i64") return;
    if (mnemonic.endsWith(".eqz")) {
      if (value.bits === 1n) this.tell(first, { type, bits: 0n });
      else if (isTruth(first)) this.tell(first, { type: "i32", bits: 1n });
      return;
    }
    if (second === undefined) return;
    const equal = mnemonic.endsWith(".eq") && value.bits === 1n;
    const unequal = mnemonic.endsWith(".ne") && value.bits === 0n;
    const turns = equal || unequal || /\.(add|sub|xor)$/.test(mnemonic);
    if (!turns) return;
    const a = this.value(first);
    const b = this.value(second);
    const told = (bits: bigint): WasmValue => ({
      type,
      bits: BigInt.asUintN(type === "i32" ? 32 : 64, bits),
    });
    if (a === undefined && b === undefined) {
      this.uninverted.push({ term, value });
      return;
    }
    const operation = equal || unequal ? "equal" : mnemonic.slice(4);
    if (b !== undefined) this.tell(first, told(solved(operation, value.bits, b.bits, "first")));
    else if (a !== undefined) this.tell(second, told(solved(operation, value.bits, a.bits, "second")));
  }
}

/** The operand of `result = first OPERATION second` that is not `other`. */
function solved(operation: string, result: bigint, other: bigint, sought: "first" | "second"): bigint {
  switch (operation) {
    case "add":
      return result - other;
    case "sub":
      return sought === "first" ? result + other : other - result;
    case "xor":
      return result ^ other;
    default:
      return other;
  }
}

/** Whether it can be 0 or 1 only. */
function isTruth(term: Term): boolean {
  return term.kind === "operation" && /\.(eqz|eq|ne|[lg][te](_[su])?)$/.test(term.mnemonic);
}

function shifted({ type, bits }: WasmValue, offset: number, width: 32 | 64): WasmValue {
  return { type, bits: BigInt.asUintN(width, bits + BigInt(offset)) };
}

const isSame = (a: WasmValue, b: WasmValue): boolean => a.type === b.type && a.bits === b.bits;
