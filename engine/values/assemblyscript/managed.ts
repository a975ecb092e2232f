/**
 * A Wasm local of AssemblyScript as a value: the number that it is and, when it may be a managed pointer, what it
 * would point at as a child: `[string]`, `[array]`, `[buffer]`, `[map]`, `[set]`, `[object]`.
 */
import { address } from "../../bytes/offsets";
import { DW_ATE } from "../../dwarf/constants";
import type { Register } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { c } from "../c";
import type { Child, Value, ValueFormat } from "../model";
import { namedChildren, SUMMARY_BUDGET } from "../presentation";
import { cut, quoteUnits, TEXT_LIMIT } from "../text";
import { baseType } from "../types";
import { registerValue, valueAt } from "../variables";
import {
  type ElementKind,
  entriesOf,
  entryLayout,
  type ManagedObject,
  objectAt,
  type Runtime,
} from "./runtime";

/** A local's value with what it may point at. */
export function managedLocal(register: Register | Missing, type: string, runtime: Runtime): Value {
  const value = registerValue(register, type);
  if (register instanceof Missing || register.type !== "i32") return value;
  const view = new DataView(register.bytes.buffer, register.bytes.byteOffset, 4);
  return withObject(value, view.getUint32(0, true), runtime);
}

/** A number with the object that may be there as its child. */
function withObject(value: Value, pointer: number, runtime: Runtime): Value {
  const found = objectAt(pointer, runtime);
  if (found === undefined) return value;
  const child: Child = {
    name: `[${found.kind}]`,
    value: objectValue(found, runtime),
    path: undefined,
    hint: "virtual",
  };
  return {
    text: (format) => value.text(format),
    typeName: value.typeName,
    missing: undefined,
    address: value.address,
    size: value.size,
    target: address(pointer),
    provenance: value.provenance,
    children: namedChildren(1, () => [child]),
  };
}

const BYTE: ElementKind = { name: "u8", size: 1, float: false, signed: false, managed: false };
/** Of an object's fields each four bytes, whatever they are: a number, a pointer, half of a larger number. */
const WORD: ElementKind = { name: "u32", size: 4, float: false, signed: false, managed: true };

const kindName = ({ managed, name }: ElementKind): string => (managed ? "objects" : name);

function objectValue(found: ManagedObject, runtime: Runtime): Value {
  const common = {
    missing: undefined,
    target: undefined,
    provenance: "recorded",
    address: address(found.at),
  } as const;
  switch (found.kind) {
    case "string":
      return {
        ...common,
        text: (format) => stringText(found.at, found.bytes, runtime, format?.budget),
        typeName: "string",
        size: found.bytes,
        children: undefined,
      };
    case "buffer":
      return {
        ...common,
        ...elements(found.at, found.bytes, BYTE, runtime),
        typeName: "ArrayBuffer",
        size: found.bytes,
      };
    case "array":
      return {
        ...common,
        ...elements(found.at, found.count, found.element, runtime),
        typeName: `${found.name} of ${kindName(found.element)}`,
        size: found.count * found.element.size,
      };
    case "map":
    case "set":
      return { ...common, ...entriesValue(found, runtime) };
    case "object":
      return { ...common, ...objectFields(found, runtime), typeName: "fields", size: found.bytes };
  }
}

function stringText(at: number, bytes: number, { machine }: Runtime, budget = SUMMARY_BUDGET): string {
  const shown = Math.min(bytes, 2 * TEXT_LIMIT);
  const read = machine.memory(address(at), shown);
  if (read instanceof Missing) return `<unavailable: ${read.text}>`;
  return quoteUnits(read, 2, budget, shown < bytes);
}

