/**
 * What can be seen from a frame: its arguments, its locals by lexical block, the statics of its unit, and
 * the Wasm machine's registers.
 *
 * Compilers open a lexical block for each `let`. Blocks are therefore joined into one scope until a name
 * repeats: only where one variable shadows another does the reader see two scopes, the innermost first, and
 * then he needs both.
 */
import type { RecordedValue } from "../coredump/model";
import { DW_AT } from "../dwarf/constants";
import type { Register } from "../dwarf/machine";
import type { Missing } from "../dwarf/missing";
import type { Entry } from "../dwarf/model";
import { qualifiedName } from "../dwarf/qualified-names";
import type { Variable } from "../values/model";
import { threadLocalName } from "../values/rust/once";
import { isVtableName } from "../values/symbol-index";
import { type FrameContext, registerValue, variableValue } from "../values/variables";
import { type LineRange, linesOf } from "./code-lines";
import { declarationOf } from "./declarations";
import { localsOf, parametersOf } from "./declared";
import type { Activation } from "./inlining";
import type { PhysicalFrame, Scope } from "./model";
import { tableValue } from "./table-values";

/** Registers that are listed; a function may declare 50,000 locals. */
const MAX_REGISTERS = 4096;

/** The formal parameters, those that the compiler dropped from this copy included. */
export function argumentsOf(activation: Activation, context: FrameContext): readonly Variable[] {
  const shadowing = new Set(localsOf(activation).flatMap(({ variables }) => variables.map(nameOf)));
  return parametersOf(activation.entry).map((entry) =>
    variable(entry, context, shadowing.has(entry.name) ? undefined : entry.name),
  );
}

/** Scopes from DWARF: arguments, locals (innermost block first), statics. */
export function sourceScopes(activation: Activation, context: FrameContext): readonly Scope[] {
  const scopes: Scope[] = [];
  const whole = linesOf(activation.entry);
  if (parametersOf(activation.entry).length > 0) {
    scopes.push(lazyScope("arguments", "Arguments", whole, () => argumentsOf(activation, context)));
  }
  scopes.push(...localScopes(activation, context, whole));
  const { unit } = activation.entry;
  const statics = (): readonly Variable[] => {
    const hiding = namesIn(activation);
    return unit
      .globalVariables()
      .filter(isDeclared)
      .map((entry) => {
        const path = pathOf(entry);
        const shown = variable(entry, context, hiding.has(path) ? undefined : path);
        return { ...shown, name: threadLocalName(entry) ?? shown.name };
      });
  };
  scopes.push(lazyScope("statics", "Statics", undefined, statics, true));
  return scopes;
}

/** The names of arguments and locals, which hide statics of the same. */
const namesIn = (activation: Activation): ReadonlySet<string | undefined> =>
  new Set([
    ...parametersOf(activation.entry).map(nameOf),
    ...localsOf(activation).flatMap(({ variables }) => variables.map(nameOf)),
  ]);

/** Whether the program declares a static: vtables are the compiler's own, which rustc does not mark. */
const isDeclared = (entry: Entry): boolean =>
  entry.name !== undefined && !isVtableName(entry.name) && !entry.flag(DW_AT.artificial);

/** What names a static in an expression; one that the compiler made up may have a name that nobody can type. */
function pathOf(entry: Entry): string | undefined {
  const path = qualifiedName(entry);
  return path !== undefined && /^[\w$]+(::[\w$]+)*$/.test(path) ? path : undefined;
}

const nameOf = (entry: Entry): string | undefined => entry.name;

/** Scopes of a frame none of whose registers were recorded say so: what they show was worked out with recovered ones. */
export function markRecovered(scopes: readonly Scope[], { recovery }: PhysicalFrame): readonly Scope[] {
  if (recovery.hasRegisters) return scopes;
  return scopes.map((scope) =>
    scope.kind === "arguments" || scope.kind === "locals"
      ? { ...scope, name: `${scope.name} (registers recovered)` }
      : scope,
  );
}

/** Locals that can be listed: those recorded, or all that the code declares when no registers were recorded. */
export function localCountOf({ core, recovery }: PhysicalFrame): number {
  return recovery.hasRegisters ? core.locals.length : (recovery.localCount ?? 0);
}

const recordedType = (value: RecordedValue | undefined): string | undefined =>
  value === undefined || value.type === "missing" ? undefined : value.type;

