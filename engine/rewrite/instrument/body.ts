/**
 * One function's body, instrumented: checks in front of what may trap, and one handler around everything.
 */
import { ByteWriter } from "../../bytes/writer";
import type { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import { type FunctionType, type ValueType, writeValueType } from "../../wasm/types";
import { Bounds, type BoundsContext } from "./bounds";
import { divisionCheck, indirectCallCheck, isSafeDivisor, truncationCheck } from "./checks";
import { op } from "./code";
import { CodeCursor } from "./cursor";
import { Edits, uleb } from "./edits";
import type { Effects } from "./effects";
import { Flow } from "./flow";
import { type HandlerContext, handler, isRecordable, type RecordedLocal, unwinding } from "./handler";
import { planSpills, type Spill, type SpillPlan } from "./spills";
import type { Trap } from "./traps";

/** What the functions of a module have in common. */
export interface BodyContext extends HandlerContext {
  /** Where a function is now, which the added imports may have moved. */
  functionIndex(original: number): number;
  /** The index of the host's function that throws in a trap's place. */
  trap(trap: Trap): number;
  /** The global that says that the frames are being left, where the engine has no exceptions. */
  readonly flag: number | undefined;
  /** The index of a function that is given away as a reference. */
  reference(original: number): number;
  /** Whether instructions that may trap are checked before. */
  readonly hasChecks: boolean;
  readonly module: WasmModule;
  readonly effects: Effects;
  /** Whether accesses of memories and tables are checked as well. */
  readonly hasBounds: boolean;
  /** Sizes of the tables whose indices can be checked (survey.ts). */
  readonly fixedTables: ReadonlyMap<number, number>;
}

export interface InstrumentedBody {
  readonly bytes: Uint8Array;
  /** Whether a handler tells something of it. */
  readonly isHandled: boolean;
  /** Whether locals that are alive are left out, or the handler is, since the function is too large. */
  readonly isPartial: boolean;
  /** Writes what the map has of it, behind the size (wasm/code-map-format.ts). */
  writeMap(out: ByteWriter): void;
}

/** Locals × sites of a function at most: the time that engines need to compile it grows with its square. */
const MOST_COPIES = 1000;
/** V8's limits of a function. */
const MOST_LOCALS = 50_000;
const LARGEST_BODY = 7_654_321;
/** More locals than checks and operands need. */
const ROOM_FOR_LOCALS = 128;
/** Numbers of scratch locals from here on are of operands. */
const FIRST_SPILL = 8;
/** Instructions in which a function gets its frame, if it has one. */
const LONGEST_PROLOGUE = 12;

/**
 * @param isWanted whether more is to be changed than indices
 * @throws FormatError when the code is malformed or has an instruction that is not known
 */
export function instrumentBody(
  code: FunctionCode,
  signature: FunctionType,
  context: BodyContext,
  isWanted: boolean,
): InstrumentedBody {
  const hasRoom = code.localCount <= MOST_LOCALS - ROOM_FOR_LOCALS;
  if (isWanted && hasRoom) {
    for (const hasSpills of [true, false]) {
      const body = new BodyEditor(code, signature, context, true, hasSpills).finish();
      if (body !== undefined && body.bytes.length <= LARGEST_BODY) return body;
    }
  }
  return { ...new BodyEditor(code, signature, context, false, false).finish()!, isPartial: isWanted };
}

class BodyEditor implements BoundsContext {
  private readonly edits: Edits;
  private readonly flow = new Flow();
  private readonly cursor: CodeCursor;
  private readonly scratches: { readonly type: ValueType; readonly number: number }[] = [];
  private readonly bounds: Bounds | undefined;
  private readonly spills: SpillPlan | undefined;
  private readonly localCount: number;
  /** The value of the constant right before. */
  private constant: number | undefined;
  private instructions = 0;
  private frameBase: number | undefined;

  constructor(
    private readonly code: FunctionCode,
    private readonly signature: FunctionType,
    private readonly context: BodyContext,
    private readonly isWanted: boolean,
    spills: boolean,
  ) {
    this.edits = new Edits(code.bytes);
    this.localCount = code.localCount;
    this.cursor = new CodeCursor(code.bytes, code.start, `body of function ${code.body.index}`);
    if (this.hasChecks && context.hasBounds)
      this.bounds = new Bounds(context.module, this, context.effects, this.localCount);
    if (spills && isWanted) this.spills = planSpills(code, context.module, context.effects);
  }

  // For checks

  scratch(type: ValueType, number: number): number {
    let at = this.scratches.findIndex((scratch) => scratch.type === type && scratch.number === number);
    if (at < 0) at = this.scratches.push({ type, number }) - 1;
    return this.localCount + at;
  }

  trap(trap: Trap): readonly number[] {
    const { flag } = this.context;
    if (flag !== undefined) return [...this.throw(trap), op.i32Const, 1, op.globalSet, ...uleb(flag)];
    // The engine is told that nothing comes behind: what it keeps in registers it need not read again.
    return [...this.throw(trap), op.unreachable];
  }

  private throw(trap: Trap): readonly number[] {
    return [op.call, ...uleb(this.context.trap(trap))];
  }

  // The whole

  /** @returns undefined when there is no room for operands: then it is to be done without */
  finish(): InstrumentedBody | undefined {
    const { edits, flow, code, spills } = this;
    const tees = spills?.tees ?? [];
    let nextTee = 0;
    while (this.cursor.next()) {
      if (spills !== undefined && this.isTooMuch([], spills.spills.length)) return undefined;
      const tee = tees[nextTee];
      if (tee?.[0] === this.cursor.start) {
        edits.insert(this.cursor.start, [op.localTee, ...uleb(this.localOf(tee[1]))]);
        nextTee++;
      }
      const check = this.bounds?.step(this.cursor) ?? [];
      if (check.length > 0) this.check(check);
      this.step();
    }
    const locals = this.isWanted && flow.sites > 0 ? this.chooseLocals() : undefined;
    const operands = (spills?.spills ?? []).map((spill) => ({
      local: this.localOf(spill),
      type: spill.type,
    }));
    if (operands.length > 0 && this.isTooMuch(locals?.chosen, operands.length)) return undefined;
    const front = new Edits(code.bytes);
    this.declareScratches(front);
    const told = [...(locals?.chosen ?? []), ...operands];
    const around = this.around(told.length > 0 ? told : undefined);
    if (around !== undefined) {
      front.insert(code.start, around.before);
      edits.insert(code.bytes.length - 1, around.behind);
    }
    edits.before(front);
    return {
      bytes: edits.bytes,
      isHandled: told.length > 0,
      isPartial: locals?.isPartial === true,
      writeMap(out) {
        edits.writeRuns(out);
        writeLocals(out, told.length > 0 ? locals?.chosen : undefined);
        writeOperands(out, spills);
      },
    };
  }

  private localOf({ type, depth }: Spill): number {
    return this.scratch(type, FIRST_SPILL + depth);
  }

  private isTooMuch(locals: readonly RecordedLocal[] | undefined, operands: number): boolean {
    return locals === undefined || (locals.length + operands) * this.flow.sites > MOST_COPIES;
  }

  /** What comes around the code, if anything. */
  private around(locals: readonly RecordedLocal[] | undefined): ReturnType<typeof handler> | undefined {
    const { context, signature, flow } = this;
    const { index } = this.code.body;
    if (context.flag !== undefined && flow.sites > 0)
      return unwinding(index, locals, signature.results, context, context.flag);
    return locals && handler(index, locals, signature.results, context);
  }

  /** The locals that are worth their copies. None where there are so many sites that even one local costs too much. */
  private chooseLocals(): { chosen: readonly RecordedLocal[] | undefined; isPartial: boolean } {
    const { flow, code } = this;
    const room = Math.floor(MOST_COPIES / flow.sites);
    if (room === 0) return { chosen: undefined, isPartial: true };
    const alive = flow.aliveAtSites(this.localCount).flatMap((local) => {
      const type = code.localType(local);
      return isRecordable(type) ? [{ local, type }] : [];
    });
    if (alive.length <= room) return { chosen: alive, isPartial: false };
    // A frame's memory tells the rest of many programs' variables.
    const parameters = code.parameters.length;
    const first = alive.filter(({ local }) => local === this.frameBase || local < parameters);
    return { chosen: first.slice(-room), isPartial: true };
  }

  private declareScratches(front: Edits): void {
    const { code, scratches } = this;
    if (scratches.length === 0) return;
    const runs = code.locals.length;
    const length = uleb(runs).length;
    front.replace(0, lengthOfUleb(code.bytes), uleb(runs + scratches.length, length));
    front.insert(
      code.start,
      scratches.flatMap(({ type }) => [1, ...writeValueType(new ByteWriter(), type).finish()]),
    );
  }

  // The code, one instruction after another

  private step(): void {
    const { cursor, flow } = this;
    const { value } = cursor;
    const { code: opcode } = cursor.opcode;
    const divisor = this.constant;
    this.constant = undefined;
    this.instructions++;
    switch (opcode) {
      case op.localGet:
        flow.read(value);
        return;
      case op.localSet:
      case op.localTee:
        this.noteFrameBase(value);
        flow.write(value);
        return;
      case op.i32Const:
      case op.i64Const:
        this.constant = cursor.constant;
        return;
      case op.refFunc:
        this.moveIndex(this.context.reference(value));
        return;
      case op.call:
        this.moveIndex(this.context.functionIndex(value));
        this.afterCall();
        return;
      case op.callIndirect:
        this.checkIndirectCall();
        this.afterCall();
        return;
      case op.callRef:
        this.afterCall();
        return;
      case op.throw:
      case op.throwRef:
      case op.rethrow:
        flow.mayThrow();
        return;
      case op.returnCall:
        this.moveIndex(this.context.functionIndex(value));
        flow.stop();
        return;
      case op.return:
      case op.returnCallIndirect:
      case op.returnCallRef:
        flow.stop();
        return;
      case op.unreachable:
        // No `stop`: what is alive behind it is what a programmer asks about.
        if (this.hasChecks)
          this.check(this.context.flag === undefined ? this.throw("unreachable") : this.trap("unreachable"));
        return;
      case op.block:
        flow.open("block");
        return;
      case op.loop:
        flow.open("loop");
        return;
      case op.if:
        flow.open("if");
        return;
      case op.try:
        flow.open("try");
        return;
      case op.tryTable:
        flow.open("try", cursor.labels);
        return;
      case op.else:
        flow.divide(false);
        return;
      case op.catch:
      case op.catchAll:
        flow.divide(true);
        return;
      case op.end:
      case op.delegate:
        flow.close();
        return;
      case op.br:
        flow.branch(value);
        flow.stop();
        return;
      case op.brTable:
        for (const label of new Set(cursor.labels)) flow.branch(label);
        flow.stop();
        return;
      case op.brIf:
      case op.brOnNull:
      case op.brOnNonNull:
        flow.branch(value);
        return;
      case op.brOnCast:
      case op.brOnCastFail:
        flow.branch(cursor.second);
        return;
    }
    if (divisor !== undefined && isSafeDivisor(opcode, divisor)) return;
    if (this.hasChecks) {
      const check = divisionCheck(opcode, this) ?? truncationCheck(opcode, this);
      if (check !== undefined) this.check(check);
    }
  }

  private get hasChecks(): boolean {
    return this.isWanted && this.context.hasChecks;
  }

  private check(code: readonly number[]): void {
    this.edits.insert(this.cursor.start, code);
    this.edits.insert(this.cursor.start, this.leave());
    this.flow.mayThrow();
  }

  private afterCall(): void {
    this.edits.insert(this.cursor.at, this.leave());
    this.flow.mayThrow();
  }

  /** Without exceptions: leaves when the flag is set, for what stands behind the code (`unwinding`). */
  private leave(): readonly number[] {
    const { flag } = this.context;
    if (flag === undefined) return [];
    return [op.globalGet, ...uleb(flag), op.brIf, ...uleb(this.flow.depth + 1)];
  }

  private checkIndirectCall(): void {
    const size = this.context.fixedTables.get(this.cursor.second);
    if (size !== undefined && this.hasChecks) this.check(indirectCallCheck(size, this));
  }

  /** Has the function index of the current instruction be another. */
  private moveIndex(moved: number): void {
    const { value, immediates, at } = this.cursor;
    if (moved !== value) this.edits.replace(immediates, at - immediates, uleb(moved, at - immediates));
  }

  /** The first local of the prologue that is a difference: the stack pointer's, less the frame's size. */
  private noteFrameBase(local: number): void {
    if (this.instructions > LONGEST_PROLOGUE || this.frameBase !== undefined) return;
    const before = this.code.bytes[this.cursor.start - 1];
    if (before === op.i32Sub || before === op.i64Sub) this.frameBase = local;
  }
}

/** `list(locals)` of the map (wasm/code-map-format.ts). */
function writeLocals(out: ByteWriter, locals: readonly RecordedLocal[] | undefined): void {
  if (locals === undefined) {
    out.uleb(0);
    return;
  }
  const sets = new Uint8Array(Math.floor((locals.at(-1)?.local ?? 0) / 7) + 1);
  for (const { local } of locals) sets[Math.floor(local / 7)]! |= 1 << (local % 7);
  out.uleb(sets.length).bytes(sets);
}

/** `list((delta list(operand)))` of the map. */
function writeOperands(out: ByteWriter, plan: SpillPlan | undefined): void {
  out.uleb(plan?.sites.size ?? 0);
  let before = 0;
  for (const [offset, operands] of plan?.sites ?? []) {
    out.uleb(offset - before).uleb(operands.length);
    before = offset;
    for (const spill of operands) out.uleb(spill === undefined ? 0 : 1 + plan!.spills.indexOf(spill));
  }
}

function lengthOfUleb(bytes: Uint8Array): number {
  let length = 1;
  while (bytes[length - 1]! >= 0x80) length++;
  return length;
}
