/**
 * Pointers and references (DWARF 5 §5.3): the address, a hint of what is there, and the target's members as
 * children. Targets are read when they are asked for, so circles of pointers cost nothing.
 */
import { type Address, address } from "../bytes/offsets";
import { Missing, missing } from "../dwarf/missing";
import type { Unit } from "../dwarf/model";
import { fromBytes } from "../dwarf/stack-value";
import { characterType } from "./base";
import type { Child, Children } from "./model";
import {
  inner,
  namedChildren,
  type Presentation,
  type Style,
  SUMMARY_DEPTH,
  type TypedValue,
  unavailable,
  type World,
} from "./presentation";
import { calledFunction } from "./rust/functions";
import { Storage } from "./storage";
import { cut, quoteUnits, quoteUtf8, TEXT_LIMIT, textAt } from "./text";
import { type FunctionType, type PointerType, strip, type Type } from "./types";

export function presentPointer(type: PointerType, storage: Storage, world: World): Presentation {
  const { place } = storage;
  if (!(place instanceof Missing) && place.kind === "implicit-pointer") {
    const pointee = pointeeOf(type, storage, world);
    return {
      summary: (style) => `→ ${pointee.summary(inner(style, 2))}`,
      children: pointerChildren(type, pointee),
    };
  }
  const bits = pointerBits(type, storage);
  if (bits instanceof Missing) return unavailable(bits);
  const text = addressText(bits, type.size ?? world.frame.machine.addressSize);
  const target = pointerTarget(type, storage);
  // No memory reaches so far: the pointer is what it is, and leads nowhere.
  if (target instanceof Missing) return { summary: () => text };
  const pointed = strip(type.target);
  if (pointed.kind === "function")
    return { target, summary: (style) => leading(text, functionHint(target, world, style), style).trim() };
  if (target === 0) return { target, summary: () => text };
  // `*const ()` is Rust's pointer to whatever; a reference to `()` is one to that value.
  const holdsNothing = type.form === "pointer" && pointed.kind === "base" && pointed.size === 0;
  if (pointed.kind === "void" || pointed.kind === "unknown" || holdsNothing)
    return { target, summary: () => text };
  const pointee = pointeeOf(type, storage, world);
  // To say what is there would be to look for its type in the whole program: that waits until it is opened.
  if (isOpaque(type)) {
    const transparent = type.form !== "pointer";
    return {
      target,
      summary: (style) => leading(text, " {…}", style).trim(),
      children: dereferenced(pointee, transparent),
    };
  }
  return {
    target,
    summary: (style) =>
      type.form === "pointer"
        ? pointerSummary(text, type, target, pointee, world, style)
        : referenceSummary(text, type, pointee, style),
    get children() {
      return pointerChildren(type, pointee);
    },
  };
}

/** What a pointer holds. */
function pointerBits(type: Type, storage: Storage): bigint | Missing {
  const size = type.size;
  if (size !== 4 && size !== 8) return missing("malformed", `a pointer of ${size} bytes`);
  const bytes = storage.read(size);
  return bytes instanceof Missing ? bytes : fromBytes(bytes);
}

/** The address that a pointer holds; Missing for one of 64 bits that no memory reaches. */
export function pointerTarget(type: Type, storage: Storage): Address | Missing {
  const bits = pointerBits(type, storage);
  if (bits instanceof Missing) return bits;
  return bits > BigInt(Number.MAX_SAFE_INTEGER)
    ? missing("out-of-bounds", addressText(bits, 8))
    : address(Number(bits));
}

/** What a pointer points at, as a value of its own; Missing inside when it points nowhere. */
export function pointeeOf(type: PointerType, storage: Storage, world: World): TypedValue {
  const { place } = storage;
  if (!(place instanceof Missing) && place.kind === "implicit-pointer") {
    const variable = world.variable(place.entry);
    return world.value(type.target, variable.storage.at(place.byteOffset));
  }
  const target = pointerTarget(type, storage);
  const at = target === 0 ? missing("null-pointer") : target;
  return world.value(type.target, memoryAt(at, storage));
}

function memoryAt(at: Address | Missing, storage: Storage): Storage {
  const place =
    at instanceof Missing ? at : { kind: "memory" as const, address: at, provenance: storage.provenance };
  return new Storage(place, storage.machine);
}

/** An address and what it leads to: that alone where the style says so. */
export function leading(address: string, hint: string, { addresses = true }: Style): string {
  return addresses || hint === "" ? address + hint : hint;
}

export function addressText(at: number | bigint, size: number): string {
  return `0x${at.toString(16).padStart(2 * size, "0")}`;
}

