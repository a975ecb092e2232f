/** The part of docs/FIDELITY.md beside LLDB: every fixture that it reads, and a verdict on each difference. */
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { dumpPath, type Fixture, loadCompanion, loadModule, modulePath } from "../../test/fixtures/index";
import { dumpEntries } from "../../test/support/dwarfdump";
import { compareFrame, type Finding, type Oddity } from "./beside";
import { peerHeading } from "./document";
import type { Lldb } from "./lldb";
import type { Surveyed } from "./survey";
import { groupBy } from "./table";
import type { Verdict } from "./verdicts";

/** Places of one kind that are written out. */
const EXAMPLES = 10;

const ODDITIES: Readonly<Record<Oddity, string>> = {
  "base class's place left out":
    "LLDB's host leaves out where a base class starts: it shows what lies at the member's offset from the object's own start",
  "array of unknown length":
    "LLDB's host takes an array whose length is not a constant for one without a length or stride: it shows a first element, whether there is one or not",
  "bases mixed up":
    "LLDB's host shows one member for several base classes' members of that name, with the type of the last at the place of the first",
  "without its sign": "LLDB's host writes a negative `signed char` as the character of its absolute value",
};

interface Judged extends Finding {
  readonly fixture: Fixture;
  readonly function: string;
  /** Why LLDB is not to be followed; undefined when nothing explains the difference. */
  readonly verdict: string | undefined;
}

/** The one file that LLDB takes: the module, or that of its debug information; undefined where DWARF is in neither. */
function fileForLldb(fixture: Fixture): Uint8Array | undefined {
  const { dwarf, companions = [] } = fixture;
  if (companions.length === 0) return dwarf > 0 ? loadModule(fixture) : undefined;
  const file = companions.find((name) => /\.wasm(\.gz)?$/.test(name));
  return file === undefined ? undefined : loadCompanion(fixture, file);
}

/** @returns the part with its heading, and how many differences nothing explains */
export async function besidePeer(
  lldb: Lldb,
  surveyed: readonly Surveyed[],
): Promise<{ readonly text: string; readonly unexplained: number }> {
  const judged: Judged[] = [];
  for (const one of surveyed) {
    const file = fileForLldb(one.fixture);
    if (file !== undefined) judged.push(...(await judgeFixture(lldb, one, file)));
  }
  await lldb.close();
  const unexplained = judged.filter(({ kind, verdict }) => isDifference(kind) && verdict === undefined);
  return { text: written(judged, unexplained), unexplained: unexplained.length };
}

