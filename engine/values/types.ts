/**
 * Types as values are decoded with them. A type is made from a DWARF entry, or put together (the pointer that
 * `&x` gives, a Wasm local's i32), and everything in it is worked out when it is asked for.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import { attributeName, DW_AT, DW_ATE, DW_LANG, DW_ORD, DW_TAG, tagName } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { declarator } from "./c";
import type { Flavour, PointerForm } from "./flavour";
import { flavourOf } from "./flavours";
import { definitionHere, definitionOf } from "./incomplete";

interface Common {
  readonly flavour: Flavour;
  /** As its language's programmer writes it. */
  readonly name: string;
  /** Bytes; undefined when the type does not say. */
  readonly size: number | undefined;
  /** The entry it was made from; undefined for a type that was put together. */
  readonly entry: Entry | undefined;
}

export interface BaseType extends Common {
  readonly kind: "base";
  /** A DW_ATE. */
  readonly encoding: number;
  /** Bits of its value, the lowest of its bytes (DW_AT_bit_size); undefined where all of them count. */
  readonly bits?: number | undefined;
}

export interface PointerType extends Common {
  readonly kind: "pointer";
  readonly form: PointerForm;
  readonly target: Type;
}

/**
 * The number of elements: known, or `plus` and what an entry or expression of the frame gives (a VLA), or open, or
 * told in a way that is not understood.
 */
export type Count =
  | number
  | { readonly entry: Entry; readonly plus: number }
  | { readonly expression: Uint8Array; readonly plus: number }
  | { readonly unknown: string }
  | undefined;

export interface Dimension {
  readonly lower: number;
  readonly count: Count;
}

export interface ArrayType extends Common {
  readonly kind: "array";
  readonly element: Type;
  /** Outermost first; at least one. */
  readonly dimensions: readonly Dimension[];
  /**
   * Bytes from one innermost element to the next, where it is not the element's size: a fraction, where elements
   * take bits.
   */
  readonly stride: number | undefined;
}

export interface RecordType extends Common {
  readonly kind: "record";
  readonly form: "struct" | "class" | "union";
  /** Its members; undefined when only a declaration was found. To find it can cost a look at the whole program. */
  readonly definition: Entry | undefined;
  /** Whether its own unit only declares it, so that its definition is to be looked for in others. */
  readonly isDefinedElsewhere: boolean;
}

export interface EnumerationType extends Common {
  readonly kind: "enumeration";
  readonly entry: Entry;
  /** Whether values are signed; undefined when the type does not say. */
  readonly signed: boolean | undefined;
  /** As of a base type. */
  readonly bits?: number | undefined;
}

export interface FunctionType extends Common {
  readonly kind: "function";
}

/** A typedef, or a qualifier such as const. */
export interface AliasType extends Common {
  readonly kind: "alias";
  readonly target: Type;
}

/** `void`, or a type that the language leaves open (DW_TAG_unspecified_type). */
export interface VoidType extends Common {
  readonly kind: "void";
}

/** A pointer to member of C++. */
export interface MemberPointerType extends Common {
  readonly kind: "member-pointer";
  /** What the member is. */
  readonly target: Type;
  /** The class that it is a member of. */
  readonly owner: Entry | undefined;
  readonly toFunction: boolean;
}

/** A type whose entry is of a kind that has no values that we know. */
export interface UnknownType extends Common {
  readonly kind: "unknown";
}

export type Type =
  | BaseType
  | PointerType
  | ArrayType
  | RecordType
  | EnumerationType
  | FunctionType
  | AliasType
  | VoidType
  | MemberPointerType
  | UnknownType;

/** Names and sizes are followed through so many types before a malformed circle is cut. */
const DEPTH_LIMIT = 32;

/** C's `_BitInt(N)` as clang described it before it gave N: bytes of which some bits are no part of the value. */
const WITHOUT_WIDTH = /^(unsigned )?_BitInt$/;

const QUALIFIERS = new Map<number, string>([
  [DW_TAG.const_type, "const"],
  [DW_TAG.volatile_type, "volatile"],
  [DW_TAG.restrict_type, "restrict"],
  [DW_TAG.atomic_type, "_Atomic"],
  [DW_TAG.immutable_type, "immutable"],
  [DW_TAG.shared_type, "shared"],
  [DW_TAG.packed_type, "packed"],
]);

const POINTERS = new Map<number, PointerForm>([
  [DW_TAG.pointer_type, "pointer"],
  [DW_TAG.reference_type, "reference"],
  [DW_TAG.rvalue_reference_type, "rvalue-reference"],
]);

