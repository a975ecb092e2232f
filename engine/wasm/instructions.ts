/**
 * Walks a function's body: its declarations of locals, then one instruction after another
 * (binary format, "Instructions" and "Code Section").
 *
 * Positions are body offsets, the space that core dumps use. Every step consumes at least one byte, so
 * malformed bytes end in a FormatError, never in a loop.
 */
import { type BodyOffset, bodyOffset } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import { type ImmediateKind, type IndexKind, isPrefix, type Opcode, opcodes } from "./opcodes";
import {
  type BlockType,
  readBlockType,
  readCount,
  readHeapType,
  readValueType,
  readValueTypes,
  type ValueType,
} from "./types";

/** One clause of try_table, or of resume (whose `label` is undefined for `switch`). */
export interface Handler {
  readonly keyword: "catch" | "catch_ref" | "catch_all" | "catch_all_ref" | "on";
  readonly tag: number | undefined;
  readonly label: number | undefined;
}

export type Immediate =
  | { readonly kind: IndexKind; readonly value: number }
  | { readonly kind: "block"; readonly type: BlockType }
  | { readonly kind: "labels"; readonly labels: readonly number[]; readonly otherwise: number }
  | { readonly kind: "i32"; readonly value: number }
  | { readonly kind: "i64"; readonly value: bigint }
  | { readonly kind: "f32"; readonly value: number; readonly bits: number }
  | { readonly kind: "f64"; readonly value: number; readonly bits: bigint }
  | { readonly kind: "v128" | "lanes"; readonly bytes: Uint8Array }
  /** `align` is the exponent of 2 as encoded; `memory` the memory's index. */
  | { readonly kind: "memarg"; readonly align: number; readonly offset: bigint; readonly memory: number }
  | { readonly kind: "types"; readonly types: readonly ValueType[] }
  | { readonly kind: "bare heap" | "heap" | "null heap"; readonly type: string }
  | { readonly kind: "catches" | "handlers"; readonly clauses: readonly Handler[] };

export interface Instruction {
  readonly offset: BodyOffset;
  /** Bytes, immediates included. */
  readonly length: number;
  readonly opcode: Opcode;
  readonly mnemonic: string;
  readonly immediates: readonly Immediate[];
  /** Blocks around it; `else`, `catch` and `end` count as their block does. The body's own `end` is at 0. */
  readonly depth: number;
}

/** A run of locals of one type, as the body declares them. */
export interface LocalRun {
  readonly count: number;
  readonly type: ValueType;
}

/** Reads the declarations at the start of a body: runs, since a count may be in the billions. */
export function readLocals(reader: ByteReader): LocalRun[] {
  const runs: LocalRun[] = [];
  for (let left = readCount(reader, "declarations of locals"); left > 0; left--) {
    const count = reader.uleb();
    const position = reader.position;
    const type = readValueType(reader);
    if (count > 0xffff_ffff) reader.fail(`${count} locals are too many`, undefined, position);
    runs.push({ count, type });
  }
  return runs;
}

/**
 * The instructions from the reader's position to its end.
 * @param reader over a body, in body offsets, standing behind the declarations of locals
 * @throws FormatError at malformed bytes or an unknown opcode; the instructions before it were given
 */
export function* readInstructions(reader: ByteReader): Generator<Instruction, void> {
  for (let depth = 0; !reader.atEnd; ) {
    const start = reader.position;
    const opcode = readOpcode(reader);
    yield readInstruction(reader, start, opcode, depth);
    depth = depthAfter(opcode, depth);
  }
}

/**
 * The instruction that starts exactly at `offset`; undefined when none does. Those before it are stepped over.
 *
 * @param reader as for `readInstructions`
 * @throws FormatError when the body is malformed before `offset`, or at it
 */
export function findInstruction(reader: ByteReader, offset: BodyOffset): Instruction | undefined {
  for (let depth = 0; !reader.atEnd; ) {
    const start = reader.position;
    if (start > offset) return undefined;
    const opcode = readOpcode(reader);
    if (start === offset) return readInstruction(reader, start, opcode, depth);
    for (const kind of opcode.immediates) skipImmediate(kind, reader);
    depth = depthAfter(opcode, depth);
  }
  return undefined;
}

