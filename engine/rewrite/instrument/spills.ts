/**
 * Operands that lie on the stack while something may be thrown above them. A handler does not see the operand stack: so
 * each such operand is put into a local as well when it is made (local.tee), and at each site it is known which local
 * has which operand. Nothing else makes an operand of the same place meanwhile, so the local has the operand for sure.
 */
import type { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import type { Opcode } from "../../wasm/opcodes";
import type { ValueType } from "../../wasm/types";
import { op, type } from "./code";
import type { CodeCursor } from "./cursor";
import type { Effects } from "./effects";
import { isRecordable, type RecordableType } from "./handler";
import { traitsOf } from "./traits";

/** A local for the operands of one place and type. */
export interface Spill {
  readonly depth: number;
  readonly type: RecordableType;
}

/** Where an operand is put into the local. */
export interface Tee {
  /** Offset of the instruction behind the one that made it. */
  readonly at: number;
  /** Edits that come before it. */
  readonly edits: number;
  /** Position in the list of spills. */
  readonly spill: number;
}

/** More places than compilers make use of. */
const DEEPEST = 16;

/** Follows the operand stack of a function, as far as it is known. */
export class Spills {
  readonly list: Spill[] = [];
  /** By offset of a site, for each operand below its own: the position in the list of the spill that has it. */
  readonly sites = new Map<number, readonly (number | undefined)[]>();
  private readonly teesByPlace = new Map<number, Tee>();
  // Of each operand: the instruction that made it, where that is known, its index, where the next one is, and how many
  // edits were made up to there.
  private readonly makers: (Opcode | undefined)[] = [];
  private readonly indices: number[] = [];
  private readonly behinds: number[] = [];
  private readonly edits: number[] = [];
  private height = 0;
  /** Whether the height is known: it is not behind branches, and in blocks with parameters. */
  private isKnown = true;
  private readonly blocks: { readonly height: number; readonly results: number | undefined }[] = [];

  constructor(
    private readonly code: FunctionCode,
    private readonly module: WasmModule,
    private readonly effects: Effects,
  ) {}

  /** In the order of their places. */
  get tees(): readonly Tee[] {
    return [...this.teesByPlace.values()].sort((one, other) => one.at - other.at);
  }

  /**
   * Follows the current instruction.
   * @param edits that were made up to behind it
   */
  step(cursor: CodeCursor, edits: number): void {
    const { opcode } = cursor;
    if (opcode.structure !== "plain") {
      this.structure(cursor);
      return;
    }
    if (!this.isKnown) return;
    const { isSite, ends } = traitsOf(opcode);
    const effect = this.effects.of(cursor);
    if (isSite && effect !== undefined && this.height > effect.pops)
      this.site(cursor.start, this.height - effect.pops);
    if (ends || effect === undefined || effect.pops > this.height) {
      this.isKnown = false;
      return;
    }
    const { pops, pushes } = effect;
    this.height -= pops;
    if (pushes === 1) this.push(opcode, cursor.value, cursor.at, edits);
    else for (let left = pushes; left > 0; left--) this.push(undefined, 0, 0, 0);
  }

  private push(maker: Opcode | undefined, index: number, behind: number, edits: number): void {
    const at = this.height++;
    this.makers[at] = maker;
    this.indices[at] = index;
    this.behinds[at] = behind;
    this.edits[at] = edits;
  }

  /** Something may be thrown above so many operands. */
  private site(at: number, below: number): void {
    const operands: (number | undefined)[] = [];
    for (let depth = 0; depth < below; depth++) operands.push(this.spillOf(depth));
    if (operands.some((operand) => operand !== undefined)) this.sites.set(at, operands);
  }

  private spillOf(depth: number): number | undefined {
    const type = depth < DEEPEST ? this.typeOf(depth) : undefined;
    if (type === undefined) return undefined;
    let spill = this.list.findIndex((known) => known.depth === depth && known.type === type);
    if (spill < 0) spill = this.list.push({ depth, type }) - 1;
    const at = this.behinds[depth]!;
    if (!this.teesByPlace.has(at)) this.teesByPlace.set(at, { at, edits: this.edits[depth]!, spill });
    return spill;
  }

  private typeOf(depth: number): RecordableType | undefined {
    const maker = this.makers[depth];
    if (maker === undefined) return undefined;
    const { module } = this;
    const { code } = maker;
    const index = this.indices[depth]!;
    let made: ValueType | undefined;
    if (code === op.localGet || code === op.localTee) made = this.code.localType(index);
    else if (code === op.globalGet) made = module.globals[index]?.type;
    else if (code === op.call) made = module.functionType(index as never)?.results[0];
    else if (code === op.callIndirect || code === op.callRef) made = module.typeAt(index)?.results[0];
    else return traitsOf(maker).made;
    return isRecordable(made) ? made : undefined;
  }

  // Blocks

  private structure(cursor: CodeCursor): void {
    const { blocks } = this;
    const { structure, code } = cursor.opcode;
    if (structure === "opens") {
      if (code === op.if && this.height > 0) this.height--;
      const results = this.resultsOf(cursor);
      if (results === undefined) this.isKnown = false;
      blocks.push({ height: this.isKnown ? this.height : -1, results });
    } else if (structure === "divides") this.enter(blocks.at(-1)?.height ?? -1, this.caught(cursor));
    else {
      const { height = -1, results } = blocks.pop() ?? {};
      this.enter(results === undefined ? -1 : height, results ?? 0);
    }
  }

  /** Goes on with so many of the operands that lay there, and others of which no more is known. */
  private enter(height: number, more: number): void {
    this.isKnown = height >= 0 && height <= this.height;
    if (!this.isKnown) return;
    this.height = height;
    for (let left = more; left > 0; left--) this.push(undefined, 0, 0, 0);
  }

  /** Results of the block that opens; undefined where it may have parameters. */
  private resultsOf({ immediates }: CodeCursor): number | undefined {
    const code = this.code.bytes[immediates]!;
    if (code === type.empty) return 0;
    return code >= 0x60 && code < 0x80 ? 1 : undefined;
  }

  /** What a clause of the legacy `try` begins with. */
  private caught({ opcode, value }: CodeCursor): number {
    return opcode.code === op.catch ? (this.module.tagType(value)?.parameters.length ?? 0) : 0;
  }
}
