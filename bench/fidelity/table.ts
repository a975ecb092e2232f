/** The survey as Markdown: docs/FIDELITY.md without its part beside LLDB. */
import type { Surveyed } from "./survey";
import type { Verdict } from "./verdicts";

/** One row a language, compiler, level and target. */
export function fidelityTable(surveyed: readonly Surveyed[]): string {
  const groups = groupBy(surveyed, ({ fixture: { language, toolchain } }) =>
    [language, toolchain.compiler, toolchain.options, toolchain.target].join(" | "),
  );
  const rows = Array.from(groups, ([title, all]) => row(title, all));
  return [
    "| language | compiler | options | target | crashes | frames | variables | right | missing | wrong | not assigned yet | no judge | DWARF locates | of those right | statics right |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ...rows.toSorted(),
    row("**all** | | | ", surveyed),
    row(
      "unoptimised | | | ",
      surveyed.filter(({ fixture }) => fixture.level === "debug"),
    ),
    row(
      "optimised | | | ",
      surveyed.filter(({ fixture }) => fixture.level === "release"),
    ),
  ].join("\n");
}

function row(title: string, surveyed: readonly Surveyed[]): string {
  const all = surveyed.flatMap(({ variables }) => variables);
  const located = all.filter(isLocated);
  const sum = (of: (one: Surveyed) => number): number => surveyed.reduce((total, one) => total + of(one), 0);
  const cells = [
    surveyed.length,
    sum(({ frames }) => frames),
    all.length,
    ...(["right", "missing", "wrong", "unset", "unjudged"] as const).map((outcome) => count(all, outcome)),
    located.length,
    count(located, "right"),
    `${sum(({ statics }) => statics.right)} of ${sum(({ statics }) => statics.expected)}`,
  ];
  return `| ${title} | ${cells.join(" | ")} |`;
}

const count = (all: readonly Verdict[], outcome: Verdict["outcome"]): number =>
  all.filter((verdict) => verdict.outcome === outcome).length;

/** Whether llvm-dwarfdump says where it is; what is not assigned yet has a place, and nothing in it. */
export const isLocated = ({ location, outcome }: Verdict): boolean =>
  location !== undefined && outcome !== "unset";

/** How many variables some judge knows. */
export function coverage(surveyed: readonly Surveyed[]): string {
  const verdicts = surveyed.flatMap(({ variables }) => variables);
  const shown = verdicts.filter(({ outcome }) => outcome !== "missing" && outcome !== "unset");
  const known = shown.length - count(shown, "unjudged");
  const expected = verdicts.filter(({ expected }) => expected).length;
  return `**${known} of ${shown.length}** variables that are shown have a judge; **${expected} of ${verdicts.length}** variables in scope have an expectation written by hand from the source.`;
}

/** Why variables are missing, the most frequent first. */
export function reasonsTable(surveyed: readonly Surveyed[]): string {
  const missing = surveyed
    .flatMap(({ variables }) => variables)
    .filter(({ outcome }) => outcome === "missing");
  const reasons = Array.from(groupBy(missing, generalReason), ([reason, all]) => ({ reason, all }));
  return [
    "| variables | DWARF locates | reason |",
    "|---|---|---|",
    ...reasons
      .toSorted((a, b) => b.all.length - a.all.length || (a.reason < b.reason ? -1 : 1))
      .map(({ reason, all }) => `| ${all.length} | ${all.filter(isLocated).length} | ${reason} |`),
  ].join("\n");
}

/** The reason without what is particular to one variable: the part that is missing, addresses, numbers of locals. */
function generalReason({ why = "" }: Verdict): string {
  const reason = /: (.*)$/s.exec(why);
  const part = reason !== null && !/^(not available|optimized out)/.test(why);
  return (part ? `a part of it: ${reason[1]}` : why)
    .replace(/\(0x[0-9a-f.x]+\)/, "")
    .replace(/local \d+/, "a local")
    .trim();
}

/** Who agrees with what is shown. */
export function judgesTable(surveyed: readonly Surveyed[]): string {
  const right = surveyed.flatMap(({ variables }) => variables).filter(({ outcome }) => outcome === "right");
  const by = (judge: Verdict["judges"][number]): number =>
    right.filter(({ judges }) => judges.includes(judge)).length;
  return [
    "| judge | agrees on |",
    "|---|---|",
    `| the source, by hand (expected.json) | ${by("source")} |`,
    `| the unoptimised build of the same source and crash, leaf by leaf | ${by("unoptimised build")} |`,
    `| V8's record of the one Wasm local that DWARF names | ${by("V8")} |`,
  ].join("\n");
}

/** Every variable that DWARF locates and that is missing all the same, with what is to be said of it. */
export function locatedButMissing(surveyed: readonly Surveyed[]): string {
  const verdicts = surveyed.flatMap(({ variables }) => variables);
  const found = verdicts.filter((verdict) => verdict.outcome === "missing" && isLocated(verdict));
  if (found.length === 0) return "None.";
  const lines = groupBy(found, (verdict) =>
    [verdict.function, verdict.name, code(verdict.location ?? ""), saying(verdict)].join(" | "),
  );
  return [
    "| function | variable | DWARF's location | why it is not shown | in |",
    "|---|---|---|---|---|",
    ...Array.from(lines, ([line, all]) => {
      const names = [...new Set(all.map(({ fixture }) => fixture.name))];
      return `| ${line} | ${names.join(", ")} |`;
    }).toSorted(),
  ].join("\n");
}

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

function saying({ refuted, why = "", location = "" }: Verdict): string {
  if (/(^|DW_OP_piece 0x[0-9a-f]+, )DW_OP_piece/.test(location)) return `DWARF leaves a piece out; ${why}`;
  if (refuted === undefined)
    return /has been reused since|describes another value/.test(why)
      ? `DWARF's claim refuted by the code: ${why}`
      : why;
  const truth = {
    "would have been wrong": "its value is not the variable's",
    "would have been right": "its value happens to be the variable's",
    "nobody knows": "no judge knows the value",
  }[refuted];
  return `DWARF's claim refuted by the code: ${/local \d+ has been reused since/.exec(why)?.[0] ?? why}; ${truth}`;
}

/** Variables that are shown and that no judge knows. */
export function unjudged(surveyed: readonly Surveyed[]): string {
  const lines = surveyed.flatMap(({ fixture, variables }) => {
    const names = variables.filter(({ outcome }) => outcome === "unjudged");
    if (names.length === 0) return [];
    return [`- ${fixture.name}: ${names.map((one) => `${one.function} \`${one.name}\``).join(", ")}`];
  });
  return lines.length === 0 ? "None." : lines.join("\n");
}

/** Everything that is wrong, for people. */
export function faultsOf({ fixture, variables, faults }: Surveyed): string[] {
  const wrong = variables.filter(({ outcome }) => outcome === "wrong");
  return [
    ...faults.map((fault) => `${fixture.name}: ${fault}`),
    ...wrong.map(({ function: name, name: variable, why }) => `${fixture.name}: ${name} ${variable}: ${why}`),
  ];
}

/** In the order in which the keys come up. */
export function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
