/**
 * Memories and globals that a dump knows by name: a producer in JavaScript sees what a module exports or imports,
 * not its indices, and no more of a number's type than that it is a number. The module tells both.
 */
import { attempt, FormatError } from "../bytes/errors";
import { indexOfName } from "../wasm/indexed-names";
import type { WasmModule } from "../wasm/module";
import type { ValueType } from "../wasm/types";
import type { CoreDump, InstanceNames, RecordedValue } from "./model";
import type { ModuleOfInstance } from "./placement";

/** The dump with named parts at their places in each instance whose module is known. */
export function withNamedParts(dump: CoreDump, moduleOf: ModuleOfInstance): CoreDump {
  const globals = [...dump.globals];
  const instances = dump.instances.map((instance, index) => {
    const names = dump.notes.names?.[index];
    const module = names && moduleOf(index);
    if (names === undefined || module === undefined) return instance;
    const placed = attempt(() => {
      const memories = placesOf(module, "memory", names.memories, module.memories.length);
      const places = placesOf(module, "global", names.globals, module.globals.length);
      places.forEach((place, at) => {
        const recorded = globals[place ?? -1];
        if (recorded) globals[place!] = typed(recorded, module.globals[at]!.type);
      });
      // A memory without a name was given by itself: its place is the one that the dump has for it.
      return {
        ...instance,
        memories: memories.every((memory) => memory === undefined) ? instance.memories : memories,
        globals: places,
      };
    });
    return placed instanceof FormatError ? instance : placed;
  });
  return { ...dump, instances, globals };
}

/** For each part of a kind, the dump's index; undefined where no name leads to one. */
function placesOf(
  module: WasmModule,
  kind: "memory" | "global",
  names: InstanceNames["globals"],
  count: number,
): (number | undefined)[] {
  const places = new Array<number | undefined>(count).fill(undefined);
  const place = (name: string, index: number) => {
    if (index < count && Object.hasOwn(names, name)) places[index] ??= names[name];
  };
  for (const { name, index, kind: exported } of module.exports) if (exported === kind) place(name, index);
  let imported = 0;
  for (const { name, kind: given } of module.imports) if (given === kind) place(name, imported++);
  for (const name of Object.keys(names)) {
    const index = indexOfName(kind, name);
    if (index !== undefined) place(name, index);
  }
  return places;
}

/** A value as the type that its global has. */
function typed(value: RecordedValue, type: ValueType): RecordedValue {
  if (value.type === type || !("value" in value) || typeof value.value === "bigint") return value;
  const number = value.value;
  const view = new DataView(new ArrayBuffer(8));
  switch (type) {
    case "f32":
      view.setFloat32(0, number);
      return { type, value: number, bits: view.getUint32(0) };
    case "f64":
      view.setFloat64(0, number);
      return { type, value: number, bits: view.getBigUint64(0) };
    default:
      return { type: "missing" };
  }
}