const RECORDS = new Map<number, RecordType["form"]>([
  [DW_TAG.structure_type, "struct"],
  [DW_TAG.class_type, "class"],
  [DW_TAG.interface_type, "class"],
  [DW_TAG.union_type, "union"],
]);

/** The type that an entry's DW_AT_type refers to; void when it has none. */
export function typeOf(entry: Entry, depth = 0): Type {
  const referred = attempt(() => entry.reference(DW_AT.type));
  if (referred instanceof FormatError) return unknownType(flavourOf(entry.unit.language), "<malformed type>");
  return referred === undefined ? voidType(flavourOf(entry.unit.language)) : typeFrom(referred, depth);
}

/** The type that an entry describes. */
export function typeFrom(entry: Entry, depth = 0): Type {
  const flavour = flavourOf(entry.unit.language);
  if (depth > DEPTH_LIMIT) return unknownType(flavour, "…");
  const tag = entry.tag;
  const pointer = POINTERS.get(tag);
  if (pointer !== undefined) {
    const size = entry.unsigned(DW_AT.byte_size) ?? entry.unit.addressSize;
    return pointerType(
      flavour,
      flavour.pointerForm(entry.name, pointer),
      () => typeOf(entry, depth + 1),
      size,
      entry,
    );
  }
  const form = RECORDS.get(tag);
  if (form !== undefined) return new DwarfRecord(entry, flavour, form);
  const qualifier = QUALIFIERS.get(tag);
  if (qualifier !== undefined || tag === DW_TAG.typedef || tag === DW_TAG.template_alias) {
    return new Alias(entry, flavour, qualifier, depth);
  }
  const name = ownName(entry, flavour);
  const size = entry.unsigned(DW_AT.byte_size);
  switch (tag) {
    case DW_TAG.base_type: {
      const bits = entry.unsigned(DW_AT.bit_size);
      const encoding = entry.unsigned(DW_AT.encoding) ?? 0;
      if (bits === undefined && name !== undefined && WITHOUT_WIDTH.test(name))
        return { kind: "unknown", flavour, name, size, entry };
      const width = bits ?? (name === undefined ? undefined : flavour.bitsOf(name));
      // Zig rounds the bytes of an odd width down where it is a vector's, and leaves out those that f80 is padded with.
      const least = width === undefined ? undefined : name === "f80" ? 16 : Math.ceil(width / 8);
      return {
        kind: "base",
        flavour,
        name: complexName(name, size, encoding) ?? name ?? "<base type>",
        size: size === undefined ? least : Math.max(size, least ?? 0),
        encoding,
        bits: width,
        entry,
      };
    }
    case DW_TAG.array_type:
      return new DwarfArray(entry, flavour, depth);
    case DW_TAG.subrange_type:
      return new Alias(entry, flavour, undefined, depth);
    case DW_TAG.enumeration_type: {
      const complete = definitionOf(entry);
      const underlying = typeOf(complete ?? entry, depth + 1);
      return {
        kind: "enumeration",
        flavour,
        name: name ?? "<anonymous enum>",
        size: complete?.unsigned(DW_AT.byte_size) ?? sizeOf(underlying),
        entry: complete ?? entry,
        signed: signOf(underlying),
        bits: bitsOf(underlying),
      };
    }
    case DW_TAG.subroutine_type:
    case DW_TAG.subprogram:
      return new FunctionSignature(entry, flavour, depth);
    case DW_TAG.ptr_to_member_type: {
      const target = typeOf(entry, depth + 1);
      const owner = entry.reference(DW_AT.containing_type);
      const toFunction = strip(target).kind === "function";
      const pointee = owner === undefined ? "*" : `${ownName(owner, flavour) ?? "<anonymous>"}::*`;
      return {
        kind: "member-pointer",
        flavour,
        name: toFunction ? declarator(target.name, pointee) : `${target.name} ${pointee}`,
        size: size ?? (toFunction ? 2 : 1) * entry.unit.addressSize,
        entry,
        target,
        owner,
        toFunction,
      };
    }
    case DW_TAG.unspecified_type:
      return {
        ...voidType(flavour, name),
        size: name === "decltype(nullptr)" ? entry.unit.addressSize : size,
        entry,
      };
    default:
      return { ...unknownType(flavour, name ?? tagName(tag)), size, entry };
  }
}

