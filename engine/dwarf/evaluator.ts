/**
 * Evaluates a DWARF expression against a frame of the crashed machine (DWARF 5 §2.5 and §2.6) and gives the
 * place of a value.
 *
 * What is not known poisons only what depends on it: a stack entry can be Missing, so a composite keeps the
 * pieces that are known. An evaluation never runs longer than `STEP_LIMIT` operations.
 */
import { attempt, FormatError } from "../bytes/errors";
import { type Address, address, sectionOffset } from "../bytes/offsets";
import { ByteReader } from "../bytes/reader";
import { BINARY, CONSTANTS, UNARY } from "./arithmetic";
import { callSiteValue, type ParameterSought } from "./call-sites";
import { DW_AT, DW_OP, operationName } from "./constants";
import { isTombstone } from "./encoding";
import type { ExpressionContext } from "./expression-context";
import type { Provenance } from "./machine";
import { Missing, missing } from "./missing";
import type { Entry, Unit } from "./model";
import { Abandoned, lacking, OperandStack } from "./operand-stack";
import { operandTypeOf } from "./operand-types";
import { isKnownOperation, type Operation, readOperation, WASM_LOCATION } from "./operations";
import { Overwritten } from "./overwritten";
import type { Piece, Place, SimplePlace, ValuePlace } from "./place";
import { type Entryish, lift, lift2, typedBytes } from "./stack-entry";
import {
  addressOf,
  binary,
  bytesOf,
  convert,
  fromBytes,
  generic,
  isWider,
  literal,
  type OperandType,
  reinterpret,
  type StackValue,
  typed,
  unary,
} from "./stack-value";
import { canBeAddress, floatType, type Use, useAhead } from "./wasm-registers";

export type { ExpressionContext } from "./expression-context";

/** Operations that one evaluation, with all that it calls, may execute. */
const STEP_LIMIT = 10_000;
/** Expressions inside of expressions: calls, entry values, frame bases. */
const DEPTH_LIMIT = 16;
/** Values on the stack, and pieces of a composite. */
const STACK_LIMIT = 1_000;

/**
 * The place that an expression describes. An empty expression means that the object was optimised away.
 */
export function evaluate(expression: Uint8Array, context: ExpressionContext): Place | Missing {
  return new Evaluation(context, { steps: 0 }, 0, false).locate(expression);
}

/** What DW_OP_stack_value makes of the top of the stack. */
const numberPlace = (top: StackValue): ValuePlace => ({
  kind: "value",
  bytes: bytesOf(top),
  provenance: top.provenance,
  isLiteral: top.type.kind === "generic" && top.type.literal === true,
});

class Evaluation {
  private readonly stack = new OperandStack();
  private readonly pieces: Piece[] = [];
  /** A description that an operation gave as a whole, until the end or a piece takes it. */
  private pending: SimplePlace | Missing | undefined;
  /** What DW_OP_stack_value made `pending` of. */
  private valued: StackValue | undefined;
  /** The register that the last operation named, as long as it was the last. */
  private register: SimplePlace | undefined;
  private knownFrameBase: Entryish | undefined;
  /** What makes the description so far an address: nothing, a Wasm location alone, or an operation that gives one. */
  private basis: "constants" | "register" | "address" = "constants";
  private readonly overwritten: Overwritten;
  /** The unit that the expression being run belongs to: a called one may belong to another. */
  private unit: Unit;

  constructor(
    private readonly context: ExpressionContext,
    private readonly budget: { steps: number },
    private readonly depth: number,
    /** A frame base is evaluated: globals count only in the youngest frame. */
    private readonly forFrameBase: boolean,
  ) {
    this.unit = context.unit;
    this.overwritten = new Overwritten(context, forFrameBase);
    if (context.initialStack !== undefined) this.basis = "address";
    for (const value of context.initialStack ?? []) {
      this.stack.push(generic(value, this.addressSize, "computed"));
    }
  }

  private get addressSize(): number {
    return this.context.machine.addressSize;
  }

  locate(expression: Uint8Array): Place | Missing {
    return this.sound(() => {
      this.run(expression);
      return this.finish();
    });
  }

  /** What `work` gives, or why it was given up. */
  private sound<T>(work: () => T): T | Missing {
    try {
      const outcome = attempt(work);
      return outcome instanceof FormatError ? missing("malformed", outcome.problem) : outcome;
    } catch (error) {
      if (error instanceof Abandoned) return error.missing;
      throw error;
    }
  }

