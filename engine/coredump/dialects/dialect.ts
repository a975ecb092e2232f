/**
 * A dialect: one way in which core dumps have been written. The specification leaves details open, and
 * producers came before it.
 */
import type { FormatError } from "../../bytes/errors";
import type { ByteSource } from "../../bytes/source";
import type { Section } from "../../wasm/sections";
import type { CoreDump } from "../model";

/** A file with its sections found and none of them read. */
export interface DumpFile {
  readonly source: ByteSource;
  readonly sections: readonly Section[];
  /** What was wrong with the sections themselves: the file is truncated or damaged. */
  readonly problems: readonly FormatError[];
}

/** What a dialect made of a file. */
export interface Reading {
  readonly dump: Omit<CoreDump, "dialect">;
  /** How well the file fits: 1 = every byte does; 0 = nothing speaks for it. */
  readonly score: number;
  /** What spoke for it, as a sentence for people. */
  readonly why: string;
}

export interface Dialect {
  readonly name: string;
  /** @throws FormatError when the file is not written in this dialect */
  read(file: DumpFile): Reading;
}
