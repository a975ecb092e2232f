/**
 * From the frames of a core dump to frames as the programmer thinks of them: one for each function that was
 * running, inlined calls included, each with its place in the source.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import { type CodeOffset, codeOffset, fileOffset } from "../bytes/offsets";
import type { CoreDump, CoreThread } from "../coredump/model";
import { DW_AT } from "../dwarf/constants";
import type { Machine } from "../dwarf/machine";
import type { CodeRange, Entry, Unit } from "../dwarf/model";
import { qualifiedName } from "../dwarf/qualified-names";
import type { Variable } from "../values/model";
import type { FrameContext } from "../values/variables";
import type { FunctionBody } from "../wasm/module";
import { machineWithoutCode } from "./described/machine";
import { describedPlace } from "./described/places";
import { FrameCode } from "./frame-code";
import { frameDoubts } from "./frame-doubts";
import { framePlaces } from "./frame-places";
import { initialData } from "./initial-data";
import { type Activation, activationsAt } from "./inlining";
import { lastingLocations } from "./lasting-parameters";
import { firstRenumbered } from "./local-numbers";
import { localWrites } from "./local-writes";
import { RecordedMachine } from "./machine";
import type { CrashModule, Frame, PhysicalFrame, Scope, SourceLocation } from "./model";
import { namedLocalScopes, namedLocalsVisible } from "./named-locals";
import { shortName } from "./names";
import { originOfPath, originOfUndescribed } from "./origin";
import { FrameRecovery } from "./recovery/frame-recovery";
import { stackRecovery } from "./recovery/recorded";
import { argumentsOf, markRecovered, registerScopes, sourceScopes, variable } from "./scopes";
import { FrameTables, linkedName } from "./tables";
import { threadLocalsAreStatic } from "./thread-locals";
import { visibleNames } from "./visible-names";

/** The physical frames of a thread, each knowing its caller. */
export function physicalFrames(
  dump: CoreDump,
  thread: CoreThread,
  moduleOfInstance: (instance: number) => CrashModule,
): readonly PhysicalFrame[] {
  const frames: PhysicalFrame[] = [];
  const stack = stackRecovery(dump, thread, (instance) => moduleOfInstance(instance).wasm);
  thread.frames.forEach((core, index) => {
    const module = moduleOfInstance(core.instance);
    const recovery = new FrameRecovery(stack, index);
    const body = attempt(() => module.wasm.body(core.functionIndex));
    const inside = body !== undefined && !(body instanceof FormatError) && core.offset < body.size;
    const { described } = module;
    const place = attempt(() => described && describedPlace(core, index === 0, described));
    const pc = inside
      ? codeOffset(body.start + core.offset)
      : place instanceof FormatError
        ? undefined
        : place;
    const addressSize = module.wasm.memories[0]?.addressType === "i64" ? 8 : 4;
    const caller = (): Machine | undefined => frames[index + 1]?.machine;
    const writes = localWrites(module.wasm, core.functionIndex, core.offset);
    const renumbered = once(() =>
      pc === undefined ? undefined : firstRenumbered(module, core.functionIndex, pc),
    );
    const isRenumbered = (local: number): boolean => local >= (renumbered() ?? Number.POSITIVE_INFINITY);
    const written: NonNullable<Machine["localWrittenSince"]> = (local, from, by) => {
      if (body === undefined || body instanceof FormatError) return false;
      if (from === "first") return writes(local, from, by);
      return writes(local, from - body.start, by) || isRenumbered(local);
    };
    const machine = new RecordedMachine(
      dump,
      core,
      pc ?? codeOffset(0),
      addressSize,
      index === 0,
      caller,
      written,
      isRenumbered,
      once(() => (pc === undefined ? new Set<number>() : framePlaces(module, pc))),
      () => threadLocalsAreStatic(module.wasm),
      recovery,
    );
    const memorySize = (memory: number): number | undefined => {
      const recorded = dump.instances[core.instance]?.memories[memory];
      return recorded === undefined ? undefined : dump.memories[recorded]?.size;
    };
    frames.push({
      index,
      core,
      module,
      functionIndex: core.functionIndex,
      pc,
      machine: described === undefined ? machine : machineWithoutCode(machine),
      recovery,
      memorySize,
      tables: new FrameTables(dump, core.instance, module, moduleOfInstance),
    });
  });
  return frames;
}

