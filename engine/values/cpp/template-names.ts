/**
 * Names of class templates' instances where the compiler leaves the arguments out of DW_AT_name (clang's
 * -gsimple-template-names): spelled out again from the template parameters, as the compiler does otherwise. Without
 * them all instances of a template would have one name, and one could be taken for another.
 */
import { DW_AT, DW_ATE, DW_TAG } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/model";
import { scopesOf } from "../../dwarf/qualified-names";
import { isCpp } from "./language";

const CLASSES: ReadonlySet<number> = new Set([DW_TAG.structure_type, DW_TAG.class_type, DW_TAG.union_type]);

const DEPTH_LIMIT = 16;

const UNSIGNED: ReadonlySet<number> = new Set([DW_ATE.unsigned, DW_ATE.unsigned_char, DW_ATE.boolean]);

/** What a literal of a type has behind it. */
const SUFFIXES: Readonly<Record<string, string>> = {
  "unsigned int": "U",
  long: "L",
  "unsigned long": "UL",
  "long long": "LL",
  "unsigned long long": "ULL",
};

/** DW_AT_name, with a C++ class template's arguments where they are left out. */
export function spelledName(entry: Entry, depth = 0): string | undefined {
  const { name } = entry;
  if (name === undefined || name.includes("<") || !CLASSES.has(entry.tag)) return name;
  if (!entry.hasChildren || !isCpp(entry.unit.language)) return name;
  const given = argumentsOf(entry, depth + 1);
  return given === undefined ? name : `${name}<${given.join(", ")}>`;
}

/** The arguments of an entry's template parameters; undefined when it has none, or one that cannot be written. */
function argumentsOf(entry: Entry, depth: number): readonly string[] | undefined {
  const given: (string | undefined)[] = [];
  let isTemplate = false;
  for (const child of entry.children()) {
    const { tag } = child;
    if (tag === DW_TAG.template_type_parameter) given.push(typeText(child.reference(DW_AT.type), depth));
    else if (tag === DW_TAG.template_value_parameter) given.push(valueText(child, depth));
    else if (tag === DW_TAG.GNU_template_template_param) given.push(child.string(DW_AT.GNU_template_name));
    else if (tag === DW_TAG.GNU_template_parameter_pack)
      given.push(...((child.hasChildren ? argumentsOf(child, depth) : undefined) ?? []));
    else continue;
    isTemplate = true;
  }
  return isTemplate && given.every((text) => text !== undefined) ? given : undefined;
}

/** A type as a template's argument: clang writes what typedefs stand for. */
function typeText(type: Entry | undefined, depth: number): string | undefined {
  if (type === undefined) return "void";
  if (depth > DEPTH_LIMIT) return undefined;
  const target = () => typeText(type.reference(DW_AT.type), depth + 1);
  const before = (word: string): string | undefined => {
    const text = target();
    return text === undefined ? undefined : /[*&]$/.test(text) ? `${text}${word}` : `${word} ${text}`;
  };
  const behind = (sign: string): string | undefined => {
    const text = target();
    return text === undefined ? undefined : `${text}${/[*&]$/.test(text) ? "" : " "}${sign}`;
  };
  switch (type.tag) {
    case DW_TAG.typedef:
    case DW_TAG.template_alias:
      return target();
    case DW_TAG.const_type:
      return before("const");
    case DW_TAG.volatile_type:
      return before("volatile");
    case DW_TAG.pointer_type:
      return behind("*");
    case DW_TAG.reference_type:
      return behind("&");
    case DW_TAG.rvalue_reference_type:
      return behind("&&");
    case DW_TAG.array_type: {
      const element = target();
      const counts = [...type.children()].map((child) => `[${child.unsigned(DW_AT.count) ?? ""}]`);
      return element === undefined ? undefined : `${element}${counts.join("")}`;
    }
    case DW_TAG.subroutine_type:
      return signature(type, target(), depth);
    default: {
      const scopes = scopesOf(type).map((scope) => spelledName(scope, depth + 1) ?? "(anonymous namespace)");
      const name = spelledName(type, depth + 1);
      return name === undefined ? undefined : [...scopes, name].join("::");
    }
  }
}

function signature(type: Entry, result: string | undefined, depth: number): string | undefined {
  const parameters: (string | undefined)[] = [];
  for (const child of type.children()) {
    if (child.tag === DW_TAG.formal_parameter)
      parameters.push(typeText(child.reference(DW_AT.type), depth + 1));
    if (child.tag === DW_TAG.unspecified_parameters) parameters.push("...");
  }
  if (result === undefined || parameters.includes(undefined)) return undefined;
  return `${result} (${parameters.join(", ")})`;
}

/** A constant as a template's argument: `3`, `3UL`, `true`, `'a'`, `(Colour)2`. */
function valueText(parameter: Entry, depth: number): string | undefined {
  let type = parameter.reference(DW_AT.type);
  for (let hops = 0; type?.tag === DW_TAG.typedef || type?.tag === DW_TAG.const_type; hops++) {
    if (hops > DEPTH_LIMIT) return undefined;
    type = type.reference(DW_AT.type);
  }
  const isSigned = !UNSIGNED.has(type?.unsigned(DW_AT.encoding) ?? 0);
  const value = parameter.constant(DW_AT.const_value, isSigned);
  if (type === undefined || value === undefined) return undefined;
  if (type.tag === DW_TAG.enumeration_type) return `(${typeText(type, depth)})${value}`;
  switch (type.unsigned(DW_AT.encoding)) {
    case DW_ATE.boolean:
      return value === 0n ? "false" : "true";
    case DW_ATE.signed_char:
    case DW_ATE.unsigned_char:
      return value >= 0x20n && value < 0x7fn && type.name === "char"
        ? `'${String.fromCharCode(Number(value))}'`
        : `(${type.name})${value}`;
    default:
      return type.tag === DW_TAG.base_type ? `${value}${SUFFIXES[type.name ?? ""] ?? ""}` : undefined;
  }
}
