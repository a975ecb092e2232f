/** Tells dialects apart: each one tries, the best fit wins, and the choice is told. */
import { attempt, FormatError } from "../../bytes/errors";
import type { CoreDump } from "../model";
import type { Dialect, DumpFile, Reading } from "./dialect";
import { specification } from "./spec";

/** Known dialects; at equal scores the earlier one wins. */
const dialects: readonly Dialect[] = [specification];

/** @throws FormatError, that of the first dialect, when none can read the file */
export function readByBestDialect(file: DumpFile): CoreDump {
  let best: { name: string; reading: Reading } | undefined;
  let refusal: FormatError | undefined;
  for (const dialect of dialects) {
    const reading = attempt(() => dialect.read(file));
    if (reading instanceof FormatError) refusal ??= reading;
    else if (best === undefined || reading.score > best.reading.score) best = { name: dialect.name, reading };
  }
  if (best === undefined) throw refusal;
  return { ...best.reading.dump, dialect: { name: best.name, why: best.reading.why } };
}
