/**
 * Whose frame a printed frame is. An engine prints a module's URL, or a name that it makes of the module's own;
 * it never says which instance. Where that leaves a choice no instance is named: another one's memory would show
 * wrong values.
 */
import type { ProgramInstance } from "./model";
import { bodyStart, moduleNameOf } from "./module-file";
import type { PrintedFrame } from "./stack";

/** For each module that frames name, its instance; one of which only the name is known where that cannot be told. */
export function ownersOf(
  frames: readonly PrintedFrame[],
  programs: readonly ProgramInstance[],
): ReadonlyMap<string, ProgramInstance> {
  const candidates = new Map<string, readonly ProgramInstance[]>();
  for (const module of new Set(frames.map((frame) => frame.module))) {
    const name = printedName(module);
    const own = frames.filter((frame) => frame.module === module);
    const fitting = programs.filter((program) => mayBe(program, module, name) && fits(program, own));
    const namesakes = fitting.filter((program) => name !== "" && nameOf(program) === name);
    candidates.set(module, namesakes.length > 0 ? namesakes : fitting);
  }
  const claims = [...candidates.values()].flat();
  return new Map(
    Array.from(candidates, ([module, [first, ...others]]) => {
      const isTold = first && others.length === 0 && claims.indexOf(first) === claims.lastIndexOf(first);
      return [module, isTold ? first : { name: printedName(module) }];
    }),
  );
}

/** The name in what an engine prints: `wasm://wasm/app-00091342` is `app`, `https://host/app.wasm` is `app.wasm`. */
function printedName(module: string): string {
  const last = /[^/\\]*$/.exec(module.replace(/[?#].*/, ""))![0];
  return module.startsWith("wasm:") ? last.replace(/-?[0-9a-f]{8}$/, "") : last;
}

export const nameOf = (program: ProgramInstance): string | undefined => moduleNameOf(program) ?? program.name;

/** V8 prints the name that a module gives itself, unless it came from a URL. */
const mayBe = (program: ProgramInstance, module: string, name: string): boolean =>
  !module.startsWith("wasm:") || !program.module || (moduleNameOf(program) ?? "") === name;

const fits = ({ bytes }: ProgramInstance, frames: readonly PrintedFrame[]): boolean =>
  !bytes || frames.every(({ offset }) => offset === undefined || bodyStart(bytes, offset) !== undefined);
