/**
 * The bytes of a value, wherever its place has them: memory, a Wasm local, or pieces of which some may be
 * missing. A part of a storage (a member, an element, a run of bits) is a storage as well.
 */
import { type Address, address } from "../bytes/offsets";
import type { Machine, Provenance } from "../dwarf/machine";
import { Missing, missing } from "../dwarf/missing";
import { doubtOfScalar, doubtOfZeroBits, type PieceBits } from "../dwarf/piece-doubts";
import type { Piece, Place } from "../dwarf/place";
import { fromBytes } from "../dwarf/stack-value";
import type { Type } from "./types";

/**
 * What lies at the end of an object whose type leaves that open, as Rust's `RefCell<dyn Trait>`: the pointer to the
 * object tells it.
 */
export interface Tail {
  readonly type: Type;
  /** In bytes, a power of two: the type of the whole describes the least one. */
  readonly align: number;
}

export class Storage {
  /**
   * @param skip bits of `place` in front of this storage
   * @param bits its width when it is a bit-field; otherwise its reader says how much it wants
   * @param tail what its open end holds
   */
  constructor(
    readonly place: Place | Missing,
    readonly machine: Machine,
    readonly skip = 0,
    readonly bits?: number,
    readonly tail?: Tail,
  ) {}

  /** Where it starts in memory; undefined for what is not in memory or does not start at a byte. */
  get address(): Address | undefined {
    const place = this.place;
    if (place instanceof Missing || place.kind !== "memory" || this.skip % 8 !== 0 || this.bits !== undefined)
      return undefined;
    const at = place.address + this.skip / 8;
    return this.isInside(at, 0) ? address(at) : undefined;
  }

  get provenance(): Provenance {
    const place = this.place;
    if (place instanceof Missing) return "computed";
    switch (place.kind) {
      case "composite":
        return place.pieces.some(
          ({ place: part }) => !(part instanceof Missing) && provenanceOf(part) === "recovered",
        )
          ? "recovered"
          : "recorded";
      default:
        return provenanceOf(place);
    }
  }

  /** The part that starts `bytes` further on. */
  at(bytes: number): Storage {
    return bytes === 0 ? this : new Storage(this.place, this.machine, this.skip + 8 * bytes);
  }

  /** The same place, as one whose end is not open. */
  closed(): Storage {
    return this.tail === undefined ? this : new Storage(this.place, this.machine, this.skip, this.bits);
  }

  /** The same place, with what its open end holds. */
  ending(tail: Tail): Storage {
    return new Storage(this.place, this.machine, this.skip, this.bits, tail);
  }

  /** A bit-field: `width` bits, `offset` bits from here. */
  bitField(offset: number, width: number): Storage {
    return new Storage(this.place, this.machine, this.skip + offset, width);
  }

  /** `length` bytes from here; a bit-field's are padded with zeros. */
  read(length: number): Uint8Array | Missing {
    const { place, skip } = this;
    if (place instanceof Missing) return place;
    if (this.bits !== undefined || skip % 8 !== 0 || place.kind === "composite") {
      const bits = this.readBits(this.bits ?? 8 * length);
      return bits instanceof Missing ? bits : toBytes(bits, length);
    }
    const start = skip / 8;
    switch (place.kind) {
      case "memory":
        return this.isInside(place.address + start, length)
          ? this.machine.memory(address(place.address + start), length)
          : missing("out-of-bounds", "around the end of the address space");
      case "register":
      case "value":
        return slice(place.bytes, start, length);
      case "implicit-pointer":
        return missing("optimized-out", "what it points at has no address");
    }
  }

  /** `count` bits from here as an unsigned number. */
  readBits(count: number): bigint | Missing {
    if (count > 8 * 65536) return missing("too-large");
    const { place, skip } = this;
    if (place instanceof Missing) return place;
    if (place.kind !== "composite") return this.bitsOf(place, skip, count);
    let value = 0n;
    let have = 0;
    let start = 0;
    const parts: PieceBits[] = [];
    for (const piece of place.pieces) {
      const from = Math.max(skip + have, start);
      const until = Math.min(skip + count, start + piece.bitSize);
      if (from < until) {
        const part = this.pieceBits(piece, from - start, until - from);
        if (part instanceof Missing) return part;
        value |= part << BigInt(have);
        have += until - from;
        parts.push({ piece, from: from - start, count: until - from });
      }
      start += piece.bitSize;
    }
    if (have < count) return missing("optimized-out", "the rest of its pieces");
    return this.doubt(parts, value) ?? value;
  }

  /** Why what the pieces say is not what the program stored. */
  private doubt(parts: readonly PieceBits[], value: bigint): Missing | undefined {
    if (this.bits === undefined) return doubtOfScalar(parts);
    return value === 0n && parts.length === 1 ? doubtOfZeroBits(parts[0]!) : undefined;
  }

  private pieceBits(piece: Piece, from: number, count: number): bigint | Missing {
    if (piece.place instanceof Missing) return piece.place;
    return this.bitsOf(piece.place, piece.bitOffset + from, count);
  }

  private bitsOf(
    place: Exclude<Place, { kind: "composite" }>,
    skip: number,
    count: number,
  ): bigint | Missing {
    const first = Math.floor(skip / 8);
    const bytes = new Storage(place, this.machine, 8 * first).read(Math.ceil((skip + count) / 8) - first);
    if (bytes instanceof Missing) return bytes;
    return BigInt.asUintN(count, fromBytes(bytes) >> BigInt(skip % 8));
  }

  /** Whether an address space has these bytes: no object lies around its end. */
  private isInside(at: number, length: number): boolean {
    return at >= 0 && at + length <= (this.machine.addressSize === 4 ? 2 ** 32 : Number.MAX_SAFE_INTEGER);
  }
}

function provenanceOf(place: Exclude<Place, { kind: "composite" }>): Provenance {
  return place.kind === "implicit-pointer" ? "computed" : place.provenance;
}

function slice(bytes: Uint8Array, start: number, length: number): Uint8Array | Missing {
  if (start + length <= bytes.length) return bytes.subarray(start, start + length);
  return missing("malformed", `its location has ${bytes.length} bytes, its type needs ${start + length}`);
}

function toBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, rest = value; i < length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}
