/**
 * As much of JSON Schema (draft 2020-12) as a schema of ours uses. A keyword that is not known here is an error: nothing
 * in a schema goes unchecked.
 */

export interface Schema {
  readonly [keyword: string]: unknown;
}

/** What a schema may say without demanding anything. */
const NOTES: ReadonlySet<string> = new Set(["$schema", "$defs", "title", "description"]);

/** What is wrong with a value, a line each with where it is; empty when nothing is. */
export function violations(
  value: unknown,
  schema: Schema,
  root: Schema = schema,
  at = "$",
): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, wanted]) => {
    if (NOTES.has(keyword)) return [];
    const rule = RULES[keyword];
    if (rule === undefined) throw new Error(`The schema's keyword ${keyword} is not known.`);
    return rule({ value, wanted, schema, root, at });
  });
}

interface Question {
  readonly value: unknown;
  readonly wanted: unknown;
  readonly schema: Schema;
  readonly root: Schema;
  readonly at: string;
}

const RULES: Readonly<Record<string, (question: Question) => readonly string[]>> = {
  $ref({ value, wanted, root, at }) {
    const name = /^#\/\$defs\/(\w+)$/.exec(String(wanted))?.[1];
    const target = name === undefined ? undefined : (root["$defs"] as Record<string, Schema>)[name];
    if (target === undefined) throw new Error(`The schema has no ${wanted}.`);
    return violations(value, target, root, at);
  },
  type({ value, wanted, at }) {
    const types = [wanted].flat();
    return types.includes(typeName(value)) || (types.includes("number") && typeof value === "number")
      ? []
      : [`${at} is ${typeName(value)}, not ${types.join(" or ")}`];
  },
  const: ({ value, wanted, at }) => (value === wanted ? [] : [`${at} is ${value}, not ${wanted}`]),
  enum: ({ value, wanted, at }) =>
    (wanted as readonly unknown[]).includes(value) ? [] : [`${at} is ${value}, which is none of ${wanted}`],
  minimum: ({ value, wanted, at }) =>
    typeof value === "number" && value < Number(wanted) ? [`${at} is ${value}, less than ${wanted}`] : [],
  required: ({ value, wanted, at }) =>
    isObject(value)
      ? (wanted as string[]).filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`)
      : [],
  properties: ({ value, wanted, root, at }) =>
    isObject(value)
      ? Object.entries(wanted as Record<string, Schema>)
          .filter(([name]) => name in value)
          .flatMap(([name, schema]) => violations(value[name], schema, root, `${at}.${name}`))
      : [],
  additionalProperties({ value, wanted, schema, at }) {
    if (wanted !== false) throw new Error("The schema's additionalProperties can only be false.");
    const known = Object.keys((schema["properties"] ?? {}) as object);
    if (!isObject(value)) return [];
    return Object.keys(value)
      .filter((name) => !known.includes(name))
      .map((name) => `${at}.${name} is not described`);
  },
  items: ({ value, wanted, root, at }) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => violations(item, wanted as Schema, root, `${at}[${index}]`))
      : [],
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}
