/**
 * The alignment of types. Rust and Zig write it down (DW_AT_alignment), clang only what a program asks for: a structure
 * of C is aligned as its members are, unless it is packed, which is nowhere said. Where a gap in front of a member, or
 * behind all of them, would not be there if it were, it is not.
 */
import { DW_AT, DW_ATE, DW_TAG } from "../dwarf/constants";
import { shapeOf } from "../values/fields";
import { type RecordType, strip, type Type } from "../values/types";

const DEPTH_LIMIT = 16;

/** Bytes that addresses of the type's objects are multiples of; undefined where that is not told. */
export function alignmentOf(type: Type, addressSize: number, depth = 0): number | undefined {
  if (depth > DEPTH_LIMIT) return undefined;
  const told = type.entry?.unsigned(DW_AT.alignment);
  if (told !== undefined) return told;
  switch (type.kind) {
    case "alias":
      return alignmentOf(type.target, addressSize, depth + 1);
    case "array":
      return alignmentOf(type.element, addressSize, depth + 1);
    case "pointer":
    case "member-pointer":
      return addressSize;
    case "enumeration":
      return type.size;
    case "base":
      return baseAlignment(
        type.size,
        type.encoding,
        type.name,
        type.flavour.name === "c" || type.flavour.name === "cpp",
      );
    case "record":
      return type.flavour.name === "c" || type.flavour.name === "cpp"
        ? recordAlignment(type, addressSize, depth + 1)
        : undefined;
    default:
      return undefined;
  }
}

/** Numbers are aligned as wide as they are (tool-conventions, BasicCABI). */
function baseAlignment(
  size: number | undefined,
  encoding: number,
  name: string,
  isC: boolean,
): number | undefined {
  if (size === undefined || name.includes("_BitInt")) return undefined;
  const scalar = encoding === DW_ATE.complex_float ? size / 2 : size;
  // Of 128 bits other compilers have changed their minds.
  return [1, 2, 4, 8].includes(scalar) || (scalar === 16 && isC) ? scalar : undefined;
}

function recordAlignment(type: RecordType, addressSize: number, depth: number): number | undefined {
  const { definition } = type;
  const told = definition?.unsigned(DW_AT.alignment);
  if (definition === undefined || told !== undefined) return told;
  const members: { start: number; end: number; alignment: number }[] = [];
  for (const { kind, entry, type: own } of shapeOf(definition).fields) {
    if (kind === "static") continue;
    const start = entry.unsigned(DW_AT.data_member_location) ?? (type.form === "union" ? 0 : undefined);
    const alignment = entry.unsigned(DW_AT.alignment) ?? alignmentOf(own, addressSize, depth);
    const odd = entry.own(DW_AT.bit_size) !== undefined || entry.unsigned(DW_AT.virtuality);
    if (odd || start === undefined || alignment === undefined || own.size === undefined) return undefined;
    const isEmpty = entry.tag === DW_TAG.inheritance && own.size === 1 && isEmptyClass(own);
    members.push({ start, end: start + (isEmpty ? 0 : own.size), alignment });
  }
  const alignment = Math.max(1, ...members.map((member) => member.alignment));
  return alignment === 1 || isPadded(members, type.size, alignment) ? alignment : undefined;
}

function isEmptyClass(type: Type): boolean {
  const record = strip(type);
  return (
    record.kind === "record" &&
    record.definition !== undefined &&
    shapeOf(record.definition).fields.length === 0
  );
}

/** Whether there is a gap that the next smaller alignment would not have left. */
function isPadded(
  members: readonly { start: number; end: number; alignment: number }[],
  size: number | undefined,
  alignment: number,
): boolean {
  const packed = (end: number): number => Math.ceil(end / (alignment / 2)) * (alignment / 2);
  let end = 0;
  for (const member of [...members].sort((a, b) => a.start - b.start)) {
    if (member.start > 0 && member.alignment === alignment && member.start !== packed(end)) return true;
    end = Math.max(end, member.end);
  }
  return size !== undefined && size !== packed(end);
}
