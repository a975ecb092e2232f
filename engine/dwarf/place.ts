/**
 * Where a value is, once its location expression has been evaluated (DWARF 5 §2.6): in memory, in a
 * register-like place of the Wasm machine, nowhere but known (an implicit value), in pieces, or as a pointer
 * to something that has no address.
 */
import type { Address } from "../bytes/offsets";
import type { Provenance } from "./machine";
import type { Missing } from "./missing";
import type { Entry } from "./model";

/** An address of linear memory; what lies there has not been read. */
export interface MemoryPlace {
  readonly kind: "memory";
  readonly address: Address;
  readonly provenance: Provenance;
}

/** A Wasm local, operand or global that holds the value, in its low bytes when the value is narrower. */
export interface RegisterPlace {
  readonly kind: "register";
  /** For people: `local 3`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly provenance: Provenance;
}

/** The value itself (DW_OP_stack_value, DW_OP_implicit_value, DW_AT_const_value), little-endian. */
export interface ValuePlace {
  readonly kind: "value";
  readonly bytes: Uint8Array;
  readonly provenance: Provenance;
  /** Whether DW_OP_stack_value took a number that the expression spells out; undefined where it took none. */
  readonly isLiteral?: boolean;
}

/** One part of a composite. */
export interface Piece {
  /** Missing when just this part is not known. */
  readonly place: SimplePlace | Missing;
  /** Bits of `place` to skip, from its lowest. */
  readonly bitOffset: number;
  /** Size in bits. */
  readonly bitSize: number;
}

/** A value in parts (DW_OP_piece, DW_OP_bit_piece), lowest first. */
export interface CompositePlace {
  readonly kind: "composite";
  readonly pieces: readonly Piece[];
}

/** A pointer whose target was optimised away as an object, but whose value is known through `entry`. */
export interface ImplicitPointerPlace {
  readonly kind: "implicit-pointer";
  /** The variable (or artificial entry) that describes what is pointed at. */
  readonly entry: Entry;
  /** Bytes from the start of that value. */
  readonly byteOffset: number;
}

export type SimplePlace = MemoryPlace | RegisterPlace | ValuePlace | ImplicitPointerPlace;
export type Place = SimplePlace | CompositePlace;