/** The frames of one physical frame, innermost inlined call first. `index` counts from `firstIndex`. */
export function expandFrame(physical: PhysicalFrame, firstIndex: number): readonly Frame[] {
  const described = describe(physical);
  if (described === undefined) return [undescribedFrame(physical, firstIndex, undefined)];
  const { unit, activations, pc } = described;
  const row = unit.lines?.rowAt(pc);
  let location: SourceLocation | undefined =
    row?.file === undefined ? undefined : { file: row.file, line: row.line, column: row.column };
  const [subprogram] = activations;
  if (subprogram === undefined) return [undescribedFrame(physical, firstIndex, location)];
  const frames: Frame[] = [];
  for (const activation of activations.toReversed()) {
    frames.push(
      sourceFrame(physical, firstIndex + frames.length, activation, subprogram.entry, pc, location),
    );
    location = callSite(activation.entry);
  }
  return frames;
}

interface Described {
  readonly unit: Unit;
  readonly pc: CodeOffset;
  /** Empty where the unit has lines only (`-gline-tables-only`, Rust's `debug = 1`). */
  readonly activations: readonly Activation[];
}

/** What DWARF says of the frame; undefined when nothing, or when what it says is not about this code. */
function describe(physical: PhysicalFrame): Described | undefined {
  const { pc, module } = physical;
  if (pc === undefined || module.debug === undefined) return undefined;
  const { debug } = module;
  const found = attempt(() => {
    const unit = debug.unitAt(pc);
    if (unit === undefined) return undefined;
    if (isStale(unit, pc, physical)) return undefined;
    const subprogram = unit.subprogramAt(pc);
    return { unit, pc, activations: subprogram === undefined ? [] : activationsAt(subprogram, pc) };
  });
  return found instanceof FormatError ? undefined : found;
}

/**
 * Whether a unit's debug information is about other code than what stands at `pc`: its function does not
 * begin and end where a Wasm function does, or where it names none the range that covers `pc` does not begin there.
 * Then a tool has rewritten the code after the debug information was made, and its lines and locations would be wrong.
 */
export function isStale(unit: Unit, pc: CodeOffset, { module, functionIndex }: PhysicalFrame): boolean {
  const { wasm, described } = module;
  if (described !== undefined) return false;
  const ranges = unit.subprogramAt(pc)?.ranges();
  if (ranges !== undefined) {
    const body = wasm.body(functionIndex);
    return !(body && ranges.some((range) => isWholeOf(range, body)));
  }
  const covering = unit.ranges()?.find(({ low, high }) => low <= pc && pc < high);
  if (covering === undefined) return false;
  const first = wasm.functionAt(covering.low);
  return first === undefined || wasm.body(first)?.start !== covering.low;
}

/**
 * Whether a range begins and ends where a body does: a module's first function begins where it did, whatever a tool has
 * made of the code. wasm-bindgen, which rewrites code and debug information together, has some begin a byte later,
 * after the count of locals.
 */
const isWholeOf = ({ low, high }: CodeRange, { start, size }: FunctionBody): boolean =>
  (low === start || low === start + 1) && high === start + size;

/** Where an inlined call was made, in the function that it was inlined into. */
function callSite(inlined: Entry): SourceLocation | undefined {
  const number = inlined.unsigned(DW_AT.call_file);
  const file = number === undefined ? undefined : inlined.unit.lines?.file(number);
  if (file === undefined) return undefined;
  return {
    file,
    line: inlined.unsigned(DW_AT.call_line) ?? 0,
    column: inlined.unsigned(DW_AT.call_column) ?? 0,
  };
}

