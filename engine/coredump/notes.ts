/** The custom section `wasm-postmortem.notes`: JSON that our own producer adds. */
import { FormatError } from "../bytes/errors";
import { decodeUtf8 } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import type { CrashNotes, InstanceNames } from "./model";

/** More than any producer writes: guards against a damaged size. */
const largest = 1 << 20;

/**
 * Reads the notes. Members of an unexpected type are left out, unknown ones ignored.
 * @throws FormatError when the section is no JSON object
 */
export function readNotes(source: ByteSource): CrashNotes {
  const where = { section: source.name, offset: 0 };
  if (source.size > largest) throw new FormatError(`Notes of ${source.size} bytes are too long`, where);
  const parsed = parse(decodeUtf8(source.read(0, source.size)));
  if (typeof parsed !== "object" || parsed === null) throw new FormatError("Notes are no JSON object", where);
  const given = parsed as Record<string, unknown>;
  const text = (key: string) => (typeof given[key] === "string" ? { [key]: given[key] } : {});
  const gaps = given["memoryGaps"];
  return {
    ...text("error"),
    ...text("buildId"),
    ...text("producer"),
    ...(gaps === "zero" || gaps === "absent" ? { memoryGaps: gaps } : {}),
    ...text("stack"),
    ...(given["codeOffsets"] === "file" ? { codeOffsets: "file" } : {}),
    ...(given["original"] === true ? { original: true } : {}),
    ...(Array.isArray(given["names"]) ? { names: given["names"].map(instanceNames) } : {}),
    ...(isTexts(given["problems"]) ? { problems: given["problems"] } : {}),
  };
}

function instanceNames(given: unknown): InstanceNames {
  const { memories, globals } = Object(given) as Record<string, unknown>;
  return { memories: indices(memories), globals: indices(globals) };
}

const indices = (given: unknown): Record<string, number> =>
  Object.fromEntries(Object.entries(Object(given)).filter(([, index]) => Number.isInteger(index))) as Record<
    string,
    number
  >;

const isTexts = (given: unknown): given is string[] =>
  Array.isArray(given) && given.every((text) => typeof text === "string");

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
