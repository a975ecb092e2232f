/** The figures as a table in Markdown. */
import type { Figures, Score } from "./compare";
import { noFigures } from "./compare";
import type { Program } from "./programs";

const HEAD = [
  "| module | made by | snapshots | frames | frame base exact | unknown | wrong | local reused | all locals | wrong | live locals | operands | wrong | ms a frame, p50 | p99 |",
  "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
];

export function table(results: readonly (readonly [Program, Figures])[]): string {
  const rows = results.map(([{ name, made }, figures]) => row(name, made, figures));
  const sums = ([false, true] as const).map((optimised) => {
    const part = results.filter(([program]) => program.optimised === optimised).map(([, figures]) => figures);
    return row(optimised ? "**optimised**" : "**unoptimised**", "", sum(part));
  });
  return [...HEAD, ...rows, ...sums, row("**all**", "", sum(results.map(([, figures]) => figures)))].join(
    "\n",
  );
}

function row(name: string, made: string, figures: Figures): string {
  const { snapshots, frames, frameBases, locals, live, operands, times } = figures;
  const cells = [
    name,
    made,
    snapshots,
    frames,
    `${frameBases.exact}/${frameBases.exact + frameBases.unknown + frameBases.wrong}`,
    frameBases.unknown,
    frameBases.wrong,
    figures.elsewhere,
    share(locals),
    locals.wrong,
    share(live),
    share(operands),
    operands.wrong,
    quantile(times, 0.5).toFixed(2),
    quantile(times, 0.99).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}

function share({ exact, unknown, wrong }: Score): string {
  const all = exact + unknown + wrong;
  return all === 0 ? "–" : `${Math.floor((100 * exact) / all)} %`;
}

function quantile(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(part * (times.length - 1))] ?? 0;
}

function sum(all: readonly Figures[]): Figures {
  const total = noFigures();
  for (const figures of all) {
    total.snapshots += figures.snapshots;
    total.frames += figures.frames;
    total.elsewhere += figures.elsewhere;
    for (const part of ["frameBases", "locals", "live", "operands"] as const)
      for (const verdict of ["exact", "unknown", "wrong"] as const)
        total[part][verdict] += figures[part][verdict];
    total.times.push(...figures.times);
  }
  return total;
}
