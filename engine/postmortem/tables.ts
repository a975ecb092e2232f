/**
 * What the slots of a frame's tables hold: as the dump recorded it, or else as the module's element segments say that
 * they were filled when the program started. The host can have changed a table since that is imported or exported.
 */
import type { FunctionIndex } from "../bytes/offsets";
import type { CoreDump, CoreTable } from "../coredump/model";
import { demangle } from "../wasm/demangle/index";
import type { CrashModule } from "./model";

/** A function in a table: of the table's own module, or of another one that shares the table. */
export interface SlotFunction {
  readonly module: CrashModule;
  readonly functionIndex: FunctionIndex;
}

/** undefined: no such slot, no function, or it is not known. */
export type SlotContent = SlotFunction | "null" | undefined;

export class FrameTables {
  constructor(
    private readonly dump: Pick<CoreDump, "instances" | "tables">,
    private readonly instance: number,
    private readonly module: CrashModule,
    private readonly moduleOfInstance: (instance: number) => CrashModule,
  ) {}

  /** The tables of the frame's module. */
  get count(): number {
    return this.module.wasm.tables.length;
  }

  /** A table as it stood at the crash; undefined when it was not recorded. */
  recorded(table: number): CoreTable | undefined {
    const place = this.dump.instances[this.instance]?.tables?.[table];
    return place === undefined ? undefined : this.dump.tables?.[place];
  }

  /** Entries that a table had at the crash; undefined where that is not sure. */
  size(table: number): number | undefined {
    const declared = this.module.wasm.tables[table];
    const isFixed = declared !== undefined && declared.maximum === declared.minimum && !declared.imported;
    return this.recorded(table)?.size ?? (isFixed ? declared.minimum : undefined);
  }

  /** Whether the dump itself says what a slot held. */
  isRecorded(table: number, slot: number): boolean {
    return slot < (this.recorded(table)?.entries.length ?? 0);
  }

  /** Whether what `slot` gives was there at the crash, and not only when the program started. */
  isCertain(table: number, slot: number): boolean {
    return this.isRecorded(table, slot) || !(this.recorded(table) || this.hostMayChange(table));
  }

  private hostMayChange(table: number): boolean {
    const { wasm } = this.module;
    const exported = wasm.exports.some(({ kind, index }) => kind === "table" && index === table);
    return exported || wasm.tables[table]?.imported !== false;
  }

  slot(table: number, slot: number): SlotContent {
    const recorded = this.recorded(table);
    const { module } = this;
    if (recorded === undefined) {
      const entry = module.wasm.tableEntry(table, slot);
      return entry === undefined || entry === "null" ? entry : { module, functionIndex: entry };
    }
    const entry = recorded.entries[slot];
    if (entry === undefined || entry === "null") return entry;
    return { module: this.moduleOfInstance(entry.instance), functionIndex: entry.functionIndex };
  }

  /** The first slot of table 0 that holds a function of the frame's module; undefined where none of `most` does. */
  slotOf(functionIndex: FunctionIndex, most: number): number | undefined {
    const size = this.recorded(0)?.entries.length ?? this.module.wasm.tables[0]?.minimum ?? 0;
    for (let slot = 0; slot < Math.min(size, most); slot++) {
      const content = this.slot(0, slot);
      if (typeof content !== "object" || content.module !== this.module) continue;
      if (content.functionIndex === functionIndex) return slot;
    }
    return undefined;
  }
}

/** A function as its module's name section has it, demangled, or by its index as V8 writes it. */
export function linkedName(module: CrashModule, index: FunctionIndex): string {
  const name = module.wasm.functionName(index);
  return name === undefined ? `wasm-function[${index}]` : demangle(name);
}

/** As `linkedName`, with the module's name where it is not the one whose frame is looked at. */
export function slotFunctionName({ module, functionIndex }: SlotFunction, seenFrom: CrashModule): string {
  const name = linkedName(module, functionIndex);
  return module === seenFrom ? name : `${name} of ${module.name}`;
}
