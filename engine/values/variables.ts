/** Variables of a frame, and the registers of its Wasm machine, as values: the entry points of this room. */
import { attempt, FormatError } from "../bytes/errors";
import type { Address } from "../bytes/offsets";
import { DW_AT, DW_ATE } from "../dwarf/constants";
import { isSameEntry } from "../dwarf/entries";
import { evaluate } from "../dwarf/evaluator";
import type { Machine, Register } from "../dwarf/machine";
import { Missing, malformed, missing } from "../dwarf/missing";
import type { Entry, Unit } from "../dwarf/model";
import type { Place } from "../dwarf/place";
import { bytesOf, generic } from "../dwarf/stack-value";
import { c } from "./c";
import { changesOf } from "./changes";
import type { Value } from "./model";
import { DecodedValue } from "./present";
import type { FrameContext, TypedValue, World } from "./presentation";
import { Storage } from "./storage";
import { baseType, strip, type Type, typeOf, unknownType } from "./types";

export type { FrameContext, TypedValue } from "./presentation";

/** Variables that refer to each other (lengths, implicit pointers) are followed so far. */
const DEPTH_LIMIT = 8;

/** The value of a DW_TAG_variable, DW_TAG_formal_parameter or DW_TAG_constant in a frame. */
export function variableValue(entry: Entry, context: FrameContext): Value {
  return new FrameWorld(context).variable(entry);
}

/** A raw Wasm local, operand or global. */
export function registerValue(register: Register | Missing, typeName: string): Value {
  if (register instanceof Missing) return missingValue(register, typeName);
  const { type, bytes, provenance } = register;
  const float = type === "f32" || type === "f64";
  const encoding = float ? DW_ATE.float : type === "v128" ? DW_ATE.unsigned : DW_ATE.signed;
  const storage = new Storage({ kind: "register", name: typeName, bytes, provenance }, NO_MACHINE);
  const world = new FrameWorld({
    machine: NO_MACHINE,
    subprogram: undefined,
    pc: undefined,
    debug: undefined,
  });
  return world.value(baseType(c, typeName, encoding, bytes.length), storage);
}

/** A whole number that stands in an expression, not in the program. */
export function integerValue(value: bigint, typeName: string, encoding: number): TypedValue {
  const place = {
    kind: "value",
    bytes: bytesOf(generic(value, 8, "computed")),
    provenance: "computed",
  } as const;
  const world = new FrameWorld({
    machine: NO_MACHINE,
    subprogram: undefined,
    pc: undefined,
    debug: undefined,
  });
  return world.value(baseType(c, typeName, encoding, 8), new Storage(place, NO_MACHINE));
}

/** A value that is not known. */
export function missingValue(reason: Missing, typeName?: string): Value {
  return {
    text: () => `<unavailable: ${reason.text}>`,
    typeName,
    missing: reason,
    address: undefined,
    size: undefined,
    target: undefined,
    provenance: "computed",
    children: undefined,
  };
}

/** A value of `type` at an address of the frame's memory: what a dereference or a cast gives. */
export function valueAt(type: Type, at: Address, context: FrameContext): TypedValue {
  const place = { kind: "memory", address: at, provenance: "recorded" } as const;
  return new FrameWorld(context).value(type, new Storage(place, context.machine));
}

/** A world over one frame. */
class FrameWorld implements World {
  constructor(
    readonly frame: FrameContext,
    private readonly depth = 0,
  ) {}

  value(type: Type, storage: Storage, raw = false): TypedValue {
    return new DecodedValue(type, storage, this, raw);
  }

  place(
    expression: Uint8Array,
    unit: Unit,
    objectAddress?: Address,
    initialStack?: readonly bigint[],
  ): Place | Missing {
    const { machine, subprogram, pc, debug } = this.frame;
    return evaluate(expression, { machine, unit, subprogram, pc, debug, objectAddress, initialStack });
  }

  variable(entry: Entry): TypedValue {
    if (this.depth >= DEPTH_LIMIT) return this.value(unknownType(c, "…"), this.nowhere(missing("too-deep")));
    const deeper = new FrameWorld(this.frame, this.depth + 1);
    const type = typeOf(entry);
    const place = attempt(() => deeper.locate(entry, type));
    return deeper.value(
      type,
      place instanceof FormatError ? this.nowhere(malformed(place)) : new Storage(place, this.frame.machine),
    );
  }

