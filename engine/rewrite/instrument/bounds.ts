/**
 * Checks in front of what accesses memories and tables, against their sizes as they are at that moment.
 *
 * An address that was checked on every way here is not checked again: memories only grow. What was checked is known by
 * its origin (operand-origins.ts), from the check up to the end of the block that has it.
 */
import type { WasmModule } from "../../wasm/module";
import type { ValueType } from "../../wasm/types";
import { accesses } from "./accesses";
import { when } from "./checks";
import { op, prefixed } from "./code";
import type { CodeCursor } from "./cursor";
import { sleb, uleb } from "./edits";
import type { Effects } from "./effects";
import { Facts } from "./facts";
import { constantOf, OperandOrigins, type Origin } from "./operand-origins";
import type { Trap } from "./traps";

/** What a check needs of its function. */
export interface BoundsContext {
  /** A local for a while, one for each number. */
  scratch(type: ValueType, number: number): number;
  /** Code that throws. */
  trap(trap: Trap): readonly number[];
}

const memoryInit = prefixed(0xfc, 8);
const memoryCopy = prefixed(0xfc, 10);
const memoryFill = prefixed(0xfc, 11);
const tableInit = prefixed(0xfc, 12);
const tableCopy = prefixed(0xfc, 14);
const tableSize = [0xfc, 16];
const tableFill = prefixed(0xfc, 17);

const NOTHING: readonly ValueType[] = [];

/** Traps that checks before an opcode may throw; undefined for opcodes that access nothing. */
export function accessTraps(opcode: number): readonly Trap[] | undefined {
  if (accesses.has(opcode) || opcode === memoryInit || opcode === memoryCopy || opcode === memoryFill)
    return ["memory"];
  const isTable = [op.tableGet, op.tableSet, op.callIndirect, tableInit, tableCopy, tableFill].includes(
    opcode,
  );
  return isTable ? ["tableIndex"] : undefined;
}

export class Bounds {
  private readonly origins: OperandOrigins;
  private readonly facts = new Facts();
  /** Code that gives the size of each memory, and of each table, once it was asked for. */
  private readonly memories: Space[] = [];
  private readonly tables: Space[] = [];

  constructor(
    private readonly module: WasmModule,
    private readonly context: BoundsContext,
    effects: Effects,
    locals: number,
  ) {
    this.origins = new OperandOrigins(effects, locals);
  }

  /** What to put in front of the current instruction, if anything, which is followed. */
  step(cursor: CodeCursor): readonly number[] {
    const check = this.check(cursor);
    this.origins.step(cursor);
    const { structure, code } = cursor.opcode;
    // A loop comes back with other values in its locals.
    if (structure === "opens") this.facts.open(code !== op.loop);
    else if (structure === "divides") this.facts.divide();
    else if (structure === "closes") this.facts.close();
    return check;
  }

  private check(cursor: CodeCursor): readonly number[] {
    const { opcode, value, second } = cursor;
    const access = accesses.get(opcode.code);
    if (access !== undefined) {
      const end = cursor.offset + access.width;
      const origin = this.origins.at(access.above.length);
      return this.isKnown(origin, cursor.memory, end)
        ? []
        : this.one(access.above, this.memory(cursor.memory), end);
    }
    switch (opcode.code) {
      case memoryFill:
        return this.range(["address", "i32", "length"], [this.memory(value)]);
      case memoryInit:
        return this.range(["address", "i32", "i32 length"], [this.memory(second)]);
      case memoryCopy:
        return this.range(["address", "source", "length"], [this.memory(value), this.memory(second)]);
      case tableFill:
        return this.range(["address", this.elements(value), "length"], [this.table(value)]);
      case tableInit:
        return this.range(["address", "i32", "i32 length"], [this.table(second)]);
      case tableCopy:
        return this.range(["address", "source", "length"], [this.table(value), this.table(second)]);
      case op.tableGet:
        return this.one(NOTHING, this.table(value), 1);
      case op.tableSet:
        return this.one([this.elements(value)], this.table(value), 1);
      case op.callIndirect:
        return this.one(NOTHING, this.table(second), 1);
      default:
        return [];
    }
  }

  /** Whether the bytes are there for sure; if not they are from now on, since they are checked. */
  private isKnown(origin: Origin, memory: number, end: number): boolean {
    const type = this.module.memories[memory];
    if (origin === undefined || type === undefined) return false;
    const constant = constantOf(origin);
    if (constant !== undefined) return constant + end <= type.minimum * type.pageSize;
    return this.facts.has(origin * this.module.memories.length + memory, end);
  }

  // Code