  /** DW_AT_frame_base of the subprogram; evaluated once. */
  frameBase(): Entryish {
    this.knownFrameBase ??= this.computeFrameBase();
    return this.knownFrameBase;
  }

  private computeFrameBase(): Entryish {
    const { subprogram, pc } = this.context;
    if (subprogram === undefined || this.forFrameBase) return missing("frame-base-unknown");
    const expression = subprogram.location(DW_AT.frame_base, pc);
    if (expression === undefined || expression === "not-here") return missing("frame-base-unknown");
    const place = this.nested({ ...this.context, unit: subprogram.unit, initialStack: [] }, true).locate(
      expression,
    );
    if (place instanceof Missing) return place;
    switch (place.kind) {
      case "memory":
        return generic(BigInt(place.address), this.addressSize, place.provenance);
      case "register":
      case "value":
        return generic(
          fromBytes(place.bytes.subarray(0, this.addressSize)),
          this.addressSize,
          place.provenance,
        );
      default:
        return missing("frame-base-unknown");
    }
  }

  private nested(context: ExpressionContext, forFrameBase: boolean): Evaluation {
    if (this.depth >= DEPTH_LIMIT) throw new Abandoned(missing("too-deep", "expressions call each other"));
    return new Evaluation(context, this.budget, this.depth + 1, forFrameBase);
  }

  private run(expression: Uint8Array, depth = this.depth): void {
    if (depth >= DEPTH_LIMIT) throw new Abandoned(missing("too-deep", "expressions call each other"));
    const reader = new ByteReader(expression, "DWARF expression");
    while (!reader.atEnd) {
      if (++this.budget.steps > STEP_LIMIT)
        throw new Abandoned(missing("malformed", "its location expression does not end"));
      if (this.stack.depth > STACK_LIMIT || this.pieces.length > STACK_LIMIT)
        throw new Abandoned(missing("malformed", "its location expression fills the stack"));
      const opcode = expression[reader.position]!;
      if (!isKnownOperation(opcode))
        throw new Abandoned(missing("unsupported-operation", operationName(opcode)));
      this.execute(readOperation(reader, this.unit), reader, depth);
    }
  }

  private finish(): Place | Missing {
    if (this.pieces.length > 0) return { kind: "composite", pieces: this.pieces };
    return this.take(this.context.inMemory);
  }

  /**
   * The simple description that the operations so far amount to.
   * @param inMemory whether what they describe can lie in memory alone
   */
  private take(inMemory = false): SimplePlace | Missing {
    const top = this.stack.takeAll();
    const described =
      this.pending ?? this.register ?? (top === undefined ? missing("optimized-out") : undefined);
    const { basis } = this;
    this.pending = undefined;
    this.register = undefined;
    this.basis = "constants";
    if (described !== undefined) return described;
    if (top === undefined || top instanceof Missing) return top ?? missing("optimized-out");
    const provenance: Provenance = top.provenance === "recovered" ? "recovered" : "recorded";
    // Before DWARF 4 had DW_OP_stack_value, LLVM writes values as it writes addresses.
    if (this.unit.version < 4 && !this.forFrameBase && basis !== "address" && !inMemory) {
      return basis === "constants"
        ? numberPlace(top)
        : missing("unsupported-operation", "DWARF 3 does not tell a value from its address");
    }
    const at = this.toAddress(top);
    return at instanceof Missing ? at : { kind: "memory", address: at, provenance };
  }

  /**
   * A place of the frame. The program adds the offset without wrapping around (a memarg's offset is unsigned):
   * where the sum leaves the address space, as after the shadow stack has run out, no variable lies.
   */
  private inFrame(base: StackValue, offset: bigint): Entryish {
    const sum = addressOf(base, this.addressSize) + offset;
    if (sum < 0n || sum >> BigInt(8 * this.addressSize) !== 0n)
      return missing("out-of-bounds", "stack overflow");
    return binary("plus", base, literal(offset), this.addressSize);
  }

