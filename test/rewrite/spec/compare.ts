/** The specification's test suite with its modules as they are and instrumented: what outcomes differ. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { FormatError } from "../../../engine/bytes/errors";
import type { InstrumentOptions } from "../../../engine/rewrite/instrument/model";
import { instrumentBytes } from "../instrument/support";
import { type Outcome, runScript } from "./runner";

/** Ways to instrument. */
export const VARIANTS = {
  "tier 0": { tier: 0 },
  "tier 1": { tier: 1 },
  "tier 2": { tier: 2 },
  "tier 1 without exceptions": { tier: 1, hasExceptions: false },
  "tier 2 without exceptions": { tier: 2, hasExceptions: false },
} satisfies Record<string, Partial<InstrumentOptions>>;

export type Variant = keyof typeof VARIANTS;

export interface Comparison {
  readonly scripts: number;
  /** Of the scripts' commands, with each variant; those about modules that the engine refuses are not counted. */
  readonly outcomes: number;
  /** Scripts with modules that the engine refuses, and how many. */
  readonly refused: Record<string, number>;
  readonly variants: Partial<Record<Variant, VariantCounts>>;
  /** The outcomes that are not the same, in words. */
  readonly different: string[];
}

export interface VariantCounts {
  /** Modules that became others. */
  changed: number;
  /** Modules left as they are, by why. */
  readonly unchanged: Record<string, number>;
}

/** @param folder of scripts as JSON and modules, in folders of its own (scripts/spec-suite.mjs) */
export function compare(folder: string, variants: readonly Variant[], only = ""): Comparison {
  const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json") && path.includes(only))
    .sort();
  const refused: Record<string, number> = {};
  const counts: Comparison["variants"] = {};
  const different: string[] = [];
  let outcomes = 0;
  for (const script of scripts) {
    const plain = runScript(join(folder, script), (bytes) => bytes);
    const refusals = plain.filter(isRefusal).length;
    if (refusals > 0) refused[script] = refusals;
    outcomes += plain.length - refusals;
    for (const variant of variants) {
      const into = (counts[variant] ??= { changed: 0, unchanged: {} });
      const changed = runScript(join(folder, script), (bytes) => instrumented(bytes, variant, into));
      plain.forEach(({ line, type, text }, at) => {
        const other = changed[at]?.text;
        if (text !== other) different.push(`${script}:${line} ${type}: ${text}; ${variant}: ${other}`);
      });
    }
  }
  return { scripts: scripts.length, outcomes, refused, variants: counts, different };
}

const isRefusal = ({ text }: Outcome) => text.startsWith("CompileError");

function instrumented(bytes: Uint8Array, variant: Variant, counts: VariantCounts): Uint8Array {
  if (!WebAssembly.validate(bytes)) return bytes;
  try {
    const { module } = instrumentBytes(bytes, VARIANTS[variant]);
    if (Buffer.compare(module, bytes) !== 0) counts.changed++;
    return module;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const reason = error.message.replace(/ \(.*/, "");
    counts.unchanged[reason] = (counts.unchanged[reason] ?? 0) + 1;
    return bytes;
  }
}
