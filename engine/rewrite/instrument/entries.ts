/**
 * Functions that stand before the module's own where JavaScript calls them: what left the frames in a trap's place
 * becomes the trap's error there. They are needed where no JavaScript error may come by (`flag`, `tag`).
 */
import { functionIndex } from "../../bytes/offsets";
import type { Import } from "../../wasm/declarations";
import type { WasmModule } from "../../wasm/module";
import type { FunctionType, ValueType } from "../../wasm/types";
import type { BodyContext } from "./body";
import { when } from "./checks";
import { clause, op, type } from "./code";
import { uleb } from "./edits";
import { throwPending } from "./handler";
import type { Survey } from "./survey";

/** The body of a function that does nothing but trap. */
export const TRAPPING: readonly number[] = [0, op.unreachable, op.end];
/** What an element segment begins with that declares functions for ref.func. */
export const DECLARED: readonly number[] = [3, 0];

/** Whether JavaScript may get hold of functions that are not exported: of a table, or as references. */
export function givesAway(module: WasmModule): boolean {
  const entries = [...module.imports, ...module.exports];
  return (
    entries.some(({ kind }) => kind === "table") ||
    [...module.imports.flatMap((wanted) => givenTo(module, wanted)), ...taken(module)].some(
      (type) => type.includes("ref") && type !== "externref",
    )
  );
}

/** Types of values that an import gets from the module. */
function givenTo(module: WasmModule, wanted: Import): readonly ValueType[] {
  if (wanted.kind === "global") return [wanted.type.type];
  const isCalled = wanted.kind === "function" || wanted.kind === "tag";
  return (isCalled && module.typeAt(wanted.typeIndex)?.parameters) || [];
}

/** Types of values that come out of exports. */
const taken = (module: WasmModule): readonly ValueType[] =>
  module.exports.flatMap(({ kind, index }): readonly ValueType[] => {
    if (kind === "global") return [module.globals[index]?.type ?? []].flat();
    if (kind === "tag") return module.tagType(index)?.parameters ?? [];
    return (kind === "function" && module.functionType(functionIndex(index))?.results) || [];
  });

/** Whether functions that are called as tail calls would have entries before them, with which calls pile up. */
export const breaksTailCalls = (module: WasmModule, { opcodes }: Survey): boolean =>
  (opcodes.has(op.returnCallIndirect) || opcodes.has(op.returnCallRef)) && givesAway(module);

/**
 * Calls a function, and has the error of a trap thrown when its frames are left for one: when it has returned, where the
 * engine has no exceptions; else when it has thrown what stands for a trap.
 */
export function entryBody(
  { parameters, results }: FunctionType,
  target: number,
  context: BodyContext,
  trapping: number,
): readonly number[] {
  const { flag, tag, blockType, host, exceptions } = context;
  const call = [...parameters.flatMap((_, local) => [op.localGet, ...uleb(local)]), op.call, ...uleb(target)];
  if (flag !== undefined)
    return [0, ...call, op.globalGet, ...uleb(flag), ...when([], throwPending(context, flag)), op.end];
  const trap = [op.refFunc, ...uleb(trapping), op.call, ...uleb(host("uncatchable")), op.unreachable];
  const own = uleb(tag!);
  if (exceptions === "legacy")
    return [0, op.try, ...blockType(results), ...call, op.catch, ...own, ...trap, op.end, op.end];
  const clauses = [1, clause.catch, ...own, 0];
  return [
    ...[0, op.block, type.empty, op.tryTable, ...blockType(results), ...clauses, ...call, op.end],
    ...[op.return, op.end, ...trap, op.end],
  ];
}