/** clang calls all of C's complex types `complex`; those of whole numbers are told by their encoding alone. */
function complexName(
  name: string | undefined,
  size: number | undefined,
  encoding: number,
): string | undefined {
  const real = { 8: "float", 16: "double", 32: "long double" }[size ?? 0];
  const isReal = encoding === DW_ATE.complex_float;
  return name !== "complex" || real === undefined || !isReal ? undefined : `${real} _Complex`;
}

function ownName(entry: Entry, flavour: Flavour): string | undefined {
  const name = entry.name;
  return name === undefined ? undefined : flavour.typeName(entry, name);
}

function signOf(declared: Type): boolean | undefined {
  const underlying = strip(declared);
  if (underlying.kind !== "base") return undefined;
  return underlying.encoding === DW_ATE.signed || underlying.encoding === DW_ATE.signed_char;
}

function bitsOf(declared: Type): number | undefined {
  const underlying = strip(declared);
  return underlying.kind === "base" ? underlying.bits : undefined;
}

/** C++'s lambdas are classes without a name that can be called: told by where they are written. */
function lambdaName(entry: Entry): string | undefined {
  const line = entry.unsigned(DW_AT.decl_line);
  if (entry.tag !== DW_TAG.class_type || line === undefined) return undefined;
  for (const child of entry.children())
    if (child.tag === DW_TAG.subprogram && child.name?.startsWith("operator()"))
      return `<lambda at line ${line}>`;
  return undefined;
}

class DwarfRecord implements RecordType {
  readonly kind = "record";
  constructor(
    readonly entry: Entry,
    readonly flavour: Flavour,
    readonly form: RecordType["form"],
  ) {}
  get name(): string {
    return ownName(this.entry, this.flavour) ?? lambdaName(this.entry) ?? `<anonymous ${this.form}>`;
  }
  get size(): number | undefined {
    return this.definition?.unsigned(DW_AT.byte_size);
  }
  get definition(): Entry | undefined {
    return this.define();
  }
  get isDefinedElsewhere(): boolean {
    return this.defineHere() === undefined;
  }
  private readonly defineHere = once(() => definitionHere(this.entry));
  private readonly define = once(() => this.defineHere() ?? definitionOf(this.entry));
}

class Alias implements AliasType {
  readonly kind = "alias";
  constructor(
    readonly entry: Entry,
    readonly flavour: Flavour,
    private readonly qualifier: string | undefined,
    private readonly depth: number,
  ) {}
  get target(): Type {
    return typeOf(this.entry, this.depth + 1);
  }
  get name(): string {
    const own = ownName(this.entry, this.flavour);
    if (own !== undefined) return own;
    if (this.qualifier === undefined || this.flavour.name === "rust") return this.target.name;
    const { name } = this.target;
    // A qualifier of a pointer stands behind its star, of anything else in front.
    if (strip(this.target, false).kind === "pointer") return `${name}${this.qualifier}`;
    // What a template made of a type that has the qualifier already has it twice.
    return name.startsWith(`${this.qualifier} `) ? name : `${this.qualifier} ${name}`;
  }
  get size(): number | undefined {
    return this.entry.unsigned(DW_AT.byte_size) ?? sizeOf(this.target);
  }
}

class DwarfArray implements ArrayType {
  readonly kind = "array";
  readonly dimensions: readonly Dimension[];
  private readonly ownStride: number | undefined;
  constructor(
    readonly entry: Entry,
    readonly flavour: Flavour,
    private readonly depth: number,
  ) {
    const subranges: Entry[] = [];
    for (const child of entry.children()) {
      if (child.tag === DW_TAG.subrange_type || child.tag === DW_TAG.enumeration_type) subranges.push(child);
      if (subranges.length > DEPTH_LIMIT) break;
    }
    const strided = subranges.length > 1 && subranges.some((subrange) => strideOf(subrange) !== undefined);
    const odd = oddityOf(entry, subranges.length) ?? (strided ? "a stride for each dimension" : undefined);
    const dimensions: Dimension[] =
      subranges.length > 0 ? subranges.map(dimensionOf) : [{ lower: 0, count: undefined }];
    this.dimensions =
      odd === undefined ? dimensions : dimensions.map(({ lower }) => ({ lower, count: { unknown: odd } }));
    this.ownStride = strideOf(entry) ?? (subranges.length === 1 ? strideOf(subranges[0]!) : undefined);
  }
  get element(): Type {
    return typeOf(this.entry, this.depth + 1);
  }
  get stride(): number | undefined {
    return this.ownStride ?? packedStride(this);
  }
  get name(): string {
    const counts = this.dimensions.map(({ count }) => (typeof count === "number" ? count : undefined));
    return ownName(this.entry, this.flavour) ?? this.flavour.arrayName(this.element.name, counts);
  }
  get size(): number | undefined {
    return this.entry.unsigned(DW_AT.byte_size) ?? arraySize(this);
  }
}