/** The Wasm machine of the physical frame, as registers. */
export function registerScopes(frame: PhysicalFrame): readonly Scope[] {
  const { machine, core, module, recovery } = frame;
  const recovered = recovery.hasRegisters ? "" : " (recovered)";
  const operandCount = (): number =>
    recovery.hasRegisters ? core.stack.length : (recovery.operandCount ?? 0);
  const named = (
    name: string,
    at: number,
    read: (index: number) => Register | Missing,
    type?: string,
    label?: string,
  ) => ({
    name: label === undefined ? `${name}${at}` : `${name}${at} ${label}`,
    value: registerValue(read(at), type ?? "?"),
    evaluateName: `${name}${at}`,
    declaration: undefined,
  });
  const count = (n: number) => Array.from({ length: Math.min(n, MAX_REGISTERS) }, (_, index) => index);
  return [
    lazyScope(
      "wasm-locals",
      `Wasm Locals${recovered}`,
      undefined,
      () =>
        count(localCountOf(frame)).map((i) =>
          named(
            "$local",
            i,
            (n) => machine.local(n),
            recordedType(core.locals[i]) ?? recovery.localType(i),
            module.wasm.localName(frame.functionIndex, i),
          ),
        ),
      true,
    ),
    lazyScope(
      "operand-stack",
      `Wasm Operand Stack${recovered}`,
      undefined,
      () =>
        count(operandCount()).map((i) =>
          named(
            "$stack",
            i,
            (n) => machine.operand(n),
            recordedType(core.stack[i]) ?? recovery.operand(i)?.type,
          ),
        ),
      true,
    ),
    lazyScope(
      "globals",
      "Wasm Globals",
      undefined,
      () =>
        count(module.wasm.globals.length).map((i) =>
          named(
            "$global",
            i,
            (n) => machine.global(n),
            module.wasm.globals[i]!.type,
            module.wasm.globalName(i),
          ),
        ),
      true,
    ),
    ...tableScope(frame),
  ];
}

/** Of dumps that have tables: others know what was there when the program started, which is in the module. */
function tableScope(frame: PhysicalFrame): readonly Scope[] {
  const { tables } = frame;
  const shown = Array.from({ length: Math.min(tables.count, MAX_REGISTERS) }, (_, table) => table).filter(
    (table) => tables.recorded(table) !== undefined,
  );
  if (shown.length === 0) return [];
  const named = (): readonly Variable[] =>
    shown.map((table) => {
      const name = `$table${table}`;
      return { name, value: tableValue(frame, table)!, evaluateName: name, declaration: undefined };
    });
  return [lazyScope("tables", "Wasm Tables", undefined, named, true)];
}

function localScopes(
  activation: Activation,
  context: FrameContext,
  whole: LineRange | undefined,
): readonly Scope[] {
  const [own, ...inner] = localsOf(activation);
  const groups: { entries: Entry[]; range: LineRange | undefined }[] = [
    { entries: [...own!.variables], range: whole },
  ];
  const parameterNames = new Set(parametersOf(activation.entry).map(nameOf));
  for (const { scope, variables: entries } of inner) {
    if (entries.length === 0) continue;
    const current = groups.at(-1)!;
    const names = new Set(current.entries.map(nameOf));
    const shadows = entries.some((entry) => names.has(entry.name) || parameterNames.has(entry.name));
    if (shadows) groups.push({ entries: [...entries], range: linesOf(scope) });
    else current.entries.push(...entries);
  }
  const shown = groups.filter((group) => group.entries.length > 0);
  const seen = new Set<string | undefined>();
  return shown.reverse().map((group, index) => {
    const shadowed = new Set(group.entries.map((entry) => entry.name).filter((name) => seen.has(name)));
    for (const entry of group.entries) seen.add(entry.name);
    const name = index === 0 || group.range === undefined ? "Locals" : "Locals of the outer block";
    return lazyScope("locals", name, group.range, () =>
      group.entries.map((entry) =>
        variable(entry, context, shadowed.has(entry.name) ? undefined : entry.name),
      ),
    );
  });
}

export function variable(entry: Entry, context: FrameContext, evaluateName: string | undefined): Variable {
  return {
    name: entry.name ?? "(unnamed)",
    value: variableValue(entry, context),
    evaluateName,
    declaration: declarationOf(entry),
  };
}

function lazyScope(
  kind: Scope["kind"],
  name: string,
  range: LineRange | undefined,
  variables: () => readonly Variable[],
  expensive = false,
): Scope {
  return { kind, name, range, expensive, variables };
}