  /** No memory of 64-bit addresses reaches past 2^53, and a number holds no such address exactly. */
  private toAddress(value: StackValue): Address | Missing {
    const at = addressOf(value, this.addressSize);
    return at > BigInt(Number.MAX_SAFE_INTEGER)
      ? missing("out-of-bounds", `0x${at.toString(16)}`)
      : address(Number(at));
  }

  private execute(operation: Operation, reader: ByteReader, depth: number): void {
    const { opcode, operands, block } = operation;
    const first = operands[0] ?? 0n;
    const register = this.register;
    this.register = undefined;
    const arithmetic = BINARY.get(opcode);
    if (arithmetic !== undefined) {
      const b = this.stack.pop();
      const a = this.stack.pop();
      this.stack.push(lift2(a, b, (x, y) => binary(arithmetic, x, y, this.addressSize)));
      return;
    }
    const sign = UNARY.get(opcode);
    if (sign !== undefined) {
      this.stack.push(lift(this.stack.pop(), (x) => unary(sign, x, this.addressSize)));
      return;
    }
    if (CONSTANTS.has(opcode)) {
      this.stack.push(literal(first));
      return;
    }
    if (opcode >= DW_OP.lit0 && opcode <= DW_OP.lit31) {
      this.stack.push(literal(BigInt(opcode - DW_OP.lit0)));
      return;
    }
    switch (opcode) {
      case DW_OP.const_type:
      case DW_OP.GNU_const_type:
        this.stack.push(this.withType(first, (type) => typedBytes(block!, type, "computed")));
        return;
      case DW_OP.addr:
        this.stack.push(this.staticAddress(first));
        return;
      case DW_OP.addrx:
      case DW_OP.GNU_addr_index:
        this.stack.push(this.indexed(first, (value) => this.staticAddress(value)));
        return;
      case DW_OP.constx:
      case DW_OP.GNU_const_index:
        this.stack.push(this.indexed(first, (value) => literal(value)));
        return;

      case DW_OP.dup:
        this.stack.push(this.stack.peek(0));
        return;
      case DW_OP.drop:
        this.stack.pop();
        return;
      case DW_OP.over:
        this.stack.push(this.stack.peek(1));
        return;
      case DW_OP.pick:
        this.stack.push(this.stack.peek(Number(first)));
        return;
      case DW_OP.swap:
        this.stack.rotate(2);
        return;
      case DW_OP.rot:
        this.stack.rotate(3);
        return;
      case DW_OP.nop:
      case DW_OP.GNU_uninit:
        this.register = register;
        return;

      case DW_OP.plus_uconst:
        // LLVM may leave the frame base out where that is __stack_pointer: nothing else can be meant.
        if (this.stack.depth === 0) {
          this.stack.push(this.frameBase());
          this.basis = "address";
        }
        this.stack.push(lift(this.stack.pop(), (x) => binary("plus", x, literal(first), this.addressSize)));
        return;
      case DW_OP.fbreg:
        this.basis = "address";
        this.stack.push(lift(this.frameBase(), (base) => this.inFrame(base, first)));
        return;

      case DW_OP.deref:
        this.dereference(this.addressSize, undefined);
        return;
      case DW_OP.deref_size:
        this.dereference(Number(first), undefined);
        return;
      case DW_OP.deref_type:
      case DW_OP.GNU_deref_type:
        this.dereference(Number(first), operands[1]!);
        return;
      case DW_OP.xderef:
        this.leaveAddressSpace();
        this.dereference(this.addressSize, undefined);
        return;
      case DW_OP.xderef_size:
        this.leaveAddressSpace();
        this.dereference(Number(first), undefined);
        return;
      case DW_OP.xderef_type:
        this.leaveAddressSpace();
        this.dereference(Number(first), operands[1]!);
        return;

      case DW_OP.convert:
      case DW_OP.GNU_convert:
        this.retype(first, convert);
        return;
      case DW_OP.reinterpret:
      case DW_OP.GNU_reinterpret:
        this.retype(first, reinterpret);
        return;

      case DW_OP.skip:
        this.jump(reader, first);
        return;
      case DW_OP.bra: {
        const condition = this.stack.pop();
        if (condition instanceof Missing) throw new Abandoned(condition);
        if (BigInt.asUintN(8 * condition.type.size, condition.bits) !== 0n) this.jump(reader, first);
        return;
      }
      case DW_OP.call2:
      case DW_OP.call4:
        this.call(this.unit.offset + Number(first), depth);
        return;
      case DW_OP.call_ref:
        this.call(Number(first), depth);
        return;

      case DW_OP.WASM_location:
      case DW_OP.WASM_location_int:
        this.wasmLocation(Number(first), Number(operands[1]), useAhead(reader, this.unit));
        return;
      case DW_OP.push_object_address: {
        this.basis = "address";
        const object = this.context.objectAddress;
        this.stack.push(
          object === undefined
            ? missing("no-location", "its containing object has no address")
            : generic(BigInt(object), this.addressSize, "computed"),
        );
        return;
      }
      case DW_OP.form_tls_address:
      case DW_OP.GNU_push_tls_address:
        if (this.context.machine.threadLocalsAreStatic === true) return;
        this.stack.pop();
        this.stack.push(missing("thread-local"));
        return;
      case DW_OP.entry_value:
      case DW_OP.GNU_entry_value:
        this.stack.push(this.entryValue({ location: block! }));
        return;
      case DW_OP.GNU_parameter_ref: {
        const parameter = this.entryAt(this.unit.offset + Number(first));
        this.stack.push(
          parameter === undefined
            ? missing("malformed", operationName(opcode))
            : this.entryValue({ entry: parameter }),
        );
        return;
      }

      case DW_OP.stack_value: {
        // LLVM writes nothing in front of it for constants of more than 64 bits: what other pieces say stands.
        const top = this.stack.depth === 0 ? lacking() : this.stack.pop();
        this.valued = top instanceof Missing ? undefined : top;
        this.pending = top instanceof Missing ? top : numberPlace(top);
        return;
      }
      case DW_OP.implicit_value:
        this.pending = { kind: "value", bytes: block!, provenance: "computed" };
        return;
      case DW_OP.implicit_pointer:
      case DW_OP.GNU_implicit_pointer: {
        const entry = this.entryAt(Number(first));
        this.pending =
          entry === undefined
            ? missing("malformed", operationName(opcode))
            : { kind: "implicit-pointer", entry, byteOffset: Number(operands[1]) };
        return;
      }
      case DW_OP.piece:
        this.register = register;
        this.piece(8 * Number(first), 0);
        return;
      case DW_OP.bit_piece:
        this.register = register;
        this.piece(Number(first), Number(operands[1]));
        return;

      default:
        // Registers of a machine that is not Wasm, a canonical frame address, another process's variables.
        this.stack.push(missing("unsupported-operation", operationName(opcode)));
    }
  }

