/**
 * The instances that a stack passes through, with their globals, memories and tables: each taken once, however many
 * frames it has, and shared memories and tables recorded once.
 */
import type { CoreInstance, CoreModule, CoreTable, RecordedValue } from "../../engine/coredump/model";
import type { MemoryContents } from "../../engine/coredump/writer";
import type { WasmModule } from "../../engine/wasm/module";
import type { Inspector, Runtime } from "./inspector";
import { type KnownInstance, recordTable } from "./tables";
import { recordedValue } from "./values";

/** The `module` scope of a frame: V8's views of its instance, by name. */
type ModuleScope = ReadonlyMap<string, Runtime.RemoteObject | undefined>;

export class InstanceRecorder {
  readonly modules: CoreModule[] = [];
  readonly instances: CoreInstance[] = [];
  readonly memories: MemoryContents[] = [];
  readonly globals: RecordedValue[] = [];
  private readonly moduleIndices = new Map<WasmModule, number>();
  private readonly instanceIndices = new Map<unknown, number>();
  private readonly memoryIndices = new Map<unknown, number>();
  private readonly known: KnownInstance[] = [];
  private readonly tableObjects: Runtime.RemoteObject[] = [];
  private readonly tableIndices = new Map<unknown, number>();

  constructor(private readonly inspector: Inspector) {}

  /** The index of a frame's instance, which is recorded when it is met for the first time. */
  index(module: WasmModule, scope: Runtime.RemoteObject): number {
    const members: ModuleScope = new Map(
      this.inspector.properties(scope).map((member) => [member.name, member.value]),
    );
    const remote = members.get("instance");
    const identity = remote === undefined ? module : this.inspector.identityOf(remote);
    const known = this.instanceIndices.get(identity);
    if (known !== undefined) return known;
    const index = this.instances.push({
      module: this.moduleIndex(module),
      memories: this.recordMemories(module, members.get("memories")),
      globals: this.recordGlobals(module, members.get("globals")),
      tables: this.tablesOf(module, members.get("tables")),
    });
    this.known.push({ scope, importedFunctions: module.importedFunctionCount });
    this.instanceIndices.set(identity, index - 1);
    return index - 1;
  }

  /** The tables of all instances; for the time when these are all known, since a table may hold any one's functions. */
  tables(): readonly CoreTable[] {
    return this.tableObjects.map((table) => recordTable(this.inspector, table, this.known));
  }

  private moduleIndex(module: WasmModule): number {
    const known = this.moduleIndices.get(module);
    if (known !== undefined) return known;
    const index = this.modules.push({ name: module.moduleName ?? module.name }) - 1;
    this.moduleIndices.set(module, index);
    return index;
  }

  /** V8 lists memories, globals and tables by name in index order; a list that is not whole cannot be numbered. */
  private listed(collection: Runtime.RemoteObject | undefined, count: number) {
    const members = collection === undefined ? [] : this.inspector.properties(collection);
    return members.length === count ? members.map((member) => member.value) : undefined;
  }

  private recordMemories(module: WasmModule, collection: Runtime.RemoteObject | undefined) {
    const memories = this.listed(collection, module.memories.length);
    return module.memories.map((_, i) => {
      const remote = memories?.[i];
      return remote === undefined ? undefined : this.memoryIndex(remote);
    });
  }

  private memoryIndex(remote: Runtime.RemoteObject): number | undefined {
    const identity = this.inspector.identityOf(remote);
    const known = this.memoryIndices.get(identity);
    if (known !== undefined) return known;
    const memory = this.inspector.memoryOf(remote);
    if (memory === undefined) return undefined;
    const index = this.memories.push(memory) - 1;
    this.memoryIndices.set(identity, index);
    return index;
  }

  private tablesOf(module: WasmModule, collection: Runtime.RemoteObject | undefined) {
    const tables = this.listed(collection, module.tables.length);
    return module.tables.map((_, i) => {
      const remote = tables?.[i];
      return remote === undefined ? undefined : this.tableIndex(remote);
    });
  }

  private tableIndex(remote: Runtime.RemoteObject): number {
    const identity = this.inspector.identityOf(remote);
    const index = this.tableIndices.get(identity) ?? this.tableObjects.push(remote) - 1;
    this.tableIndices.set(identity, index);
    return index;
  }

  private recordGlobals(module: WasmModule, collection: Runtime.RemoteObject | undefined) {
    const values = this.listed(collection, module.globals.length);
    return module.globals.map((_, i) => {
      const remote = values?.[i];
      return remote === undefined ? undefined : this.globals.push(recordedValue(this.inspector, remote)) - 1;
    });
  }
}
