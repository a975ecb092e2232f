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
import { OperandOrigins } from "./operand-origins";
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

/** Traps that checks before an opcode may throw; undefined for opcodes that access nothing. */
export function accessTraps(opcode: number): readonly Trap[] | undefined {
  if (accesses.has(opcode) || opcode === memoryInit || opcode === memoryCopy || opcode === memoryFill)
    return ["memory"];
  const isTable = [op.tableGet, op.tableSet, op.callIndirect, tableInit, tableCopy, tableFill].includes(
    opcode,
  );
  return isTable ? ["tableIndex"] : undefined;
}

/** For each origin, and memory, the bytes from it that are known to be there. */
type Facts = ReadonlyMap<string, bigint>;

export class Bounds {
  private readonly origins: OperandOrigins;
  private facts: Map<string, bigint> = new Map();
  /** The facts in front of each open block. */
  private readonly outer: Facts[] = [];

  constructor(
    private readonly module: WasmModule,
    private readonly context: BoundsContext,
  ) {
    this.origins = new OperandOrigins(module);
  }

  /** What to put in front of the current instruction, if anything, which is followed. */
  step(cursor: CodeCursor): readonly number[] {
    const check = this.check(cursor);
    this.origins.step(cursor);
    const { structure, code } = cursor.opcode;
    if (structure === "opens") {
      this.outer.push(new Map(this.facts));
      // A loop comes back with other values in its locals.
      if (code === op.loop) this.facts = new Map();
    } else if (structure === "divides") this.facts = new Map(this.outer.at(-1));
    else if (structure === "closes") this.facts = new Map(this.outer.pop());
    return check;
  }

  private check(cursor: CodeCursor): readonly number[] {
    const { opcode, value, second } = cursor;
    const access = accesses.get(opcode.code);
    if (access !== undefined) {
      const end = cursor.offset + BigInt(access.width);
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
        return this.one([], this.table(value), 1n);
      case op.tableSet:
        return this.one([this.elements(value)], this.table(value), 1n);
      case op.callIndirect:
        return this.one([], this.table(second), 1n);
      default:
        return [];
    }
  }

  /** Whether the bytes are there for sure; if not they are from now on, since they are checked. */
  private isKnown(origin: string | undefined, memory: number, end: bigint): boolean {
    const type = this.module.memories[memory];
    if (origin === undefined || type === undefined) return false;
    if (origin.startsWith("constant "))
      return BigInt(origin.slice(9)) + end <= BigInt(type.minimum) * BigInt(type.pageSize);
    const key = `${memory} ${origin}`;
    const known = this.facts.get(key);
    if (known !== undefined && known >= end) return true;
    this.facts.set(key, end);
    return false;
  }

  // Code

  /** In front of an access of so many units from an address. */
  private one(above: readonly ValueType[], space: Space, end: bigint): readonly number[] {
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
  private refuse({ type, size, trap }: Space, end: bigint): readonly number[] {
    const { context } = this;
    if (end >= 2n ** 63n) return [op.drop, ...context.trap(trap)];
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
    const { addressType: type = "i32", pageSize = 65_536 } = this.module.memories[index] ?? {};
    const shift = BigInt(Math.log2(pageSize));
    const pages = [op.memorySize, ...uleb(index), ...(type === "i32" ? [op.i64ExtendI32U] : [])];
    return { type, trap: "memory", size: [...pages, op.i64Const, ...sleb(shift), op.i64Shl] };
  }

  private table(index: number): Space {
    const { addressType: type = "i32" } = this.module.tables[index] ?? {};
    const size = [...tableSize, ...uleb(index), ...(type === "i32" ? [op.i64ExtendI32U] : [])];
    return { type, trap: "tableIndex", size };
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
}
