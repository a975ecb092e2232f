/**
 * The definition of a type as text, for `ptype`: a member a line with its offset and size in bytes, as its
 * language declares members; enumerators with their values.
 */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { type Field, shapeOf } from "../values/fields";
import { type RecordType, strip, type Type, typeFrom } from "../values/types";

/** Lines of one definition. */
const MOST = 500;

export function typeDefinition(type: Type): string {
  const target = strip(type);
  switch (target.kind) {
    case "record":
      return recordText(target);
    case "enumeration": {
      const lines = enumerators(target.entry, target.signed ?? true);
      return block(headed("enum", target.name), target.size, lines);
    }
    case "pointer": {
      const pointed = strip(target.target);
      return pointed.kind === "record" || pointed.kind === "enumeration"
        ? `${target.name}, to ${typeDefinition(pointed)}`
        : target.name;
    }
    default:
      return target.size === undefined ? target.name : `${target.name}    // ${bytes(target.size)}`;
  }
}

/** `int (*name)(char)`, `int name[2]`, `char *name`: where C puts the name into a type. */
function declarator(type: string, name: string): string {
  const parts = /^(.*\(\*)(\).*)$/.exec(type) ?? /^([^[(]*?) ?(\[.*)$/.exec(type);
  if (parts !== null) return `${parts[1]}${parts[1]!.endsWith("*") ? "" : " "}${name}${parts[2]}`;
  return /[*&]$/.test(type) ? `${type}${name}` : `${type} ${name}`;
}

/** A type that is listed under its full name: `struct app::Point`, `typedef int length_t`, `unsigned int`. */
export function declarationText(entry: Entry, name: string): string {
  const type = typeFrom(entry);
  switch (type.kind) {
    case "record": {
      const { definition, form } = type;
      const isEnum = definition !== undefined && shapeOf(definition).variantPart !== undefined;
      return `${isEnum ? "enum" : form} ${name}`;
    }
    case "enumeration":
      return `enum ${name}`;
    case "alias":
      return entry.tag === DW_TAG.typedef ? `typedef ${declarator(type.target.name, name)}` : name;
    default:
      return name;
  }
}

function recordText(type: RecordType): string {
  const { definition, form, name, size } = type;
  if (definition === undefined)
    return `${headed(form, name)};    // declared only: its members are not described`;
  const { fields, variantPart } = shapeOf(definition);
  const rust = type.flavour.name === "rust";
  const lines = fields.map((field) => fieldText(field, rust));
  if (variantPart === undefined) return block(headed(form, name), size, lines);
  return block(headed("enum", name), size, [...lines, ...variants(variantPart)]);
}

/** C spells the keyword in the name already. */
const headed = (keyword: string, name: string): string =>
  name.startsWith(`${keyword} `) ? name : `${keyword} ${name}`;

function fieldText(field: Field, rust: boolean): string {
  const { entry, kind, type, name } = field;
  const bits = entry.unsigned(DW_AT.bit_size);
  const width = bits === undefined ? "" : `: ${bits}`;
  const declared = rust
    ? `${name ?? "_"}: ${type.name}`
    : `${type.name}${/\*$/.test(type.name) ? "" : " "}${name ?? ""}`.trimEnd();
  const text = kind === "base" ? `base ${type.name}` : kind === "static" ? `static ${declared}` : declared;
  return `${placeOf(field)}${text}${width}${rust ? "," : ";"}`;
}

/** `  16: 4  `: offset and size. */
function placeOf({ entry, kind, type }: Field): string {
  if (kind === "static") return " ".repeat(14);
  const bitOffset = entry.unsigned(DW_AT.data_bit_offset);
  const offset =
    bitOffset === undefined
      ? (entry.unsigned(DW_AT.data_member_location) ?? "?")
      : `${bitOffset >> 3}.${bitOffset % 8}`;
  return `/* ${String(offset).padStart(4)}: ${String(type.size ?? "?").padStart(2)} */ `;
}

function variants(part: Entry): string[] {
  const lines: string[] = [];
  for (const variant of part.children()) {
    if (variant.tag !== DW_TAG.variant) continue;
    const member = shapeOf(variant).fields[0];
    if (member === undefined) continue;
    const payload = strip(member.type);
    const inside =
      payload.kind === "record" && payload.definition !== undefined
        ? shapeOf(payload.definition).fields.map((field) => `${field.name ?? "_"}: ${field.type.name}`)
        : [];
    lines.push(`${member.name ?? payload.name}${inside.length === 0 ? "" : ` { ${inside.join(", ")} }`},`);
  }
  return lines;
}

function enumerators(entry: Entry, signed: boolean): string[] {
  const lines: string[] = [];
  for (const child of entry.children()) {
    if (child.tag !== DW_TAG.enumerator) continue;
    lines.push(`${child.name ?? "?"} = ${child.constant(DW_AT.const_value, signed) ?? "?"},`);
  }
  return lines;
}

function block(head: string, size: number | undefined, lines: readonly string[]): string {
  const shown = lines.slice(0, MOST);
  if (lines.length > MOST) shown.push(`… ${lines.length - MOST} more`);
  const comment = size === undefined ? "" : `    // ${bytes(size)}`;
  return [`${head} {${comment}`, ...shown.map((line) => `  ${line}`), "}"].join("\n");
}

const bytes = (size: number): string => `${size} byte${size === 1 ? "" : "s"}`;
