/**
 * `npm run hunt -- [--language c|cpp|rust] [--seeds 1-50] [--options "-O2 -gdwarf-5"]… [--mode full|error|tier1|tier2]…
 * [--reasons] [--keep FOLDER]`: hunts wrong values. Each seed is a random program that crashes; an unoptimised build of
 * it tells its own variables, and every build's dump is compared with that.
 *
 * Prints each wrong value with its seed, frame, variable and the bytes of its location, then a table; without
 * optimisation a missing or unlisted variable is a fault as well. Ends with 1 when there was one.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { settle } from "../../engine/bytes/remote-source";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { generateC } from "./c/program";
import { type Compared, type Comparison, compareCrash } from "./comparison";
import { generateCpp } from "./cpp/program";
import { type FrameTruth, type Language, languages, type Program } from "./model";
import { crashFiles, type Mode, modes } from "./modes";
import { runToCrash } from "./running";
import { generateRust } from "./rust/program";
import { Row, table } from "./table";
import { MissingTool, toolchains } from "./toolchains";

/** Faults that are printed of one build; the others are counted. */
const MOST_FAULTS = 8;

const generators: Readonly<Record<Language, (seed: number) => Program>> = {
  c: generateC,
  cpp: generateCpp,
  rust: generateRust,
};

const defaults: Readonly<Record<Language, readonly string[]>> = {
  c: ["-O0 -gdwarf-4", "-O0 -gdwarf-5", "-O1 -gdwarf-5", "-O2 -gdwarf-5", "-Os -gdwarf-4"],
  cpp: ["-O0 -gdwarf-5", "-O1 -gdwarf-5"],
  rust: ["-Copt-level=0", "-Copt-level=3 -Zdwarf-version=5"],
};

interface Request {
  readonly language: Language;
  readonly seeds: readonly number[];
  readonly options: readonly string[];
  readonly modes: readonly Mode[];
  readonly reasons: boolean;
  readonly folder: string;
  /** Whether sources and modules are left there. */
  readonly keep: boolean;
}

/** @throws Error when an argument says nothing that is known */
function request(folder: string): Request {
  // A compiler's options begin with a dash, which parseArgs takes behind `=` alone.
  const args = process.argv.slice(2).flatMap((given, at, all) => {
    if (all[at - 1] === "--options") return [];
    return given === "--options" ? [`--options=${all[at + 1] ?? ""}`] : [given];
  });
  const { values } = parseArgs({
    args,
    options: {
      language: { type: "string", default: "c" },
      seeds: { type: "string", default: "1-50" },
      options: { type: "string", multiple: true },
      mode: { type: "string", multiple: true, default: ["full"] },
      reasons: { type: "boolean", default: false },
      keep: { type: "string" },
    },
  });
  const among = <T extends string>(all: readonly T[], given: string): T => {
    const found = all.find((one) => one === given);
    if (found === undefined) throw new Error(`${given} is none of ${all.join(", ")}`);
    return found;
  };
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(values.seeds) ?? [];
  if (from === undefined) throw new Error(`--seeds ${values.seeds}: a number, or two with - between`);
  const language = among(languages, values.language);
  const count = Math.max(0, Number(to ?? from) - Number(from) + 1);
  return {
    language,
    seeds: Array.from({ length: count }, (_, index) => Number(from) + index),
    options: values.options ?? defaults[language],
    modes: values.mode.map((mode) => among(modes, mode)),
    reasons: values.reasons,
    folder: values.keep ?? folder,
    keep: values.keep !== undefined,
  };
}

/** One language's programs, compared as they are built and crash. */
class Hunt {
  readonly rows = new Map<string, Row>();
  faults = 0;

  constructor(private readonly request: Request) {}

  /** What goes wrong with a program is a fault of it. @throws MissingTool */
  async seed(seed: number): Promise<void> {
    try {
      await this.program(seed);
    } catch (error) {
      if (error instanceof MissingTool) throw error;
      this.fault(`seed ${seed}: ${(error as Error).stack}`);
    }
  }

