/**
 * Variables of a function that no DWARF describes: its Wasm locals under the names that the name section gives them.
 * They are what the machine holds; where the module is AssemblyScript's, with what they may point at.
 */

import type { SourceFile } from "../dwarf/model";
import { managedLocal } from "../values/assemblyscript/managed";
import type { Runtime } from "../values/assemblyscript/runtime";
import type { Variable } from "../values/model";
import { registerValue } from "../values/variables";
import type { CrashModule, PhysicalFrame, Scope, VisibleNames } from "./model";
import { localCountOf } from "./scopes";

/** Locals that are looked at; a function may declare 50,000. */
const MAX_LOCALS = 4096;
/** A local that the compiler needed for itself has a number for a name. */
const NAME = /^[\p{L}_$][\p{L}\p{N}_$.]*$/u;
/** How AssemblyScript names a local whose name another one of the function has: `count|7`. */
const REPEATED = /^(.+)\|\d+$/;

/** "Arguments" and "Locals"; a scope without names is left out. */
export function namedLocalScopes(frame: PhysicalFrame): readonly Scope[] {
  const { module, functionIndex, core, machine, recovery } = frame;
  const count = localCountOf(frame);
  const parameters = module.wasm.functionType(functionIndex)?.parameters.length ?? 0;
  const runtime = assemblyScriptRuntime(frame);
  const variablesIn = (start: number, end: number): readonly Variable[] => {
    const variables: Variable[] = [];
    for (let index = start; index < Math.min(end, count, MAX_LOCALS); index++) {
      const name = module.wasm.localName(functionIndex, index);
      if (name === undefined || !NAME.test(name)) continue;
      const [register, type] = [
        machine.local(index),
        core.locals[index]?.type ?? recovery.localType(index) ?? "?",
      ];
      const value =
        runtime === undefined ? registerValue(register, type) : managedLocal(register, type, runtime);
      variables.push({ name, value, evaluateName: `$local${index}`, declaration: undefined });
    }
    return variables;
  };
  const scope = (kind: Scope["kind"], name: string, variables: readonly Variable[]): Scope[] =>
    variables.length === 0
      ? []
      : [{ kind, name, range: undefined, expensive: false, variables: () => variables }];
  return [
    ...scope("arguments", "Arguments", variablesIn(0, parameters)),
    ...scope("locals", "Locals", variablesIn(parameters, count)),
  ];
}

/** What the names mean, as far as they are of one local each: nothing tells the blocks that they belong to. */
export function namedLocalsVisible(frame: PhysicalFrame, file: SourceFile): VisibleNames {
  const repeated = new Set<string>();
  for (let index = 0; index < Math.min(localCountOf(frame), MAX_LOCALS); index++) {
    const name = frame.module.wasm.localName(frame.functionIndex, index);
    const [, own] = REPEATED.exec(name ?? "") ?? [];
    if (own !== undefined) repeated.add(own);
  }
  const names = namedLocalScopes(frame)
    .flatMap((scope) => scope.variables())
    .map((variable) => ({
      name: variable.name,
      extent: undefined,
      variable: repeated.has(variable.name) ? undefined : variable,
    }));
  return { file, lines: undefined, names, inner: [] };
}

/** AssemblyScript's library has this prefix in the names of its functions and globals, and in its source maps. */
const LIBRARY = "~lib/";
/** Names that are looked at. */
const MAX_NAMES = 256;

function assemblyScriptRuntime({ module, machine }: PhysicalFrame): Runtime | undefined {
  if (!isAssemblyScript(module)) return undefined;
  const table = module.wasm.globals
    .slice(0, MAX_NAMES)
    .findIndex((_, index) => module.wasm.globalName(index) === `${LIBRARY}rt/__rtti_base`);
  const base = table < 0 ? undefined : machine.global(table);
  const bytes = base !== undefined && "bytes" in base ? base.bytes : undefined;
  const classes = bytes && new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  return { machine, classes };
}

function isAssemblyScript({ wasm, sourceMap }: CrashModule): boolean {
  if (sourceMap?.files.some(({ path }) => path.includes(LIBRARY)) === true) return true;
  return wasm.globals
    .slice(0, MAX_NAMES)
    .some((_, index) => wasm.globalName(index)?.startsWith(LIBRARY) === true);
}