  /** In front of an access of so many units from an address. */
  private one(above: readonly ValueType[], space: Space, end: number): readonly number[] {
    let known = space.checks.get(above);
    if (known === undefined) space.checks.set(above, (known = new Map()));
    let check = known.get(end);
    if (check === undefined) known.set(end, (check = this.newOne(above, space, end)));
    return check;
  }

  private newOne(above: readonly ValueType[], space: Space, end: number): readonly number[] {
    const values = above.map((type, at) => uleb(this.context.scratch(type, at)));
    const address = uleb(this.context.scratch(space.type, 3));
    return [
      ...values.toReversed().flatMap((value) => [op.localSet, ...value]),
      ...[op.localTee, ...address, op.localGet, ...address],
      ...this.refuse(space, end),
      ...values.flatMap((value) => [op.localGet, ...value]),
    ];
  }

  /** In front of an access of a range, whose three operands are these. */
  private range(
    operands: readonly [string, ValueType | "source", string],
    spaces: readonly Space[],
  ): readonly number[] {
    const [target, source] = spaces as [Space, Space | undefined];
    const isWide = target.type === "i64" && (source === undefined || source.type === "i64");
    const lengthType = operands[2] === "length" && isWide ? "i64" : "i32";
    const middleType = operands[1] === "source" ? source!.type : operands[1];
    const length = uleb(this.context.scratch(lengthType, 0));
    const middle = uleb(this.context.scratch(middleType, 1));
    const address = uleb(this.context.scratch(target.type, 3));
    return [
      ...[op.localSet, ...length, op.localSet, ...middle, op.localTee, ...address],
      ...this.refuseRange(target, address, length, lengthType),
      ...(source === undefined ? [] : this.refuseRange(source, middle, length, lengthType)),
      ...[op.localGet, ...middle, op.localGet, ...length],
    ];
  }

  /** Throws unless so many units from the address on the stack, which is taken, lie inside. */
  private refuse({ type, size, trap }: Space, end: number): readonly number[] {
    const { context } = this;
    // No memory is so large.
    if (end > Number.MAX_SAFE_INTEGER) return [op.drop, ...context.trap(trap)];
    const bytes = [op.i64Const, ...sleb(end)];
    if (type === "i32")
      return when([op.i64ExtendI32U, ...bytes, op.i64Add, ...size, op.i64GtU], context.trap(trap));
    // Without an overflow: no memory of so many addresses is there, and no sum is built.
    return [
      ...when([...size, ...bytes, op.i64LtU], context.trap(trap)),
      ...when([...size, ...bytes, op.i64Sub, op.i64GtU], context.trap(trap)),
    ];
  }

  /** Throws unless a range lies inside. */
  private refuseRange(
    { type, size, trap }: Space,
    address: readonly number[],
    length: readonly number[],
    lengthType: "i32" | "i64",
  ): readonly number[] {
    const wide = (local: readonly number[], of: "i32" | "i64") => [
      ...[op.localGet, ...local],
      ...(of === "i32" ? [op.i64ExtendI32U] : []),
    ];
    const code = this.context.trap(trap);
    if (type === "i32")
      return when([...wide(address, type), ...wide(length, lengthType), op.i64Add, ...size, op.i64GtU], code);
    return [
      ...when([...wide(length, lengthType), ...size, op.i64GtU], code),
      ...when([...wide(address, type), ...size, ...wide(length, lengthType), op.i64Sub, op.i64GtU], code),
    ];
  }

  private memory(index: number): Space {
    return (this.memories[index] ??= this.newMemory(index));
  }

  private newMemory(index: number): Space {
    const { addressType: type = "i32", pageSize = 65_536 } = this.module.memories[index] ?? {};
    const shift = Math.log2(pageSize);
    const pages = [op.memorySize, ...uleb(index), ...(type === "i32" ? [op.i64ExtendI32U] : [])];
    return {
      type,
      trap: "memory",
      size: [...pages, op.i64Const, ...sleb(shift), op.i64Shl],
      checks: new Map(),
    };
  }

  private table(index: number): Space {
    return (this.tables[index] ??= this.newTable(index));
  }

  private newTable(index: number): Space {
    const { addressType: type = "i32" } = this.module.tables[index] ?? {};
    const size = [...tableSize, ...uleb(index), ...(type === "i32" ? [op.i64ExtendI32U] : [])];
    return { type, trap: "tableIndex", size, checks: new Map() };
  }

  private elements(table: number): ValueType {
    return this.module.tables[table]?.elements ?? "funcref";
  }
}

/** A memory or a table. */
interface Space {
  /** Of its addresses. */
  readonly type: "i32" | "i64";
  readonly trap: Trap;
  /** Code that gives its size as an i64, in bytes or elements. */
  readonly size: readonly number[];
  /** Checks of single accesses that were made, by the operands above the address and the units from it. */
  readonly checks: Map<readonly ValueType[], Map<number, readonly number[]>>;
}
