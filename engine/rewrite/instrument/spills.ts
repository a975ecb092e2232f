/**
 * Operands that lie on the stack while something may be thrown above them. A handler does not see the operand stack: so
 * each such operand is put into a local as well when it is made (local.tee), and at each site it is known which local
 * has which operand. Nothing else makes an operand of the same place meanwhile, so the local has the operand for sure.
 */
import type { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import { accesses } from "./accesses";
import { trapsOf } from "./checks";
import { op, type } from "./code";
import { CodeCursor } from "./cursor";
import type { Effects } from "./effects";
import { isRecordable, type RecordableType } from "./handler";

/** A local for the operands of one place and type. */
export interface Spill {
  readonly depth: number;
  readonly type: RecordableType;
}

export interface SpillPlan {
  readonly spills: readonly Spill[];
  /** Offsets, ascending, and the spill that takes the operand which was made right before. */
  readonly tees: readonly (readonly [at: number, spill: Spill])[];
  /** By offset of a site, for each operand below its own: the spill that has it. */
  readonly sites: ReadonlyMap<number, readonly (Spill | undefined)[]>;
}

/** More places than compilers make use of. */
const DEEPEST = 16;

interface Slot {
  readonly type: RecordableType | undefined;
  /** Where the instruction behind the one that made it is. */
  readonly behind: number;
}

/** @throws FormatError when the code is malformed */
export function planSpills(code: FunctionCode, module: WasmModule, effects: Effects): SpillPlan {
  const spills: Spill[] = [];
  const tees = new Map<number, Spill>();
  const sites = new Map<number, readonly (Spill | undefined)[]>();
  const spillOf = ({ type, behind }: Slot, depth: number): Spill | undefined => {
    if (type === undefined || depth >= DEEPEST) return undefined;
    let spill = spills.find((known) => known.depth === depth && known.type === type);
    if (spill === undefined) spills.push((spill = { depth, type }));
    tees.set(behind, spill);
    return spill;
  };
  const stack = new SlotStack(code, module, effects);
  for (const { cursor, below } of stack.sites()) {
    const operands = below.map(spillOf);
    if (operands.some((operand) => operand !== undefined)) sites.set(cursor.start, operands);
  }
  return { spills, tees: [...tees].sort(([a], [b]) => a - b), sites };
}

/** The operand stack before each site of a function, as far as it is known. */
class SlotStack {
  private readonly cursor: CodeCursor;
  private slots: Slot[] = [];
  /** Whether the height is known: it is not behind branches, and in blocks with parameters. */
  private isKnown = true;
  private readonly blocks: { readonly height: number; readonly results: number | undefined }[] = [];

  constructor(
    private readonly code: FunctionCode,
    private readonly module: WasmModule,
    private readonly effects: Effects,
  ) {
    this.cursor = new CodeCursor(code.bytes, code.start, `body of function ${code.body.index}`);
  }

  *sites(): Generator<{ readonly cursor: CodeCursor; readonly below: readonly Slot[] }> {
    const { cursor } = this;
    while (cursor.next()) {
      const { code } = cursor.opcode;
      if (this.isKnown && this.slots.length > 0 && isSite(code)) {
        const pops = this.effects.of(cursor)?.pops;
        if (pops !== undefined)
          yield { cursor, below: this.slots.slice(0, Math.max(0, this.slots.length - pops)) };
      }
      this.step();
    }
  }

  private step(): void {
    const { cursor, blocks } = this;
    const { structure, code } = cursor.opcode;
    if (structure === "opens") {
      if (code === op.if) this.slots.pop();
      const results = this.resultsOf();
      if (results === undefined) this.isKnown = false;
      blocks.push({ height: this.isKnown ? this.slots.length : -1, results });
    } else if (structure === "divides") this.enter(blocks.at(-1)?.height ?? -1, this.caught());
    else if (structure === "closes") {
      const { height = -1, results } = blocks.pop() ?? {};
      this.enter(results === undefined ? -1 : height, results ?? 0);
    } else this.plain();
  }

  private plain(): void {
    const { cursor, slots } = this;
    const { code } = cursor.opcode;
    if (ends.has(code)) this.isKnown = false;
    if (!this.isKnown) return;
    const effect = this.effects.of(cursor);
    if (effect === undefined || effect.pops > slots.length) {
      this.isKnown = false;
      return;
    }
    for (let left = effect.pops; left > 0; left--) slots.pop();
    const made = effect.pushes === 1 ? this.typeMade() : undefined;
    for (let left = effect.pushes; left > 0; left--) slots.push({ type: made, behind: cursor.at });
  }

  /** Goes on with so many of the operands that lay there, and others of which no more is known. */
  private enter(height: number, more: number): void {
    this.isKnown = height >= 0 && height <= this.slots.length;
    if (!this.isKnown) return;
    this.slots.length = height;
    for (let left = more; left > 0; left--) this.slots.push({ type: undefined, behind: 0 });
  }

  /** Results of the block that opens; undefined where it may have parameters. */
  private resultsOf(): number | undefined {
    const code = this.code.bytes[this.cursor.immediates]!;
    if (code === type.empty) return 0;
    return code >= 0x60 && code < 0x80 ? 1 : undefined;
  }

  /** What a clause of the legacy `try` begins with. */
  private caught(): number {
    const { opcode, value } = this.cursor;
    return opcode.code === op.catch ? (this.module.tagType(value)?.parameters.length ?? 0) : 0;
  }

  private typeMade(): RecordableType | undefined {
    const { opcode, value } = this.cursor;
    const { code, mnemonic } = opcode;
    let made: string | undefined;
    if (code === op.localGet || code === op.localTee) made = this.code.localType(value);
    else if (code === op.globalGet) made = this.module.globals[value]?.type;
    else if (code === op.call) made = this.module.functionType(value as never)?.results[0];
    else if (code === op.callIndirect || code === op.callRef) made = this.module.typeAt(value)?.results[0];
    else made = accesses.has(code) || isNumeric(mnemonic) ? numberType(mnemonic) : undefined;
    return isRecordable(made as never) ? (made as RecordableType) : undefined;
  }
}

const isSite = (code: number): boolean =>
  code === op.call || code === op.callIndirect || code === op.callRef || trapsOf(code) !== undefined;

/** Behind these no code is reached. */
const ends: ReadonlySet<number> = new Set([
  ...[op.unreachable, op.br, op.brTable, op.return, op.throw, op.throwRef, op.rethrow],
  ...[op.returnCall, op.returnCallIndirect, op.returnCallRef],
]);

const isNumeric = (mnemonic: string): boolean => /^[if](32|64)\./.test(mnemonic);

/** What an instruction of numbers gives: comparisons are named after what they compare. */
function numberType(mnemonic: string): string {
  return /^...\.(eqz?|ne|[lg][te](_[su])?)$/.test(mnemonic) ? "i32" : mnemonic.slice(0, 3);
}
