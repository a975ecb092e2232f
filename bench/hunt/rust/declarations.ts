/** How a generated Rust program declares its structs and variants, makes them and tells them. */
import type { RustType } from "./types";

export interface Field {
  readonly name: string;
  readonly type: RustType;
}

/** Of an enum, or a struct. */
export interface Variant {
  readonly name: string;
  readonly kind: "unit" | "tuple" | "struct";
  readonly fields: readonly Field[];
}

export const areEmpty = (fields: readonly Field[]): boolean => fields.every((field) => field.type.isEmpty);

export function declaredAs({ name, kind, fields }: Variant): string {
  if (kind === "unit") return name;
  const types = fields.map((field) =>
    kind === "tuple" ? field.type.name : `${field.name}: ${field.type.name}`,
  );
  return kind === "tuple" ? `${name}(${types.join(", ")})` : `${name} { ${types.join(", ")} }`;
}

/** An expression that tells a struct or variant, whose fields `bound` reaches. */
export function tells({ name, kind, fields }: Variant, bound: (field: Field) => string): string {
  if (kind === "unit") return `constant(to, "${name}")`;
  const all = fields.map((field) => (kind === "tuple" ? bound(field) : `("${field.name}", ${bound(field)})`));
  return `${kind === "tuple" ? "fields" : "members"}(to, "${name}", &[${all.join(", ")}])`;
}

export function made(path: string, kind: Variant["kind"], fields: readonly Field[], depth: number): string {
  if (kind === "unit") return path;
  const values = fields.map(
    (field) => `${kind === "tuple" ? "" : `${field.name}: `}${field.type.value(depth - 1)}`,
  );
  return kind === "tuple" ? `${path}(${values.join(", ")})` : `${path} { ${values.join(", ")} }`;
}