  private nowhere(reason: Missing): Storage {
    return new Storage(reason, this.frame.machine);
  }

  private locate(entry: Entry, type: Type): Place | Missing {
    const doubt = this.frame.doubt?.(entry);
    if (doubt !== undefined) return doubt;
    const constant = entry.attribute(DW_AT.const_value);
    if (constant !== undefined) return constantPlace(entry, type);
    const described = entry.location(DW_AT.location, this.frame.pc);
    const inMemory = liesInMemory(type, this.frame.machine.addressSize);
    const lasting = described === "not-here" && inMemory ? this.frame.lasting?.(entry) : undefined;
    if (described === "not-here" && lasting === undefined) return missing("not-here");
    const location = described === "not-here" ? lasting : described;
    if (location === undefined) {
      const definition = this.definition(entry);
      return definition === undefined ? whyNowhere(entry) : this.locate(definition, type);
    }
    const { frame } = this;
    const holds = frame.pc === undefined ? undefined : entry.locationSpan(DW_AT.location, frame.pc);
    return evaluate(location, {
      ...frame,
      unit: entry.unit,
      holds,
      changes: () => changesOf(entry, type, frame.subprogram, frame.machine.addressSize),
      inMemory,
    });
  }

  /** Where a declared variable (a static member) is defined in its unit. */
  private definition(declaration: Entry): Entry | undefined {
    if (!declaration.flag(DW_AT.declaration) && !declaration.flag(DW_AT.external)) return undefined;
    return declaration.unit
      .globalVariables()
      .find((variable) => variable.offset !== declaration.offset && completes(variable, declaration));
  }
}

/** Whether an entry is the definition of what another one declares. */
function completes(variable: Entry, declaration: Entry): boolean {
  const declared =
    variable.own(DW_AT.specification) === undefined ? undefined : variable.reference(DW_AT.specification);
  return declared !== undefined && isSameEntry(declared, declaration);
}

function whyNowhere(entry: Entry): Missing {
  return missing(entry.flag(DW_AT.declaration) ? "no-location" : "optimized-out");
}

/** DW_AT_const_value: a number as wide as its type, the bytes of a block, or text (DWARF 5 §4.1). */
function constantPlace(entry: Entry, type: Type): Place | Missing {
  const value = entry.attribute(DW_AT.const_value);
  switch (value?.kind) {
    case "block":
    case "exprloc":
      return { kind: "value", bytes: value.bytes, provenance: "computed" };
    case "string":
      return { kind: "value", bytes: new TextEncoder().encode(`${value.value}\0`), provenance: "computed" };
    case "address":
      return {
        kind: "value",
        bytes: bytesOf(generic(BigInt(value.value), 8, "computed")),
        provenance: "computed",
      };
    case "constant": {
      const size = strip(type).size;
      if (size === undefined || size > 16) return missing("incomplete-type", type.name);
      // A form of fixed size is zero- or sign-extended as the type asks for.
      const signed = value.signed || isSignedNumber(type);
      const number = entry.constant(DW_AT.const_value, signed) ?? value.value;
      return { kind: "value", bytes: bytesOf(generic(number, size, "computed")), provenance: "computed" };
    }
    default:
      return missing("malformed", "DW_AT_const_value");
  }
}

/**
 * Whether an object that one register describes must lie in memory, at the address that is in it: an array as long as
 * the program says, and records and arrays wider than an address, which are passed by pointer.
 */
function liesInMemory(declared: Type, addressSize: number): boolean {
  const type = strip(declared);
  if (type.kind !== "array" && type.kind !== "record") return false;
  const isSizedAtRunTime =
    type.kind === "array" && type.dimensions.some(({ count }) => typeof count === "object");
  return isSizedAtRunTime || (type.size ?? 0) > addressSize;
}

function isSignedNumber(declared: Type): boolean {
  const type = strip(declared);
  if (type.kind === "enumeration") return type.signed === true;
  return type.kind === "base" && (type.encoding === DW_ATE.signed || type.encoding === DW_ATE.signed_char);
}

/** A machine of which nothing is known, for values that are whole by themselves. */
const NO_MACHINE: Machine = {
  pc: 0 as Machine["pc"],
  addressSize: 4,
  local: () => missing("local-not-recorded"),
  operand: () => missing("operand-not-recorded"),
  global: () => missing("global-not-recorded"),
  memory: () => missing("memory-not-recorded"),
  caller: () => undefined,
};
