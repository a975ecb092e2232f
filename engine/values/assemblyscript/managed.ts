/**
 * A Wasm local of AssemblyScript as a value: the number that it is and, when it may be a managed pointer, what it
 * would point at as a child: `[string]`, `[array]`, `[buffer]`.
 */
import { address } from "../../bytes/offsets";
import { DW_ATE } from "../../dwarf/constants";
import type { Register } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { c } from "../c";
import type { Child, Value } from "../model";
import { namedChildren, SUMMARY_BUDGET } from "../presentation";
import { cut, quoteUnits, TEXT_LIMIT } from "../text";
import { baseType } from "../types";
import { registerValue, valueAt } from "../variables";
import { type ManagedObject, objectAt, type Runtime } from "./runtime";

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
        ...elements(
          found.at,
          found.bytes,
          { name: "u8", size: 1, float: false, signed: false, managed: false },
          runtime,
        ),
        typeName: "ArrayBuffer",
        size: found.bytes,
      };
    case "array":
      return {
        ...common,
        ...elements(found.at, found.count, found.element, runtime),
        typeName: `${found.name} of ${found.element.managed ? "objects" : found.element.name}`,
        size: found.count * found.element.size,
      };
  }
}

function stringText(at: number, bytes: number, { machine }: Runtime, budget = SUMMARY_BUDGET): string {
  const shown = Math.min(bytes, 2 * TEXT_LIMIT);
  const read = machine.memory(address(at), shown);
  if (read instanceof Missing) return `<unavailable: ${read.text}>`;
  return quoteUnits(read, 2, budget, shown < bytes);
}

function elements(
  start: number,
  count: number,
  { name, size, float, signed, managed }: Extract<ManagedObject, { kind: "array" }>["element"],
  runtime: Runtime,
): Pick<Value, "text" | "children"> {
  const type = baseType(c, name, float ? DW_ATE.float : signed ? DW_ATE.signed : DW_ATE.unsigned, size);
  const context = { machine: runtime.machine, subprogram: undefined, pc: undefined, debug: undefined };
  const at = (index: number): Value => {
    const element = valueAt(type, address(start + index * size), context);
    return managed ? withObject(element, Number(element.text()), runtime) : element;
  };
  return {
    text(format) {
      const { budget = SUMMARY_BUDGET } = format ?? {};
      let text = "[";
      for (let index = 0; index < count; index++) {
        if (text.length > budget) return `${text}…]`;
        text += `${index === 0 ? "" : ", "}${at(index).text(format)}`;
      }
      return cut(`${text}]`, 2 * budget);
    },
    children: {
      namedCount: 0,
      indexedCount: count,
      named: () => [],
      indexed: (first, most) =>
        Array.from({ length: Math.max(0, Math.min(most, count - first)) }, (_, i) => ({
          name: `[${first + i}]`,
          value: at(first + i),
          path: undefined,
        })),
    },
  };
}
