/**
 * Whose frame a printed frame is. An engine prints a module's URL, or a name that it makes of the module's own;
 * it never says which instance. Where that leaves a choice no instance is named: another one's memory would show
 * wrong values.
 */
import type { ProgramInstance } from "./model";
import { bodyStart, buildIdOf, moduleNameOf } from "./module-file";
import type { PrintedFrame } from "./stack";

/** For each frame its instance; one of which only the name, and perhaps the module, is known where that cannot be told. */
export function ownersOf(
  frames: readonly PrintedFrame[],
  programs: readonly ProgramInstance[],
): readonly ProgramInstance[] {
  const modules = [...new Set(frames.map(({ module }) => module))];
  const candidates = modules.map((module) => {
    const name = printedName(module);
    const fitting = programs.filter(
      (program) =>
        mayBe(program, module, name) &&
        frames.every((frame) => frame.module !== module || fits(program, frame)),
    );
    const namesakes = fitting.filter((program) => name && nameOf(program) === name);
    return namesakes.length > 0 ? namesakes : fitting;
  });
  const owners = candidates.map((own, at): ProgramInstance => {
    const isTold = own.length === 1 && candidates.every((other) => other === own || !other.includes(own[0]!));
    const [first] = own;
    if (isTold) return first!;
    // Instances of one module, which may have been compiled for each, leave the module known.
    const id = first && buildIdOf(first);
    const module = id && own.every((other) => buildIdOf(other) === id) ? first.module : undefined;
    return { name: printedName(modules[at]!), module };
  });
  return frames.map(({ module }) => owners[modules.indexOf(module)]!);
}

/** The name in what an engine prints: `wasm://wasm/app-00091342` is `app`, `https://host/app.wasm` is `app.wasm`. */
const printedName = (module: string): string =>
  module.startsWith("wasm:")
    ? module.replace(/^wasm:\/\/wasm\/(.*?)-?[0-9a-f]{8}$/, "$1")
    : module.replace(/[?#].*|.*[/\\]/g, "");

export const nameOf = (program: ProgramInstance): string | undefined => moduleNameOf(program) ?? program.name;

/** V8 prints the name that a module gives itself, unless it came from a URL. */
const mayBe = (program: ProgramInstance, module: string, name: string): boolean =>
  !module.startsWith("wasm:") || !program.module || (moduleNameOf(program) ?? "") === name;

const fits = ({ bytes }: ProgramInstance, { offset }: PrintedFrame): unknown =>
  !bytes || offset === undefined || bodyStart(bytes, offset);