  private async program(seed: number): Promise<void> {
    const { language, options } = this.request;
    const program = generators[language](seed);
    const { extension, full, compiler } = toolchains[language];
    const folder = join(this.request.folder, `${language}-${seed}`);
    mkdirSync(folder, { recursive: true });
    const source = join(folder, `program.${extension}`);
    writeFileSync(source, program.source);
    const version = `${language === "rust" ? "-Zdwarf-version=" : "-gdwarf-"}${4 + (seed % 2)}`;
    const unoptimised = language === "rust" ? "-Copt-level=0" : "-O0";
    const telling = this.build(source, seed, "telling", `${unoptimised} ${version} ${full.join(" ")}`);
    if (telling === undefined) return;
    const { frames, inspected } = runToCrash(readFileSync(telling), program, true);
    const dump = join(folder, "telling.coredump");
    writeFileSync(dump, inspected ?? new Uint8Array());
    const where = `${compiler}, the build that tells`;
    await this.compare(where, seed, { module: telling, dump }, frames, program, true);
    for (const given of options) await this.buildAndCompare(given, source, seed, frames, program);
    if (!this.request.keep) rmSync(folder, { recursive: true });
  }

  private async buildAndCompare(
    given: string,
    source: string,
    seed: number,
    frames: readonly FrameTruth[],
    program: Program,
  ): Promise<void> {
    const { compiler } = toolchains[this.request.language];
    const module = this.build(source, seed, "program", given);
    if (module === undefined) return;
    for (const mode of this.request.modes) {
      const where = `${compiler} ${given}, ${mode}`;
      try {
        await this.compare(where, seed, crashFiles(module, program, mode), frames, program, false);
      } catch (error) {
        this.fault(`seed ${seed}, ${where}: ${(error as Error).stack}`);
      }
    }
  }

  /** The module's path; undefined when the compiler refuses the program. @throws MissingTool */
  private build(source: string, seed: number, name: string, options: string): string | undefined {
    try {
      return toolchains[this.request.language].build(source, name, options.split(" "));
    } catch (error) {
      if (error instanceof MissingTool) throw error;
      this.fault(`seed ${seed}, ${options}: ${(error as Error).message}`);
      return undefined;
    }
  }

  private async compare(
    where: string,
    seed: number,
    files: { readonly module: string; readonly dump: string },
    frames: readonly FrameTruth[],
    program: Program,
    sameBuild: boolean,
  ): Promise<void> {
    const host = new NodeHost();
    try {
      const crash = await openCrash({ program: files.module, coreFile: files.dump }, host);
      const comparison = await settle(() => compareCrash(crash, frames, program, sameBuild));
      const row = this.rows.get(where) ?? new Row();
      this.rows.set(where, row);
      row.add(comparison);
      const isUnoptimised = sameBuild || /-O0\b.*full$|opt-level=0.*full$/.test(where);
      this.report(`seed ${seed}, ${where}`, comparison, isUnoptimised);
    } finally {
      host.close();
    }
  }

  private report(where: string, { compared, framesWrong }: Comparison, isUnoptimised: boolean): void {
    if (framesWrong !== undefined) this.fault(`${where}: frames ${framesWrong}`);
    const faults = compared.filter(
      ({ judgement: { outcome }, variable }) =>
        outcome === "wrong" ||
        (isUnoptimised && (outcome === "missing" || outcome === "unlisted") && !variable.isStatic),
    );
    for (const fault of faults.slice(0, MOST_FAULTS)) this.fault(`${where}: ${described(fault)}`);
    this.faults += Math.max(0, faults.length - MOST_FAULTS);
  }

  private fault(text: string): void {
    this.faults++;
    console.log(text);
  }
}

function described({ depth, function: name, variable, path, judgement, type, location }: Compared): string {
  const why = "why" in judgement ? judgement.why : "";
  const what = `#${depth} ${name} ${variable.name} (line ${variable.line}) ${path.join(".")}`;
  return `${what} <${type}>: ${judgement.outcome} ${why} [${location}]`;
}

async function main(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "hunt-"));
  try {
    const asked = request(scratch);
    const hunt = new Hunt(asked);
    for (const seed of asked.seeds) await hunt.seed(seed);
    console.log(table(hunt.rows));
    for (const [name, { reasons }] of asked.reasons ? hunt.rows : []) {
      console.log(`\n${name}`);
      for (const [why, times] of [...reasons].toSorted((a, b) => b[1] - a[1]))
        console.log(`${times} × ${why}`);
    }
    if (hunt.faults > 0) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