  private piece(bitSize: number, bitOffset: number): void {
    if (!Number.isSafeInteger(bitSize) || !Number.isSafeInteger(bitOffset))
      throw new Abandoned(missing("malformed", "the size of a piece"));
    const { valued } = this;
    this.valued = undefined;
    const place = this.take();
    // Of a constant that a later store has overwritten in part, LLVM writes all for each part that is left, and so
    // does not say which of its bytes are meant.
    const isCut = valued !== undefined && isWider(valued, bitSize + bitOffset);
    this.pieces.push({
      place: isCut ? missing("malformed", `a constant wider than its piece of ${bitSize} bits`) : place,
      bitSize,
      bitOffset,
    });
  }

  private jump(reader: ByteReader, distance: bigint): void {
    reader.position += Number(distance);
  }

  private staticAddress(value: bigint): Entryish {
    this.basis = "address";
    // No linker puts a static at address 0; those that know no tombstones leave 0 for what they discarded. What is
    // added to something else, such as a thread's base, may be 0.
    const isDiscarded =
      isTombstone(Number(value), this.unit.addressSize) || (value === 0n && this.stack.depth === 0);
    return isDiscarded ? missing("discarded") : generic(value, this.addressSize, "computed");
  }

  private indexed(index: bigint, use: (value: bigint) => Entryish): Entryish {
    const value = this.unit.addressAt(Number(index));
    return value === undefined
      ? missing("malformed", `no address ${index} in .debug_addr`)
      : use(BigInt(value));
  }

  /** The address space on top of the address: Wasm has one memory that pointers point into, number 0. */
  private leaveAddressSpace(): void {
    const pointer = this.stack.pop();
    const space = this.stack.pop();
    const foreign = !(space instanceof Missing) && space.bits !== 0n;
    this.stack.push(
      space instanceof Missing
        ? space
        : foreign
          ? missing("unsupported-operation", "an address space")
          : pointer,
    );
  }

