/** Places in memory that were looked for, as a client lists them: where, what is there, and whose it is. */
import { address } from "../../engine/bytes/offsets";
import type { CoreMemory } from "../../engine/coredump/model";
import { readableBytes, readMemory } from "../../engine/postmortem/memory";
import type { MemoryOwners } from "../../engine/postmortem/memory-owners";
import { type MemoryNumber, memoryReference } from "../presentation/references";

export interface Match {
  /** `0x10a4`; undefined for a variable that is not in memory. */
  readonly address?: string;
  readonly memoryReference?: string;
  /** The variable or region that it lies in. */
  readonly place?: string;
  /** The first bytes, in hexadecimal and as ASCII; for a variable, its value. */
  readonly preview: string;
}

export interface Matches {
  readonly matches: readonly Match[];
  /** Whether there are more than are listed. */
  readonly more: boolean;
}

/** Places that one answer lists. */
export const MOST_MATCHES = 500;
const PREVIEW = 16;

export function matchAt(at: number, memory: CoreMemory, number: MemoryNumber, owners: MemoryOwners): Match {
  const place = owners.at(at);
  return {
    address: `0x${at.toString(16)}`,
    memoryReference: memoryReference(address(at), number),
    preview: previewOf(memory, at),
    ...(place === undefined ? {} : { place }),
  };
}

function previewOf(memory: CoreMemory, at: number): string {
  const bytes = readMemory(memory, address(at), readableBytes(memory, address(at), PREVIEW));
  if (!(bytes instanceof Uint8Array)) return "";
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const ascii = Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·",
  ).join("");
  return `${hex}  ${ascii}`;
}