/** Bytes from one element to the next, where an array or its only subrange says so. */
function strideOf(entry: Entry): number | undefined {
  const bits = entry.unsigned(DW_AT.bit_stride);
  return entry.unsigned(DW_AT.byte_stride) ?? (bits === undefined ? undefined : bits / 8);
}

/** Bytes from one element of Zig's `@Vector(4, bool)` to the next: as LLVM's vectors, they lie bit by bit. */
function packedStride({ entry, element, flavour }: DwarfArray): number | undefined {
  if (flavour.name !== "zig" || !entry.flag(DW_AT.GNU_vector)) return undefined;
  const type = strip(element);
  return type.kind === "base" && type.bits !== undefined ? type.bits / 8 : undefined;
}

/** What there is about an array that would have its elements read from the wrong place, in words. */
function oddityOf(entry: Entry, dimensions: number): string | undefined {
  if (dimensions > 1 && entry.unsigned(DW_AT.ordering) === DW_ORD.col_major) return "elements by column";
  for (const at of [DW_AT.data_location, DW_AT.allocated, DW_AT.associated])
    if (entry.own(at) !== undefined) return attributeName(at);
  for (const at of [DW_AT.byte_stride, DW_AT.bit_stride])
    if (entry.own(at) !== undefined && entry.unsigned(at) === undefined) return attributeName(at);
  return undefined;
}

/** Bytes of an array whose dimensions are all known. */
function arraySize(array: ArrayType): number | undefined {
  let size = array.stride ?? sizeOf(array.element);
  for (const { count } of array.dimensions) {
    if (size === undefined || typeof count !== "number") return undefined;
    size *= count;
  }
  return size && Math.ceil(size);
}

/** What follows an array's outermost dimension: the type of `a[i]`. */
export function elementOf(array: ArrayType): Type {
  const rest = array.dimensions.slice(1);
  if (rest.length === 0) return array.element;
  return arrayType(array.flavour, array.element, rest, array.stride);
}

export function arrayType(
  flavour: Flavour,
  element: Type,
  dimensions: readonly Dimension[],
  stride?: number,
): ArrayType {
  return {
    kind: "array",
    flavour,
    element,
    dimensions,
    stride,
    entry: undefined,
    get name() {
      return flavour.arrayName(
        element.name,
        dimensions.map(({ count }) => (typeof count === "number" ? count : undefined)),
      );
    },
    get size() {
      return arraySize(this);
    },
  };
}

function dimensionOf(subrange: Entry): Dimension {
  // Zig counts from 0, whatever bound Zig 0.14 writes.
  const isZig = subrange.unit.language === DW_LANG.Zig;
  const given = isZig ? 0n : subrange.constant(DW_AT.lower_bound, true);
  const lower = given === undefined ? defaultLowerBound(subrange.unit.language) : Number(given);
  if (given === undefined && subrange.attribute(DW_AT.lower_bound) !== undefined)
    return { lower, count: { unknown: attributeName(DW_AT.lower_bound) } };
  for (const at of [DW_AT.byte_stride, DW_AT.bit_stride])
    if (subrange.own(at) !== undefined && subrange.unsigned(at) === undefined)
      return { lower, count: { unknown: attributeName(at) } };
  const count = boundOf(subrange, DW_AT.count, 0);
  if (count !== undefined) return { lower, count: count === -1 ? undefined : count };
  const upper = boundOf(subrange, DW_AT.upper_bound, 1 - lower);
  return { lower, count: typeof upper === "number" && upper < 0 ? undefined : upper };
}

/** Where arrays start that do not say it (DWARF 5 §7.12, table 7.17). */
function defaultLowerBound(language: number | undefined): number {
  return language !== undefined && FROM_ONE.has(language) ? 1 : 0;
}

const FROM_ONE: ReadonlySet<number> = new Set([
  ...[DW_LANG.Ada83, DW_LANG.Ada95, DW_LANG.Ada2005, DW_LANG.Ada2012],
  ...[DW_LANG.Fortran77, DW_LANG.Fortran90, DW_LANG.Fortran95],
  ...[DW_LANG.Fortran03, DW_LANG.Fortran08, DW_LANG.Fortran18],
  ...[DW_LANG.Cobol74, DW_LANG.Cobol85, DW_LANG.Pascal83, DW_LANG.Modula2, DW_LANG.PLI, DW_LANG.Julia],
]);