/** Values of a kind wherever they lie. */
function reader(
  { name, size, float, signed, managed }: ElementKind,
  runtime: Runtime,
): (at: number) => Value {
  const type = baseType(c, name, float ? DW_ATE.float : signed ? DW_ATE.signed : DW_ATE.unsigned, size);
  const context = { machine: runtime.machine, subprogram: undefined, pc: undefined, debug: undefined };
  return (at) => {
    const value = valueAt(type, address(at), context);
    return managed ? withObject(value, Number(value.text()), runtime) : value;
  };
}

function elements(
  start: number,
  count: number,
  kind: ElementKind,
  runtime: Runtime,
): Pick<Value, "text" | "children"> {
  const read = reader(kind, runtime);
  return listed(count, ["[", "]"], (index) => ({
    name: `[${index}]`,
    value: read(start + index * kind.size),
  }));
}

/** A list's text and children; of entries, whose children are named by keys, the keys stand in the text as well. */
function listed(
  count: number,
  [open, close]: readonly [string, string],
  at: (index: number) => { readonly name: string; readonly value: Value; readonly key?: string },
): Pick<Value, "text" | "children"> {
  return {
    text(format) {
      const { budget = SUMMARY_BUDGET } = format ?? {};
      let text = open;
      for (let index = 0; index < count; index++) {
        if (text.length > budget) return `${text}…${close}`;
        const { key, value } = at(index);
        text += `${index === 0 ? "" : ", "}${key === undefined ? "" : `${key}: `}${shown(value, format)}`;
      }
      return cut(text + close, 2 * budget);
    },
    children: {
      namedCount: 0,
      indexedCount: count,
      named: () => [],
      indexed: (first, most) =>
        Array.from({ length: Math.max(0, Math.min(most, count - first)) }, (_, i) => {
          const { name, value } = at(first + i);
          return { name, value, path: undefined };
        }),
    },
  };
}

/** What lies where the fields of an object are, by its offset: four bytes at a time, and those behind them one by one. */
function objectFields(
  { at, bytes, class: id }: Extract<ManagedObject, { kind: "object" }>,
  runtime: Runtime,
): Pick<Value, "text" | "children"> {
  const words = Math.floor(bytes / WORD.size);
  const [word, byte] = [reader(WORD, runtime), reader(BYTE, runtime)];
  const { children } = listed(words + (bytes % WORD.size), ["{", "}"], (index) => {
    const offset = index < words ? index * WORD.size : words * (WORD.size - 1) + index;
    return { name: `+${offset}`, value: (index < words ? word : byte)(at + offset) };
  });
  return { text: () => `object of class ${id}`, children };
}

function entriesValue(
  found: Extract<ManagedObject, { kind: "map" | "set" }>,
  runtime: Runtime,
): Pick<Value, "text" | "children" | "typeName" | "size"> {
  const { key, value } = found;
  const layout = entryLayout(found);
  const [keyAt, valueAt] = [reader(key, runtime), value && reader(value, runtime)];
  let known: readonly number[] | Missing | undefined;
  const places = (): readonly number[] | Missing => (known ??= entriesOf(found, runtime));
  const list = listed(found.count, ["{", "}"], (index) => {
    const entry = (places() as readonly number[])[index]!;
    const own = keyAt(entry);
    if (valueAt === undefined) return { name: `[${index}]`, value: own };
    const text = shown(own);
    return { name: `[${text}]`, value: valueAt(entry + layout.value), key: text };
  });
  return {
    typeName: `${value === undefined ? "Set" : "Map"} of ${kindName(key)}${value === undefined ? "" : ` to ${kindName(value)}`}`,
    size: found.places * layout.stride,
    text(format) {
      const entries = places();
      return entries instanceof Missing ? `<unavailable: ${entries.text}>` : list.text(format);
    },
    get children() {
      return places() instanceof Missing ? undefined : list.children;
    },
  };
}

/** As a reader knows it: the text that it leads to, or the number that it is. */
function shown(value: Value, format?: ValueFormat): string {
  const [object] = value.children?.named() ?? [];
  return (object?.name === "[string]" ? object.value : value).text(format);
}