async function judgeFixture(
  lldb: Lldb,
  { fixture, variables }: Surveyed,
  file: Uint8Array,
): Promise<Judged[]> {
  const host = new NodeHost();
  const crash = await openCrash({ program: modulePath(fixture), coreFile: dumpPath(fixture) }, host);
  await lldb.open(file);
  const frames = crash.threads[0]?.frames() ?? [];
  const found: (Finding & { function: string; known: Verdict | undefined })[] = [];
  const program = frames.filter(({ origin }) => origin === "program");
  for (const [depth, frame] of program.entries()) {
    if (frame.entry === undefined) continue;
    const inlined = frames.filter(({ physical }) => physical === frame.physical).indexOf(frame);
    const findings = await compareFrame(lldb, frame, inlined, frame === program[0]);
    const known = new Map(
      variables.filter((one) => one.depth === depth).map((one) => [one.name.replace(/#\d+$/, ""), one]),
    );
    found.push(
      ...findings.map((finding) => ({
        ...finding,
        function: frame.name,
        known: known.get(finding.path.split("/")[0]!),
      })),
    );
  }
  host.close();
  const bitFields = found.some(({ kind }) => kind === "differ") ? bitFieldsOf(fixture) : new Set<string>();
  return found.map((finding) => ({
    ...finding,
    fixture,
    verdict: verdictOn(finding, bitFields, finding.known),
  }));
}

/** Names of the module's bit-fields, as llvm-dwarfdump reads them. */
function bitFieldsOf(fixture: Fixture): ReadonlySet<string> {
  const names = dumpEntries(modulePath(fixture)).flatMap(({ attributes }) =>
    attributes.some(({ name }) => name === "DW_AT_bit_size")
      ? (/"(.*)"/.exec(attributes.find(({ name }) => name === "DW_AT_name")?.value ?? "")?.[1] ?? [])
      : [],
  );
  return new Set(names);
}

function verdictOn(
  { kind, path, listed, type, missing, oddity }: Finding,
  bitFields: ReadonlySet<string>,
  known: Verdict | undefined,
): string | undefined {
  if (missing?.reason === "misdescribed")
    return "DWARF's claim refuted by the code: the variable's value is worked out elsewhere, or its pieces contradict each other";
  if (/has been reused since/.test(missing?.detail ?? ""))
    return "DWARF's claim refuted by the code: the local that the location names holds another value by now";
  if (missing?.detail === "stack overflow")
    return "The C stack has run out: the place lies below address 0, and LLDB wraps around to the end of the address space";
  if (missing?.detail === "around the end of the address space")
    return "The pointer leads to the last byte of the address space, as Rust's `Weak::new()` does: LLDB goes on at address 0";
  if (missing?.reason === "discarded")
    return "The linker has discarded it: LLDB shows what lies at address 0 or beyond the end";
  if (kind === "differ" && bitFields.has(path.split("/").at(-1)!))
    return "LLDB's host shows the whole storage unit of a bit-field";
  if (type.endsWith("::*")) return "LLDB's host takes a member pointer for an address";
  if (oddity !== undefined) return ODDITIES[oddity];
  if (known?.outcome === "unset") return "It is not assigned yet";
  if (missing?.reason === "incomplete-type" && /BitInt/.test(missing.detail ?? ""))
    return "This compiler does not tell the width of a `_BitInt`: LLDB takes that of its storage";
  if (
    listed &&
    known !== undefined &&
    known.outcome !== "wrong" &&
    known.judges.some((judge) => judge !== "V8")
  )
    return "LLDB is wrong: the source, or the unoptimised build leaf by leaf, agrees with what we show (LLDB has read a frame base from a local that holds another value by now, or does not know an integer's own width)";
  return undefined;
}

const isDifference = (kind: Finding["kind"]): boolean => kind === "differ" || kind === "only LLDB's";

function written(judged: readonly Judged[], unexplained: readonly Judged[]): string {
  const rows = Array.from(
    groupBy(judged, ({ fixture: { language, toolchain } }) =>
      [language, toolchain.compiler, toolchain.options, toolchain.target].join(" | "),
    ),
    ([title, all]) => row(title, all),
  );
  const verdicts = groupBy(
    judged.filter(({ kind, verdict }) => isDifference(kind) && verdict !== undefined),
    ({ verdict }) => verdict!,
  );
  const explained = Array.from(verdicts, ([verdict, all]) => {
    const places = [...new Set(all.map((one) => `${one.function} ${quoted(one.path)}`))].toSorted();
    const more = places.length > EXAMPLES ? `, and ${places.length - EXAMPLES} more` : "";
    return `- ${all.length} ×: ${verdict}. ${places.slice(0, EXAMPLES).join(", ")}${more}`;
  });
  return `${peerHeading}

\`@vscode/dwarf-debugging\` 0.0.2 (LLDB compiled to Wasm, with the formatters that Chrome and js-debug show values by)
on the same dumps of every language with DWARF in the module or in one file beside it (it takes one file, so no
\`.dwo\`): arguments and locals of each of the program's own frames, statics once, leaf by leaf through members,
elements and pointers. **only LLDB's**: it shows what we call missing or do not list.

| language | compiler | options | target | leaves | same | only ours | only LLDB's | differ |
|---|---|---|---|---|---|---|---|---|
${rows.toSorted().join("\n")}
${row("**all** | | | ", judged)}

### Only LLDB's, or different, and why LLDB is not followed

${explained.toSorted().join("\n") || "None."}

### Only LLDB's, or different, and not explained

${unexplained.map((one) => `- ${one.fixture.name} ${one.function} \`${one.path}\` ${one.kind}: ours ${quoted(one.ours)}, LLDB's ${quoted(one.theirs)}`).join("\n") || "None."}
`;
}

function row(title: string, all: readonly Judged[]): string {
  const count = (kind: Finding["kind"]): number => all.filter((one) => one.kind === kind).length;
  const kinds = (["same", "only ours", "only LLDB's", "differ"] as const).map(count);
  return `| ${title} | ${all.length} | ${kinds.join(" | ")} |`;
}

const quoted = (text: string): string =>
  `\`${(text.length > 80 ? `${text.slice(0, 79)}…` : text).replaceAll("`", "'").replaceAll("\0", "\\0")}\``;
