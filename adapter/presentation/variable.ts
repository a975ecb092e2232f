/**
 * A value as DAP shows it, in the variables view, in a watch, on hover: text, type, and a reference to its
 * children. Nothing of a core dump can be changed, so all of it is read-only.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { functionSlot } from "../../engine/values/function-pointers";
import type { Value, ValueFormat } from "../../engine/values/model";
import { defined } from "../protocol/request";
import { type Container, type Item, lazyContainer, type Owner, valueContainer } from "../state/containers";
import type { OpenedCrash } from "../state/opened-crash";
import { memoryReference } from "./references";

/** A variable of `container`; the number of its children stays the same when it is asked for again. */
export function describeVariable(
  opened: OpenedCrash,
  container: Container,
  item: Item,
  format: ValueFormat,
): DebugProtocol.Variable {
  const { name, value, expression, declaration } = item;
  const { owner } = container;
  const children =
    item.children ??
    (item.hint === "lazy" ? lazyContainer(item, owner) : valueContainer(value, expression, owner));
  return defined<DebugProtocol.Variable>({
    name,
    value: item.hint === "lazy" ? "" : value.text(format),
    type: typeOf(value),
    evaluateName: expression,
    presentationHint: hintOf(item),
    ...childrenOf(children, () => handleOf(opened, container, item.key, children)),
    memoryReference: memoryReferenceOf(value, owner),
    declarationLocationReference:
      declaration && opened.locations.reference({ kind: "declaration", at: declaration }),
    valueLocationReference: item.hint === "lazy" ? undefined : functionReferenceOf(opened, value, owner),
  });
}

/** The part that `variables` and `evaluate` share: where the children are and how many. */
export function childrenOf(
  children: Container | undefined,
  handle: () => number,
): Pick<DebugProtocol.Variable, "variablesReference" | "namedVariables" | "indexedVariables"> {
  if (children === undefined || children.namedCount + children.indexedCount === 0) {
    return { variablesReference: 0 };
  }
  return {
    variablesReference: handle(),
    ...(children.indexedCount > 0
      ? { namedVariables: children.namedCount, indexedVariables: children.indexedCount }
      : {}),
  };
}

/** Where "view memory" goes: what a pointer to data points at, else where the value is. */
export function memoryReferenceOf(value: Value, { memory }: Owner): string | undefined {
  const address = functionSlot(value) === undefined ? (value.target ?? value.address) : value.address;
  return address === undefined ? undefined : memoryReference(address, memory);
}

/** Where the function is that a pointer leads to through the table; undefined for anything else. */
export function functionReferenceOf(
  { locations }: OpenedCrash,
  value: Value,
  { module }: Owner,
): number | undefined {
  const slot = functionSlot(value);
  const index = slot === undefined ? undefined : module.wasm.tableEntry(0, slot);
  if (index === undefined || index === "null" || module.wasm.body(index) === undefined) return undefined;
  return locations.reference({ kind: "function", module, index });
}

function handleOf(
  opened: OpenedCrash,
  container: Container,
  key: string,
  children: Container | undefined,
): number {
  const known = container.handles.get(key);
  if (known !== undefined || children === undefined) return known ?? 0;
  const handle = opened.containers.add(children);
  container.handles.set(key, handle);
  return handle;
}

/** The type, which VS Code shows on hover, marked where the dump did not record the value's place. */
export function typeOf({ typeName, provenance, missing }: Value): string | undefined {
  if (provenance !== "recovered" || missing !== undefined) return typeName;
  return typeName === undefined ? "recovered" : `${typeName} · recovered`;
}

function hintOf(item: Item): DebugProtocol.VariablePresentationHint {
  const kind = { base: "baseClass", virtual: "virtual" }[item.hint as string];
  return {
    attributes: item.hint === "static" ? ["static", "readOnly"] : ["readOnly"],
    ...(kind === undefined ? {} : { kind }),
    ...(item.hint === "lazy" ? { lazy: true } : {}),
  };
}