function pointerSummary(
  text: string,
  type: PointerType,
  target: Address,
  pointee: TypedValue,
  world: World,
  style: Style,
): string {
  const pointed = strip(type.target);
  const size = characterType(type.target)?.size;
  if (size === 1 || size === 2 || size === 4) {
    const found = textAt(world.frame.machine, target, size, TEXT_LIMIT);
    if (found instanceof Missing) return text;
    const limit = Math.max(8, style.budget - text.length - 3);
    const quoted =
      size === 1
        ? quoteUtf8(found.bytes, limit, found.more)
        : quoteUnits(found.bytes, size, limit, found.more);
    return leading(text, ` ${quoted}`, style).trim();
  }
  // Only the outermost pointer looks further: a list would otherwise unroll into its own summary.
  if (style.depth > 0 || pointee.missing !== undefined) return text;
  const hint = pointee.summary(inner(style, text.length + 3));
  const isCompound = pointed.kind === "record" || pointed.kind === "array";
  return leading(text, isCompound ? ` ${hint}` : ` → ${hint}`, style).trim();
}

function referenceSummary(text: string, type: PointerType, pointee: TypedValue, style: Style): string {
  if (style.depth >= SUMMARY_DEPTH) return "…";
  if (pointee.missing !== undefined) return `${text} ${cut(pointee.summary(style), style.budget)}`;
  const sign = type.flavour.referenceSign(type.name);
  return sign + pointee.summary(inner(style, sign.length));
}

/** The function of a table slot, behind its number. */
export function functionHint(slot: number, world: World, { symbols = true }: Style): string {
  const name = !symbols ? undefined : world.frame.functionInTable?.(slot);
  return name === undefined ? "" : ` <${calledFunction(name)}>`;
}

/** The target's members as the pointer's own; a target without members is a child of its own, shown when asked. */
function pointerChildren(type: PointerType, pointee: TypedValue): Children | undefined {
  const pointed = strip(type.target);
  const transparent = type.form !== "pointer";
  const holds = pointed.kind === "record" || (transparent && pointed.kind === "array");
  if (holds && pointee.children !== undefined) {
    const own = pointee.children;
    return {
      namedCount: own.namedCount,
      indexedCount: own.indexedCount,
      named: () => own.named().map((child) => through(child, type)),
      indexed: (start, count) => own.indexed(start, count).map((child) => through(child, type)),
    };
  }
  if (transparent && pointee.children === undefined && type.flavour.name !== "rust") return undefined;
  return dereferenced(pointee, transparent);
}

/** The target as a child. */
function dereferenced(pointee: TypedValue, transparent: boolean): Children {
  const { name } = pointee.type.flavour;
  // What a C++ reference leads to is what the reference's own name means.
  const path = (parent: string): string =>
    name === "zig" ? `${parent}.*` : name === "cpp" && transparent ? parent : `(*${parent})`;
  return namedChildren(1, () => [
    { name: "*", value: pointee, path, hint: transparent ? "virtual" : "lazy" },
  ]);
}

/** Programs whose entries have no more bytes are looked through in a few milliseconds. */
const SMALL_PROGRAM = 256 * 1024;
/** Where each unit's entries lie in a file of its own: so many files. */
const FEW_FILES = 16;

function isSmall({ program, debug }: Unit): boolean {
  if (program.size > SMALL_PROGRAM) return false;
  if (debug === program) return true;
  let files = 0;
  for (const _ of program.units()) if (++files > FEW_FILES) return false;
  return true;
}

/** Whether a pointer's own unit only declares what it points at, and the program is too large to look at once. */
export function isOpaque(type: PointerType): boolean {
  const pointed = strip(type.target);
  if (pointed.kind !== "record" || !pointed.isDefinedElsewhere) return false;
  const unit = pointed.entry?.unit;
  return unit === undefined || !isSmall(unit);
}

/** A child of the target, reached from the pointer. */
function through(child: Child, type: PointerType): Child {
  const { path } = child;
  if (path === undefined) return child;
  if (type.form === "pointer") {
    return {
      ...child,
      path: (parent) => path(`(*${parent})`).replace(`(*${parent}).`, () => arrow(parent, type)),
    };
  }
  return child;
}

function arrow(parent: string, type: PointerType): string {
  switch (type.flavour.name) {
    case "rust":
      return `(*${parent}).`;
    case "zig":
      return `${parent}.`;
    default:
      return `${parent}->`;
  }
}

/** A function's own value: what a reference to it leads to. */
export function presentFunction(_type: FunctionType, storage: Storage, world: World): Presentation {
  const at = storage.address;
  if (at === undefined) return unavailable(missing("no-location"));
  return { target: at, summary: (style) => `${at}${functionHint(at, world, style)}` };
}