/** A count, or with `plus` what a bound makes of it; −1 is how some compilers say that it is open. */
function boundOf(subrange: Entry, at: number, plus: number): Count {
  const value = subrange.attribute(at);
  switch (value?.kind) {
    case "constant": {
      const open = !value.signed && (value.value === 0xffffffffn || value.value === 0xffffffffffffffffn);
      if (open) return -1;
      return Number(at === DW_AT.upper_bound ? subrange.constant(at, true)! : value.value) + plus;
    }
    case "reference": {
      const entry = subrange.reference(at);
      return entry === undefined ? { unknown: attributeName(at) } : { entry, plus };
    }
    case "block":
    case "exprloc":
      return { expression: value.bytes, plus };
    default:
      return value && { unknown: attributeName(at) };
  }
}

/** Signatures inside of signatures are spelled out so far: each level multiplies the text. */
const SIGNATURE_DEPTH_LIMIT = 8;

class FunctionSignature implements FunctionType {
  readonly kind = "function";
  readonly size = undefined;
  constructor(
    readonly entry: Entry,
    readonly flavour: Flavour,
    private readonly depth: number,
  ) {}
  get name(): string {
    if (this.depth > SIGNATURE_DEPTH_LIMIT) return "…";
    const parameters: string[] = [];
    let qualifier = "";
    for (const child of this.entry.children()) {
      if (child.tag === DW_TAG.unspecified_parameters) parameters.push("...");
      if (child.tag !== DW_TAG.formal_parameter) continue;
      const type = typeOf(child, this.depth + 1);
      // `this` is not written, but for what the function may do to it.
      if (child.flag(DW_AT.artificial)) qualifier = thisQualifier(type);
      else parameters.push(type.name);
    }
    const result = this.entry.attribute(DW_AT.type) && typeOf(this.entry, this.depth + 1).name;
    return this.flavour.functionName(result, parameters) + qualifier;
  }
}

/** ` const` of a member function whose `this` points at a const object. */
function thisQualifier(type: Type): string {
  const pointer = strip(type);
  return pointer.kind === "pointer" && pointer.target.entry?.tag === DW_TAG.const_type ? " const" : "";
}

/**
 * A pointer to a type.
 * @param written its name, where that says more than form and target do
 */
export function pointerType(
  flavour: Flavour,
  form: PointerForm,
  target: () => Type,
  size: number,
  entry?: Entry,
  written?: string,
): PointerType {
  return {
    kind: "pointer",
    flavour,
    form,
    size,
    entry,
    get target() {
      return target();
    },
    get name() {
      return written ?? (entry && ownName(entry, flavour)) ?? flavour.pointerName(form, this.target.name);
    },
  };
}

/** The type of functions of such parameters. */
export function functionType(
  result: Type,
  parameters: readonly Type[],
  variadic: boolean,
  flavour: Flavour,
): FunctionType {
  const names = parameters.map(({ name }) => name);
  return {
    kind: "function",
    flavour,
    size: undefined,
    entry: undefined,
    name: flavour.functionName(
      result.kind === "void" ? undefined : result.name,
      variadic ? [...names, "..."] : names,
    ),
  };
}

export function baseType(flavour: Flavour, name: string, encoding: number, size: number): BaseType {
  return { kind: "base", flavour, name, encoding, size, entry: undefined };
}

export function voidType(flavour: Flavour, name = flavour.voidName): VoidType {
  return { kind: "void", flavour, name, size: undefined, entry: undefined };
}

export function unknownType(flavour: Flavour, name: string): UnknownType {
  return { kind: "unknown", flavour, name, size: undefined, entry: undefined };
}

/** A type without typedefs (unless they are to stay) and qualifiers. */
export function strip(type: Type, typedefs = true): Exclude<Type, AliasType> | AliasType {
  let inner = type;
  for (let depth = 0; depth < DEPTH_LIMIT && inner.kind === "alias"; depth++) {
    if (!typedefs && inner.entry?.tag === DW_TAG.typedef) break;
    inner = inner.target;
  }
  return inner;
}

/** A type's size in bytes, looked up through typedefs. */
export function sizeOf(type: Type): number | undefined {
  return type.size;
}
