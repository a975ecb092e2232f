/** All fixtures judged: what docs/FIDELITY.md is made of, and what the tests hold. */
import { settle } from "../../engine/bytes/remote-source";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import {
  companionFixtures,
  dumpPath,
  everyFixture,
  type Fixture,
  modulePath,
} from "../../test/fixtures/index";
import { type FixtureCrash, layOut } from "./frames";
import { judge, judgeOther, type Verdict } from "./verdicts";

/** Those that are judged, in the order of the document. */
export const judgedFixtures: readonly Fixture[] = [...everyFixture, ...companionFixtures];

export interface Surveyed {
  readonly fixture: Fixture;
  readonly frames: number;
  readonly variables: readonly Verdict[];
  /** Statics that the source tells the value of, and how many of them some frame shows right. */
  readonly statics: { readonly expected: number; readonly right: number };
  /** What is wrong beside the variables: frames that are not there, statics with another value. */
  readonly faults: readonly string[];
}

/** Answers a question about the crash of a fixture, and of its unoptimised build if that is another. */
export async function study<T>(
  fixture: Fixture,
  question: (crash: FixtureCrash, twin: FixtureCrash | undefined) => T,
): Promise<T> {
  const host = new NodeHost();
  const open = (of: Fixture) => openCrash({ program: modulePath(of), coreFile: dumpPath(of) }, host);
  try {
    const other = twinOf(fixture);
    const crash = await open(fixture);
    const twin = other && { fixture: other, crash: await open(other) };
    return await settle(() => question(layOut(fixture, crash), twin && layOut(twin.fixture, twin.crash)));
  } finally {
    host.close();
  }
}

export const survey = (fixture: Fixture): Promise<Surveyed> => study(fixture, surveyCrash);

/** The unoptimised build of the same program, by the same compiler where there is one. */
export function twinOf(fixture: Fixture): Fixture | undefined {
  if (fixture.level === "debug") return undefined;
  const likeness = ({ toolchain, dwarf }: Fixture): number =>
    4 * Number(toolchain.compiler === fixture.toolchain.compiler) +
    2 * Number(toolchain.target === fixture.toolchain.target) +
    Number(dwarf === fixture.dwarf);
  return everyFixture
    .filter(
      ({ folder, expected, language, level, dwarf }) =>
        folder === fixture.folder &&
        expected === fixture.expected &&
        language === fixture.language &&
        level === "debug" &&
        dwarf > 0,
    )
    .toSorted((a, b) => likeness(b) - likeness(a))[0];
}

function surveyCrash(crash: FixtureCrash, twin: FixtureCrash | undefined): Surveyed {
  const { fixture, expected, frames, absent } = crash;
  const faults = absent.map((name) => `no frame ${name}`);
  const known = new Set<string>();
  for (const { frame, others } of frames) {
    for (const [expression, wanted] of [...others, ...Object.entries(expected.statics)]) {
      // A program's units each know their own statics, so one frame's may lack what another's shows.
      const { outcome, why } = judgeOther(expression, wanted, frame);
      if (outcome === "wrong") faults.push(`${frame.name} ${expression}: ${why}`);
      if (outcome === "right") known.add(expression);
      else if (outcome === "missing" && !(expression in expected.statics) && fixture.level === "debug")
        faults.push(`${frame.name} ${expression}: ${why}`);
    }
  }
  const statics = Object.keys(expected.statics);
  return {
    fixture,
    frames: frames.length,
    variables: judge(crash, twin),
    statics: { expected: statics.length, right: statics.filter((name) => known.has(name)).length },
    faults,
  };
}
