/**
 * `npm run recovery [-- --snapshots N] [--seed S] [--only NAME]`: how much of a frame comes back when a dump has
 * neither locals nor operands. Runs programs under V8's inspector, stops them at random instructions, in the
 * host's functions and at their traps, and compares what is recovered with what V8 tells.
 *
 * Prints a table for docs/RECOVERY.md and every mistake; ends with 1 when there was one.
 */
import { parseArgs } from "node:util";
import { type SnapshotOptions, SnapshotWatch } from "../../capture/inspector/snapshots";
import { type FileOffset, fileOffset, functionIndex } from "../../engine/bytes/offsets";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import { dwarfSectionsOf } from "../../engine/dwarf/sections";
import { FunctionCode } from "../../engine/wasm/function-code";
import type { WasmModule } from "../../engine/wasm/module";
import { compare, type Figures, noFigures, type Subject } from "./compare";
import { Liveness } from "./liveness";
import { instantiate, type Program, programs } from "./programs";
import { type Random, random } from "./random";
import { table } from "./report";

/** Breakpoints of one run. */
const BREAKPOINTS = 150;
/** Snapshots of one run: the program is to go on, not to stand still. */
const PER_RUN = 60;
/** Runs of one program that bring nothing new before it is left. */
const IDLE_RUNS = 4;
/** Of the pauses in one run, the share that is looked at: now the first ones, now ones all over the run. */
const CHANCES = [0.5, 0.1, 0.02];
/** Pauses of one run: code that runs a million times is to get on. */
const MOST_PAUSES = 4000;

/**
 * Where no breakpoint is set: at calls, since no stack's youngest frame stands at one whose callee is the module's
 * own; at `unreachable`, where V8 dies of it; at what is no place of its own.
 */
const UNSTOPPABLE = /^(call|unreachable$|end$|else$|block$|loop$)/;

/** Measures a program on about `wanted` snapshots. */
export function measure(program: Program, wanted: number, dice: Random): Figures {
  const figures = noFigures();
  let subject: Subject | undefined;
  let wants: SnapshotOptions["wants"] = () => false;
  let onWanted: () => void = () => undefined;
  const watch = SnapshotWatch.start({
    wants: (at) => wants(at),
    onSnapshot: ({ contents, module }) => {
      subject ??= subjectOf(module);
      onWanted();
      if (contents.threads[0]!.frames.length > 0) compare(contents, subject, figures);
    },
  });
  let pauses = 0;
  const run = (offsets: (module: WasmModule) => readonly FileOffset[], inHost: () => void): void => {
    const start = instantiate(program, inHost);
    watch.breakAt(offsets(watch.module!));
    watch.pauses(true);
    try {
      start();
    } catch {
      // It traps: that is what it is for.
    }
  };
  try {
    // Which functions run at all.
    const reached = new Set<number>();
    wants = (at) => {
      const pc = watch.module!.fileToCodeOffset(at);
      const index = pc === undefined ? undefined : watch.module!.functionAt(pc);
      if (index !== undefined) reached.add(index);
      if (++pauses > MOST_PAUSES) watch.pauses(false);
      return false;
    };
    run(
      (module) => entriesOf(module),
      () => undefined,
    );
    for (let idle = 0; idle < IDLE_RUNS && figures.snapshots < wanted; ) {
      const before = figures.snapshots;
      const chance = CHANCES[Math.floor(dice() * CHANCES.length)]!;
      let left = Math.min(PER_RUN, wanted - before);
      pauses = 0;
      wants = () => {
        if (left <= 0 || ++pauses > MOST_PAUSES) watch.pauses(false);
        return left > 0 && dice() < chance;
      };
      onWanted = () => {
        left--;
      };
      run(
        (module) => randomOffsets(module, reached, dice),
        () => {
          if (left > 0 && dice() < chance / 4) {
            // biome-ignore lint/suspicious/noDebugger: this is what stops the program
            debugger;
          }
        },
      );
      idle = figures.snapshots === before ? idle + 1 : 0;
    }
  } finally {
    watch.stop();
  }
  return figures;
}

function subjectOf(module: WasmModule): Subject {
  const liveness = new Liveness(module);
  const debug =
    module.customSection(".debug_info") === undefined
      ? undefined
      : openDebugInformation(dwarfSectionsOf(module));
  return {
    module,
    debug,
    isLive: (frame, local) => liveness.at(frame.functionIndex, frame.offset).has(local),
  };
}

/** The first instruction of every function. */
function entriesOf(module: WasmModule): FileOffset[] {
  const offsets: FileOffset[] = [];
  for (let index = module.importedFunctionCount; index < module.functionCount; index++) {
    const code = FunctionCode.of(module, functionIndex(index));
    const first = code?.instructions().next().value;
    if (code !== undefined && first && !UNSTOPPABLE.test(first.mnemonic))
      offsets.push(fileOffset(code.body.fileStart + first.offset));
  }
  return offsets;
}

/**
 * Random instructions of functions that run.
 */
function randomOffsets(module: WasmModule, reached: ReadonlySet<number>, dice: Random): FileOffset[] {
  const functions = [...reached];
  const offsets = new Set<FileOffset>();
  for (let tries = 0; tries < BREAKPOINTS * 2 && offsets.size < BREAKPOINTS; tries++) {
    const code = FunctionCode.of(module, functionIndex(functions[Math.floor(dice() * functions.length)]!));
    if (code === undefined) continue;
    const instructions = [...code.instructions()].filter(({ mnemonic }) => !UNSTOPPABLE.test(mnemonic));
    const chosen = instructions[Math.floor(dice() * instructions.length)];
    if (chosen !== undefined) offsets.add(fileOffset(code.body.fileStart + chosen.offset));
  }
  return [...offsets];
}

function main(): void {
  const { values } = parseArgs({
    options: {
      snapshots: { type: "string", default: "2400" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
    },
  });
  const all = programs().filter(({ name }) => values.only === undefined || name.includes(values.only));
  const each = Math.ceil(Number(values.snapshots) / Math.max(1, all.length));
  const dice = random(Number(values.seed));
  const results: [Program, Figures][] = [];
  for (const program of all) {
    const figures = measure(program, each, dice);
    results.push([program, figures]);
    console.error(`${program.name}: ${figures.snapshots} snapshots, ${figures.mistakes.length} mistakes`);
    for (const mistake of figures.mistakes.slice(0, 10)) console.error(`  ${mistake}`);
  }
  console.log(table(results));
  if (results.some(([, { mistakes }]) => mistakes.length > 0)) process.exitCode = 1;
}

if (require.main === module) main();