/** @param depth blocks that are open before it */
function readInstruction(reader: ByteReader, start: number, opcode: Opcode, depth: number): Instruction {
  const immediates = opcode.immediates.map((kind) => readImmediate(kind, reader));
  return {
    offset: bodyOffset(start),
    length: reader.position - start,
    opcode,
    mnemonic: opcode.mnemonic,
    immediates,
    depth: opcode.structure === "plain" || opcode.structure === "opens" ? depth : Math.max(0, depth - 1),
  };
}

function depthAfter({ structure }: Opcode, depth: number): number {
  if (structure === "opens") return depth + 1;
  return structure === "closes" ? Math.max(0, depth - 1) : depth;
}

function readOpcode(reader: ByteReader): Opcode {
  const start = reader.position;
  const first = reader.u8();
  let code = first;
  if (isPrefix(first)) {
    const number = reader.uleb();
    code = number > 0xffff ? -1 : (first << 16) | number;
  }
  const known = opcodes.get(code);
  if (known !== undefined) return known;
  reader.position = start;
  return reader.fail(
    `Unknown instruction 0x${first.toString(16)}`,
    "The module may use a newer WebAssembly proposal, or the offset may not be an instruction's.",
  );
}

function readImmediate(kind: ImmediateKind, reader: ByteReader): Immediate {
  switch (kind) {
    case "block":
      return { kind, type: readBlockType(reader) };
    case "labels": {
      const labels: number[] = [];
      for (let left = readCount(reader, "labels"); left > 0; left--) labels.push(reader.uleb());
      return { kind, labels, otherwise: reader.uleb() };
    }
    case "i32":
      return { kind, value: Number(BigInt.asIntN(32, reader.slebBig())) };
    case "i64":
      return { kind, value: BigInt.asIntN(64, reader.slebBig()) };
    case "f32": {
      const bits = reader.u32();
      reader.position -= 4;
      return { kind, value: reader.f32(), bits };
    }
    case "f64": {
      const bits = reader.u64();
      reader.position -= 8;
      return { kind, value: reader.f64(), bits };
    }
    case "v128":
    case "lanes":
      return { kind, bytes: reader.take(16) };
    case "memarg": {
      const flags = reader.uleb();
      const memory = flags & 0x40 ? reader.uleb() : 0;
      return { kind, align: flags & 0x3f, offset: reader.ulebBig(), memory };
    }
    case "types":
      return { kind, types: readValueTypes(reader) };
    case "bare heap":
    case "heap":
    case "null heap":
      return { kind, type: readHeapType(reader) };
    case "catches":
      return { kind, clauses: readClauses(reader, readCatch) };
    case "handlers":
      return { kind, clauses: readClauses(reader, readHandler) };
    case "lane":
    case "nullability":
    case "ordering":
      return { kind, value: reader.u8() };
    default:
      return { kind, value: reader.uleb() };
  }
}

/** Moves past an immediate without making anything of it, where that is cheaper than to read it. */
function skipImmediate(kind: ImmediateKind, reader: ByteReader): void {
  switch (kind) {
    case "i32":
    case "i64":
      reader.skipLeb();
      return;
    case "f32":
      reader.skip(4);
      return;
    case "f64":
      reader.skip(8);
      return;
    case "memarg":
      if (reader.uleb() & 0x40) reader.uleb();
      reader.skipLeb();
      return;
    case "label":
    case "function":
    case "local":
    case "global":
      reader.uleb();
      return;
    default:
      readImmediate(kind, reader);
  }
}

function readClauses(reader: ByteReader, read: (reader: ByteReader) => Handler): Handler[] {
  const clauses: Handler[] = [];
  for (let left = readCount(reader, "clauses"); left > 0; left--) clauses.push(read(reader));
  return clauses;
}

const catchKeywords = ["catch", "catch_ref", "catch_all", "catch_all_ref"] as const;

function readCatch(reader: ByteReader): Handler {
  const kind = reader.u8();
  const keyword = catchKeywords[kind];
  if (keyword === undefined)
    return reader.fail(`Unknown catch clause ${kind}`, undefined, reader.position - 1);
  const tag = kind < 2 ? reader.uleb() : undefined;
  return { keyword, tag, label: reader.uleb() };
}

function readHandler(reader: ByteReader): Handler {
  const kind = reader.u8();
  if (kind > 1) return reader.fail(`Unknown handler clause ${kind}`, undefined, reader.position - 1);
  const tag = reader.uleb();
  return { keyword: "on", tag, label: kind === 0 ? reader.uleb() : undefined };
}
