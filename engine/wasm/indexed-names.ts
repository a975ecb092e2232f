/**
 * Names that stand for an index: under them `instrument` exports what a module keeps to itself. The module that it was
 * made of does not have these exports, and its debugger understands them by themselves.
 */
const prefix = "wasm_postmortem";

export type IndexedKind = "memory" | "global";

/** `wasm_postmortem.global.3` */
export const indexedName = (kind: IndexedKind, index: number): string => `${prefix}.${kind}.${index}`;

/** The index that a name stands for; undefined for other names. */
export function indexOfName(kind: IndexedKind, name: string): number | undefined {
  const digits = name.startsWith(`${prefix}.${kind}.`) ? name.slice(prefix.length + kind.length + 2) : "";
  return /^\d{1,7}$/.test(digits) ? Number(digits) : undefined;
}
