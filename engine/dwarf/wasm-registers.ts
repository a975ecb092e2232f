/** What DW_OP_WASM_location names, and what the type of a Wasm value tells DWARF's typed operations. */
import { attempt, FormatError } from "../bytes/errors";
import type { ByteReader } from "../bytes/reader";
import { DW_ATE, DW_OP } from "./constants";
import type { Encoding } from "./encoding";
import type { Machine, Register } from "./machine";
import { Missing, missing } from "./missing";
import { readOperation, WASM_LOCATION } from "./operations";
import type { OperandType } from "./stack-value";

/** The base type of an f32 or f64; integers and vectors are generic, since Wasm gives them no sign. */
export function floatType(register: Register): OperandType | undefined {
  if (register.type !== "f32" && register.type !== "f64") return undefined;
  return { kind: "base", encoding: DW_ATE.float, size: register.bytes.length };
}

/** A register as people call it, and what it holds. */
export interface NamedRegister {
  readonly name: string;
  readonly register: Register;
}

/** Whether a local can hold the address of a variable. */
export function canBeAddress(register: Register, addressSize: number): boolean {
  return floatType(register) === undefined && register.bytes.length === addressSize;
}

/** What becomes of what a location holds: the value itself, something the value is worked out from, or an address. */
export type Use = "value" | "base" | "address";

/** Operations that are looked through ahead; who does more than that with an address works a value out. */
const FARTHEST_AHEAD = 32;

/** What the rest of an expression makes of what a location holds; the reader stays where it is. */
export function useAhead(reader: ByteReader, encoding: Encoding): Use {
  const start = reader.position;
  const ends = (): Use => {
    for (let ahead = 0; ahead < FARTHEST_AHEAD; ahead++) {
      const operation = reader.atEnd ? undefined : attempt(() => readOperation(reader, encoding));
      if (operation instanceof FormatError) return "base";
      switch (operation?.opcode) {
        case undefined:
        case DW_OP.piece:
        case DW_OP.bit_piece:
          return "address";
        case DW_OP.stack_value:
          return ahead === 0 ? "value" : "base";
      }
    }
    return "base";
  };
  const use = ends();
  reader.position = start;
  return use;
}

/**
 * The register at an index of a kind of WASM_LOCATION.
 * @param forFrameBase what it was when the frame stood where it stands: a global is the youngest frame's
 */
export function wasmRegister(
  machine: Machine,
  kind: number,
  index: number,
  forFrameBase: boolean,
): NamedRegister | Missing {
  let name: string;
  let register: Register | Missing;
  switch (kind) {
    case WASM_LOCATION.local:
      name = `local ${index}`;
      register = (forFrameBase ? machine.frameBase?.(index) : undefined) ?? machine.local(index);
      break;
    case WASM_LOCATION.operand:
      name = `operand ${index}`;
      register = machine.operand(index);
      break;
    case WASM_LOCATION.global:
    case WASM_LOCATION.relocatableGlobal:
      // __tls_base, where the linker had none to name.
      if (index === 0xffffffff) {
        if (machine.threadLocalsAreStatic !== true) return missing("thread-local");
        name = "__tls_base";
        register = { type: "i32", bytes: new Uint8Array(4), provenance: "computed" };
        break;
      }
      name = `global ${index}`;
      register =
        forFrameBase && machine.youngest !== true
          ? (machine.stackPointer?.(index) ??
            missing("frame-base-unknown", "__stack_pointer has moved on since"))
          : machine.global(index);
      break;
    default:
      return missing("unsupported-operation", `DW_OP_WASM_location of kind ${kind}`);
  }
  return register instanceof Missing ? register : { name, register };
}
