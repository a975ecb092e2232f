/**
 * DWARF expressions as a list of operations (DWARF 5 §7.7.1): which operands follow each opcode, and how
 * they are encoded. What operations mean is evaluator.ts's business.
 */
import { ByteReader } from "../bytes/reader";
import { DW_OP, operationName } from "./constants";
import type { Encoding } from "./encoding";

/** How an operand is encoded. */
type OperandForm =
  | "u8"
  | "i8"
  | "u16"
  | "i16"
  | "u32"
  | "i32"
  | "u64"
  | "i64"
  | "uleb"
  | "sleb"
  | "address"
  /** An offset into .debug_info: as wide as the format's offsets, as an address in DWARF 2. */
  | "entry"
  /** A length (ULEB128), then that many bytes. */
  | "block"
  /** A length (one byte), then that many bytes. */
  | "short-block"
  /** The index of a Wasm local, global or operand: a ULEB128, for kind 3 (relocatable global) a u32. */
  | "wasm-index";

/** One operation with its operands decoded. */
export interface Operation {
  /** A DW_OP. */
  readonly opcode: number;
  /** Offset of the opcode in the expression. */
  readonly offset: number;
  /** Numbers by their order in the encoding. */
  readonly operands: readonly bigint[];
  /** The operand that is bytes, for operations that have one. */
  readonly block: Uint8Array | undefined;
}

const FORMS = new Map<number, readonly OperandForm[]>();

function declare(forms: readonly OperandForm[], ...opcodes: readonly number[]): void {
  for (const opcode of opcodes) FORMS.set(opcode, forms);
}

function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

declare(["address"], DW_OP.addr);
declare(["u8"], DW_OP.const1u, DW_OP.pick, DW_OP.deref_size, DW_OP.xderef_size);
declare(["i8"], DW_OP.const1s);
declare(["u16"], DW_OP.const2u, DW_OP.call2);
declare(["i16"], DW_OP.const2s, DW_OP.bra, DW_OP.skip);
declare(["u32"], DW_OP.const4u, DW_OP.call4, DW_OP.GNU_parameter_ref);
declare(["i32"], DW_OP.const4s);
declare(["u64"], DW_OP.const8u);
declare(["i64"], DW_OP.const8s);
declare(["uleb"], DW_OP.constu, DW_OP.plus_uconst, DW_OP.regx, DW_OP.piece);
declare(["uleb"], DW_OP.addrx, DW_OP.constx, DW_OP.GNU_addr_index, DW_OP.GNU_const_index);
declare(["uleb"], DW_OP.convert, DW_OP.reinterpret, DW_OP.GNU_convert, DW_OP.GNU_reinterpret);
declare(["sleb"], DW_OP.consts, DW_OP.fbreg, ...span(DW_OP.breg0, DW_OP.breg31));
declare(["uleb", "sleb"], DW_OP.bregx);
declare(["uleb", "uleb"], DW_OP.bit_piece, DW_OP.regval_type, DW_OP.GNU_regval_type);
declare(["u8", "uleb"], DW_OP.deref_type, DW_OP.xderef_type, DW_OP.GNU_deref_type);
declare(["uleb", "short-block"], DW_OP.const_type, DW_OP.GNU_const_type);
declare(["block"], DW_OP.implicit_value, DW_OP.entry_value, DW_OP.GNU_entry_value);
declare(["entry", "sleb"], DW_OP.implicit_pointer, DW_OP.GNU_implicit_pointer);
declare(["entry"], DW_OP.call_ref, DW_OP.GNU_variable_value);
declare(["uleb", "wasm-index"], DW_OP.WASM_location);
declare(["uleb", "u32"], DW_OP.WASM_location_int);
declare(
  [],
  ...[DW_OP.deref, DW_OP.dup, DW_OP.drop, DW_OP.over, DW_OP.swap, DW_OP.rot, DW_OP.xderef, DW_OP.abs],
  ...[DW_OP.and, DW_OP.div, DW_OP.minus, DW_OP.mod, DW_OP.mul, DW_OP.neg, DW_OP.not, DW_OP.or, DW_OP.plus],
  ...[DW_OP.shl, DW_OP.shr, DW_OP.shra, DW_OP.xor],
  ...[DW_OP.eq, DW_OP.ge, DW_OP.gt, DW_OP.le, DW_OP.lt, DW_OP.ne],
  ...span(DW_OP.lit0, DW_OP.lit31),
  ...span(DW_OP.reg0, DW_OP.reg31),
  ...[DW_OP.nop, DW_OP.push_object_address, DW_OP.form_tls_address, DW_OP.call_frame_cfa],
  ...[DW_OP.stack_value, DW_OP.GNU_push_tls_address, DW_OP.GNU_uninit],
);

/** The kinds of DW_OP_WASM_location (tool-conventions, Debugging.md). */
export const WASM_LOCATION = { local: 0, global: 1, operand: 2, relocatableGlobal: 3 } as const;

/** Whether the operands of an opcode are known, i.e. whether reading can go on after it. */
export function isKnownOperation(opcode: number): boolean {
  return FORMS.has(opcode);
}

/**
 * Reads the operation at the reader's position.
 * @throws FormatError when operands are cut off or the opcode is not one that we know the operands of
 */
export function readOperation(reader: ByteReader, encoding: Encoding): Operation {
  const offset = reader.position;
  const opcode = reader.u8();
  const forms = FORMS.get(opcode);
  if (forms === undefined) reader.fail(`${operationName(opcode)} is not known`, undefined, offset);
  const operands: bigint[] = [];
  let block: Uint8Array | undefined;
  for (const form of forms) {
    if (form === "block") block = reader.take(reader.uleb());
    else if (form === "short-block") block = reader.take(reader.u8());
    else operands.push(readOperand(reader, form, encoding, operands));
  }
  return { opcode, offset, operands, block };
}

function readOperand(
  reader: ByteReader,
  form: Exclude<OperandForm, "block" | "short-block">,
  encoding: Encoding,
  before: readonly bigint[],
): bigint {
  switch (form) {
    case "u8":
      return BigInt(reader.u8());
    case "i8":
      return BigInt(reader.i8());
    case "u16":
      return BigInt(reader.u16());
    case "i16":
      return BigInt(reader.i16());
    case "u32":
      return BigInt(reader.u32());
    case "i32":
      return BigInt(reader.i32());
    case "u64":
      return reader.u64();
    case "i64":
      return reader.i64();
    case "uleb":
      return reader.ulebBig();
    case "sleb":
      return reader.slebBig();
    case "address":
      return readWide(reader, encoding.addressSize);
    case "entry":
      return readWide(reader, encoding.version < 3 ? encoding.addressSize : encoding.offsetSize);
    case "wasm-index":
      return before[0] === BigInt(WASM_LOCATION.relocatableGlobal) ? BigInt(reader.u32()) : reader.ulebBig();
  }
}

function readWide(reader: ByteReader, size: number): bigint {
  return size === 8 ? reader.u64() : BigInt(reader.unsigned(size));
}

/**
 * All operations of an expression, for listings and for looking at its shape.
 * @throws FormatError at the first one that is malformed or unknown
 */
export function readOperations(expression: Uint8Array, encoding: Encoding): Operation[] {
  const reader = new ByteReader(expression, "DWARF expression");
  const operations: Operation[] = [];
  while (!reader.atEnd) operations.push(readOperation(reader, encoding));
  return operations;
}
