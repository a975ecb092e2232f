/** The custom section `wasm-postmortem.notes`: JSON that our own producer adds. */
import { FormatError } from "../bytes/errors";
import { decodeUtf8 } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import type { CrashNotes } from "./model";

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
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
