/**
 * One function's body, instrumented: checks in front of what may trap, and one handler around everything.
 */
import { ByteWriter } from "../../bytes/writer";
import type { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import { type FunctionType, type ValueType, writeValueType } from "../../wasm/types";
import { Bounds, type BoundsContext } from "./bounds";
import { ByOpcode } from "./by-opcode";
import { arithmetic, arithmeticCheck, indirectCallCheck, isSafeDivisor } from "./checks";
import { clause, op } from "./code";
import { CodeCursor } from "./cursor";
import { Edits, uleb } from "./edits";
import type { Effects } from "./effects";
import { Flow } from "./flow";
import {
  type HandlerContext,
  handler,
  isRecordable,
  passing,
  type RecordedLocal,
  unwinding,
} from "./handler";
import { Spills } from "./spills";
import type { Trap } from "./traps";

/** What the functions of a module have in common. */
export interface BodyContext extends HandlerContext {
  /** Where a function is now, which the added imports may have moved. */
  functionIndex(original: number): number;
  /** The index of the host's function that throws in a trap's place. */
  trap(trap: Trap): number;
  /** The global that says that the frames are being left, where the engine has no exceptions. */
  readonly flag: number | undefined;
  /** The tag of the exceptions that stand for traps, where the module catches whatever is thrown. */
  readonly tag: number | undefined;
  /** The index of a function that is given away as a reference. */
  reference(original: number): number;
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
      if (body.bytes.length <= LARGEST_BODY) return body;
    }
  }
  return { ...new BodyEditor(code, signature, context, false, false).finish(), isPartial: isWanted };
}