function sourceFrame(
  physical: PhysicalFrame,
  index: number,
  activation: Activation,
  subprogram: Entry,
  pc: CodeOffset,
  location: SourceLocation | undefined,
): Frame {
  const { unit } = activation.entry;
  const inlined = activation.entry !== subprogram;
  const fullName = fullNameOf(activation.entry, inlined ? undefined : physical);
  const code = new FrameCode(physical, pc, subprogram, activation.entry, location);
  const context: FrameContext = {
    machine: physical.machine,
    subprogram,
    pc,
    debug: physical.module.debug,
    doubt: frameDoubts(code),
    lasting: lastingLocations(code, subprogram),
    functionInTable: (slot) => functionInTable(physical, slot),
    unitOfSlot: (slot) => unitOfSlot(physical, slot),
    functionOfSlot: (slot) => functionOfSlot(physical, slot),
    initialData: () => initialData(physical.module.wasm),
  };
  let scopes: readonly Scope[] | undefined;
  let parameters: readonly Variable[] | undefined;
  return {
    index,
    physical,
    name: shortName(fullName),
    fullName,
    inlined,
    location,
    origin: location === undefined ? originOfPath(unit.name ?? "") : originOfPath(location.file.path),
    entry: activation.entry,
    unit,
    language: unit.language,
    scopes: () =>
      (scopes ??= [
        ...markRecovered(sourceScopes(activation, context), physical),
        ...registerScopes(physical),
      ]),
    visibleNames: once(() =>
      visibleNames(activation.entry, pc, (entry) => variable(entry, context, entry.name)),
    ),
    get parameters() {
      return (parameters ??= argumentsOf(activation, context));
    },
  };
}

/**
 * DWARF's name with its namespaces. Debug information that has lines only leaves the namespaces out, and with
 * them the declaration's place: then the name section's fuller name is taken, when it ends in the same word.
 */
function fullNameOf(entry: Entry, physical: PhysicalFrame | undefined): string {
  const described = qualifiedName(entry);
  if (described !== undefined && (physical === undefined || entry.attribute(DW_AT.decl_line) !== undefined))
    return described;
  const linked = physical && wasmName(physical);
  if (described === undefined) return linked ?? "(unnamed)";
  return linked?.endsWith(`::${described}`) ? linked : described;
}

/** A frame of a function that DWARF has no entry for; it, or the source map, may still know the line. */
function undescribedFrame(
  physical: PhysicalFrame,
  index: number,
  described: SourceLocation | undefined,
): Frame {
  const { module } = physical;
  const location = described ?? mappedLocation(physical);
  const fullName = wasmName(physical);
  const named = once(() => namedLocalScopes(physical));
  let scopes: readonly Scope[] | undefined;
  return {
    index,
    physical,
    name: shortName(fullName),
    fullName,
    inlined: false,
    location,
    origin:
      location === undefined
        ? originOfUndescribed(fullName, module.debug !== undefined)
        : originOfPath(location.file.path),
    entry: undefined,
    unit: undefined,
    language: undefined,
    scopes: () => (scopes ??= [...markRecovered(named(), physical), ...registerScopes(physical)]),
    visibleNames: () => location && namedLocalsVisible(physical, location.file),
    get parameters() {
      return (
        named()
          .find(({ kind }) => kind === "arguments")
          ?.variables() ?? []
      );
    },
  };
}

/** What the module's source map says of the instruction where a frame stands. */
function mappedLocation({ module, functionIndex, core, pc }: PhysicalFrame): SourceLocation | undefined {
  const body = pc === undefined ? undefined : module.wasm.body(functionIndex);
  if (body === undefined) return undefined;
  return module.sourceMap?.positionAt(fileOffset(body.fileStart + core.offset), body.fileStart);
}

/** The name section's name, demangled, or the index as V8 writes it. */
function wasmName({ module, functionIndex }: PhysicalFrame): string {
  return linkedName(module, functionIndex);
}

/** The unit of the function in a slot of table 0; undefined when there is none, or it is another module's. */
export function unitOfSlot(frame: PhysicalFrame, slot: number): Unit | undefined {
  const start = startOfSlot(frame, slot);
  return start === undefined ? undefined : frame.module.debug?.unitAt(start);
}

/** The debug information's subprogram of such a function. */
export function functionOfSlot(frame: PhysicalFrame, slot: number): Entry | undefined {
  const start = startOfSlot(frame, slot);
  return start === undefined ? undefined : unitOfSlot(frame, slot)?.subprogramAt(start);
}

function startOfSlot({ module, tables }: PhysicalFrame, slot: number): CodeOffset | undefined {
  const content = module.debug === undefined ? undefined : tables.slot(0, slot);
  if (typeof content !== "object" || content.module !== module) return undefined;
  return module.wasm.body(content.functionIndex)?.start;
}

/** Name of the function in a slot of table 0; undefined when there is none. */
export function functionInTable({ tables }: PhysicalFrame, slot: number): string | undefined {
  const content = tables.slot(0, slot);
  return typeof content === "object" ? linkedName(content.module, content.functionIndex) : undefined;
}
