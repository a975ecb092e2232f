/** Counts of what was compared: a row for each compiler, its options and the way to the dump. */
import type { Compared, Comparison } from "./comparison";

export const OUTCOMES = ["right", "missing", "wrong", "unlisted", "undescribed"] as const;

export class Row {
  programs = 0;
  framesWrong = 0;
  readonly counts = new Map<Compared["judgement"]["outcome"], number>();
  /** Why values are missing, without the numbers in it, and how often. */
  readonly reasons = new Map<string, number>();

  add({ compared, framesWrong }: Comparison): void {
    this.programs++;
    if (framesWrong !== undefined) this.framesWrong++;
    for (const { judgement } of compared) {
      count(this.counts, judgement.outcome);
      if (judgement.outcome === "missing")
        count(this.reasons, judgement.why.replace(/^[^:]*: /, "").replace(/0x[0-9a-f]+|\d+/g, "N"));
    }
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** In Markdown. */
export function table(rows: ReadonlyMap<string, Row>): string {
  const lines = Array.from(rows, ([name, { programs, framesWrong, counts }]) => {
    const cells = OUTCOMES.map((outcome) => counts.get(outcome) ?? 0);
    return `| ${name} | ${programs} | ${cells.join(" | ")} | ${framesWrong} |`;
  });
  return [
    `| | programs | ${OUTCOMES.join(" | ")} | stacks with other frames |`,
    `|---|${"---|".repeat(OUTCOMES.length + 2)}`,
    ...lines,
  ].join("\n");
}