class BodyEditor implements BoundsContext {
  private readonly edits: Edits;
  private readonly flow = new Flow();
  private readonly cursor: CodeCursor;
  private readonly scratches: { readonly type: ValueType; readonly number: number }[] = [];
  private readonly bounds: Bounds | undefined;
  /** Undefined when operands are not recorded, or there is no room for them. */
  private spills: Spills | undefined;
  private readonly localCount: number;
  /** The last constant, and where the instruction behind it is. */
  private constant = 0;
  private behindConstant = -1;
  private instructions = 0;
  private frameBase: number | undefined;
  /** Whether exceptions are led around what the function catches. */
  private isPassing = false;

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
    if (isWanted && context.hasBounds)
      this.bounds = new Bounds(context.module, this, context.effects, this.localCount);
    if (spills && isWanted) this.spills = new Spills(code, context.module, context.effects);
  }

  // For checks

  scratch(type: ValueType, number: number): number {
    let at = this.scratches.findIndex((scratch) => scratch.type === type && scratch.number === number);
    if (at < 0) at = this.scratches.push({ type, number }) - 1;
    return this.localCount + at;
  }

  trap(trap: Trap): readonly number[] {
    const { flag, tag } = this.context;
    if (flag !== undefined) return [...this.throw(trap), op.i32Const, 1, op.globalSet, ...uleb(flag)];
    if (tag !== undefined) return this.throw(trap);
    // The engine is told that nothing comes behind: what it keeps in registers it need not read again.
    return [...this.throw(trap), op.unreachable];
  }

  private throw(trap: Trap): readonly number[] {
    const { tag } = this.context;
    const told = [op.call, ...uleb(this.context.trap(trap))];
    return tag === undefined ? told : [...told, op.throw, ...uleb(tag)];
  }

  // The whole

  finish(): InstrumentedBody {
    const { code, flow } = this;
    this.pass();
    const locals = this.isWanted && flow.sites > 0 ? this.chooseLocals() : undefined;
    const chosen = locals?.chosen;
    if (chosen === undefined || this.isTooMuch(chosen.length + this.operandCount)) this.spills = undefined;
    const { spills } = this;
    const firstSpill = this.localCount + this.scratches.length;
    const operands = (spills?.list ?? []).map(({ type }, at) => ({ local: firstSpill + at, type }));
    const tees = (spills?.tees ?? []).map(({ at, edits, spill }) => {
      return { at, edits, bytes: [op.localTee, ...uleb(firstSpill + spill)] };
    });
    const edits = tees.length > 0 ? this.edits.with(tees) : this.edits;
    const front = new Edits(code.bytes);
    this.declare(front, [...this.scratches, ...operands]);
    const told = [...(chosen ?? []), ...operands];
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
        writeLocals(out, told.length > 0 ? chosen : undefined);
        writeOperands(out, spills);
      },
    };
  }

  /** Goes over the code once. */
  private pass(): void {
    const { edits, flow, cursor, bounds } = this;
    while (cursor.next()) {
      this.instructions++;
      if (bounds !== undefined) {
        const check = bounds.step(cursor);
        if (check.length > 0) this.check(check);
      }
      const { code: opcode } = cursor.opcode;
      if (opcode === op.localGet) flow.read(cursor.value);
      else BodyEditor.steps.get(opcode)?.(this);
      if (this.spills === undefined) continue;
      this.spills.step(cursor, edits.count);
      if (this.isTooMuch(this.operandCount)) this.spills = undefined;
    }
  }

  private get operandCount(): number {
    return this.spills === undefined ? 0 : this.spills.list.length;
  }

  /** Whether there is no room to record so many values. */
  private isTooMuch(values: number): boolean {
    return values * this.flow.sites > MOST_COPIES;
  }

  /** What comes around the code, if anything. */
  private around(locals: readonly RecordedLocal[] | undefined): ReturnType<typeof handler> | undefined {
    const { context, signature, flow } = this;
    const { index } = this.code.body;
    if (context.flag !== undefined && flow.sites > 0)
      return unwinding(index, locals, signature.results, context, context.flag);
    if (locals !== undefined) return handler(index, locals, signature.results, context);
    return this.isPassing ? passing(signature.results, context) : undefined;
  }

  /** The locals that are worth their copies. None where there are so many sites that even one local costs too much. */
  private chooseLocals(): { chosen: readonly RecordedLocal[] | undefined; isPartial: boolean } {
    const { flow, code } = this;
    const room = Math.floor(MOST_COPIES / flow.sites);
    if (room === 0) return { chosen: undefined, isPartial: true };
    const known = flow.aliveAtSites(this.localCount);
    if (known === undefined) return { chosen: undefined, isPartial: true };
    const alive: RecordedLocal[] = [];
    for (const local of known) {
      const type = code.localType(local);
      if (isRecordable(type)) alive.push({ local, type });
    }
    if (alive.length <= room) return { chosen: alive, isPartial: false };
    // A frame's memory tells the rest of many programs' variables.
    const parameters = code.parameters.length;
    const first = alive.filter(({ local }) => local === this.frameBase || local < parameters);
    return { chosen: first.slice(-room), isPartial: true };
  }

  /** Declares more locals behind the function's own. */
  private declare(front: Edits, locals: readonly { readonly type: ValueType }[]): void {
    const { code } = this;
    if (locals.length === 0) return;
    const runs = code.locals.length;
    const length = uleb(runs).length;
    front.replace(0, lengthOfUleb(code.bytes), uleb(runs + locals.length, length));
    const declarations = new ByteWriter();
    for (const { type } of locals) writeValueType(declarations.u8(1), type);
    front.insert(code.start, declarations.finish());
  }

  // The code, one instruction after another

  /** What is done at instructions: at most of them nothing, but what is checked before memory is accessed. */
  private static readonly steps: Pick<ByOpcode<(editor: BodyEditor) => void>, "get"> = new ByOpcode<
    (editor: BodyEditor) => void
  >([
    [op.localSet, (editor) => editor.write()],
    [op.localTee, (editor) => editor.write()],
    [op.i32Const, (editor) => editor.noteConstant()],
    [op.i64Const, (editor) => editor.noteConstant()],
    [op.refFunc, (editor) => editor.moveIndex(editor.context.reference(editor.cursor.value))],
    [op.call, (editor) => editor.call()],
    [op.callIndirect, (editor) => editor.callIndirect()],
    [op.callRef, (editor) => editor.afterCall()],
    [op.throw, ({ flow }) => flow.mayThrow()],
    [op.throwRef, ({ flow }) => flow.mayThrow()],
    [op.rethrow, ({ flow }) => flow.mayThrow()],
    [op.returnCall, (editor) => editor.returnCall()],
    [op.return, ({ flow }) => flow.stop()],
    [op.returnCallIndirect, ({ flow }) => flow.stop()],
    [op.returnCallRef, ({ flow }) => flow.stop()],
    [op.unreachable, (editor) => editor.unreachable()],
    [op.block, ({ flow }) => flow.open("block")],
    [op.loop, ({ flow }) => flow.open("loop")],
    [op.if, ({ flow }) => flow.open("if")],
    [op.try, ({ flow }) => flow.open("try")],
    [op.tryTable, (editor) => editor.tryTable()],
    [op.else, ({ flow }) => flow.divide(false)],
    [op.catch, ({ flow }) => flow.divide(true)],
    [op.catchAll, (editor) => editor.catchAll()],
    [op.end, ({ flow }) => flow.close()],
    [op.delegate, ({ flow }) => flow.close()],
    [op.br, (editor) => editor.branch()],
    [op.brTable, (editor) => editor.branchTable()],
    [op.brIf, ({ flow, cursor }) => flow.branch(cursor.value)],
    [op.brOnNull, ({ flow, cursor }) => flow.branch(cursor.value)],
    [op.brOnNonNull, ({ flow, cursor }) => flow.branch(cursor.value)],
    [op.brOnCast, ({ flow, cursor }) => flow.branch(cursor.second)],
    [op.brOnCastFail, ({ flow, cursor }) => flow.branch(cursor.second)],
    ...arithmetic.map((opcode) => [opcode, (editor: BodyEditor) => editor.compute()] as const),
  ]);

  private write(): void {
    const { value } = this.cursor;
    this.noteFrameBase(value);
    this.flow.write(value);
  }

  private noteConstant(): void {
    this.constant = this.cursor.constant;
    this.behindConstant = this.cursor.at;
  }

  private call(): void {
    this.moveIndex(this.context.functionIndex(this.cursor.value));
    this.afterCall();
  }

  private callIndirect(): void {
    const size = this.context.fixedTables.get(this.cursor.second);
    if (size !== undefined && this.isWanted) this.check(indirectCallCheck(size, this));
    this.afterCall();
  }

  private returnCall(): void {
    this.moveIndex(this.context.functionIndex(this.cursor.value));
    this.flow.stop();
  }

  private unreachable(): void {
    // No `stop`: what is alive behind it is what a programmer asks about.
    if (!this.isWanted) return;
    this.check(this.context.flag === undefined ? this.throw("unreachable") : this.trap("unreachable"));
  }

  // What the module catches: no trap, so what stands for one goes on as it came.

  private catchAll(): void {
    const { tag } = this.context;
    if (tag !== undefined) this.edits.insert(this.cursor.start, [op.catch, ...uleb(tag), op.rethrow, 0]);
    this.flow.divide(true);
  }

  private tryTable(): void {
    const { cursor, flow } = this;
    const { tag } = this.context;
    const { clauses, labels } = cursor;
    if (tag !== undefined && cursor.catchesAll) {
      this.isPassing = true;
      // Clauses are tried in turn. This one leads to the function's handler, or to `passing`.
      const first = [clause.catchRef, ...uleb(tag), ...uleb(flow.depth + 1)];
      const count = lengthOfUleb(this.code.bytes, clauses);
      this.edits.replace(clauses, count, [...uleb(labels.length + 1, count), ...first]);
    }
    flow.open("try", labels);
  }

  private branch(): void {
    this.flow.branch(this.cursor.value);
    this.flow.stop();
  }

  private branchTable(): void {
    for (const label of new Set(this.cursor.labels)) this.flow.branch(label);
    this.flow.stop();
  }

  /** A division, a remainder or a truncation. */
  private compute(): void {
    if (!this.isWanted) return;
    const { code } = this.cursor.opcode;
    if (this.behindConstant === this.cursor.start && isSafeDivisor(code, this.constant)) return;
    this.check(arithmeticCheck(code, this));
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
function writeOperands(out: ByteWriter, spills: Spills | undefined): void {
  out.uleb(spills?.sites.size ?? 0);
  let before = 0;
  for (const [offset, operands] of spills?.sites ?? []) {
    out.uleb(offset - before).uleb(operands.length);
    before = offset;
    for (const spill of operands) out.uleb(spill === undefined ? 0 : 1 + spill);
  }
}

function lengthOfUleb(bytes: Uint8Array, start = 0): number {
  let end = start;
  while (bytes[end]! >= 0x80) end++;
  return end + 1 - start;
}