  private dereference(size: number, typeOffset: bigint | undefined): void {
    this.basis = "address";
    const pointer = this.stack.pop();
    if (size < 1 || size > 16) {
      this.stack.push(missing("malformed", `${size} bytes are dereferenced`));
      return;
    }
    this.stack.push(
      lift(pointer, (value) => {
        const at = this.toAddress(value);
        const bytes = at instanceof Missing ? at : this.context.machine.memory(at, size);
        if (bytes instanceof Missing) return bytes;
        const provenance: Provenance = value.provenance === "recovered" ? "recovered" : "recorded";
        if (typeOffset === undefined)
          return generic(fromBytes(bytes), Math.max(size, this.addressSize), provenance);
        return this.withType(typeOffset, (type) => typedBytes(bytes, type, provenance));
      }),
    );
  }

  private retype(
    typeOffset: bigint,
    change: (value: StackValue, to: OperandType | undefined, addressSize: number) => Entryish,
  ): void {
    const value = this.stack.pop();
    if (typeOffset === 0n) {
      this.stack.push(lift(value, (x) => change(x, undefined, this.addressSize)));
      return;
    }
    this.stack.push(
      lift(value, (x) => this.withType(typeOffset, (type) => change(x, type, this.addressSize))),
    );
  }

  /** The base type at an offset from the unit's start. */
  private withType(offset: bigint, use: (type: OperandType) => Entryish): Entryish {
    const type = operandTypeOf(this.entryAt(this.unit.offset + Number(offset)));
    return type === undefined ? missing("malformed", `no base type at 0x${offset.toString(16)}`) : use(type);
  }

  private entryAt(offset: number): Entry | undefined {
    const found = attempt(() => this.unit.debug.entryAt(sectionOffset(offset)));
    return found instanceof FormatError ? undefined : found;
  }

  private call(offset: number, depth: number): void {
    const entry = this.entryAt(offset);
    if (entry === undefined) throw new Abandoned(missing("malformed", "a called expression is not there"));
    const expression = entry.location(DW_AT.location, this.context.pc);
    if (expression === "not-here") throw new Abandoned(missing("not-here"));
    if (expression === undefined) return;
    const caller = this.unit;
    this.unit = (entry.holder(DW_AT.location) ?? entry).unit;
    this.run(expression, depth + 1);
    this.unit = caller;
  }

  /**
   * A Wasm location pushes what it holds. LLVM says DW_OP_stack_value after it where that is the variable's value.
   * Without, a local that can be an address is one (LLVM's TI_LOCAL_INDIRECT: an argument passed by pointer, an
   * array on the stack); what cannot be an address is a register.
   */
  private wasmLocation(kind: number, index: number, use: Use): void {
    const found = this.overwritten.register(kind, index, use);
    if (found instanceof Missing) {
      this.stack.push(found);
      return;
    }
    if (this.basis === "constants") this.basis = "register";
    const { name, register } = found;
    const { bytes, provenance } = register;
    const float = floatType(register);
    this.stack.push(
      float === undefined
        ? generic(fromBytes(bytes), bytes.length, provenance)
        : typed(fromBytes(bytes), float, provenance),
    );
    if (kind !== WASM_LOCATION.local || !canBeAddress(register, this.addressSize))
      this.register = { kind: "register", name, bytes, provenance };
  }

  private entryValue(sought: ParameterSought): Entryish {
    const { context } = this;
    const found = callSiteValue(sought, context.machine, context.subprogram, context.debug);
    if (found instanceof Missing) return found;
    const { machine, subprogram } = found;
    const evaluation = this.nested(
      { machine, unit: subprogram.unit, subprogram, pc: machine.pc, debug: context.debug },
      false,
    );
    return evaluation.value(found.expression);
  }

  /** The number that an expression leaves on the stack, where it is not meant as a location. */
  private value(expression: Uint8Array): Entryish {
    return this.sound(() => {
      this.run(expression);
      const { pending } = this;
      if (pending instanceof Missing) return pending;
      if (pending?.kind === "value")
        return generic(fromBytes(pending.bytes), pending.bytes.length, pending.provenance);
      return this.stack.takeAll() ?? missing("entry-value-unknown");
    });
  }
}
