/** What is said of a trap, and the words that its sentences share. */
import type { TrapKind } from "../model";

export interface Trap {
  readonly kind: TrapKind;
  /** What happened, with operands: "integer divide by zero: 42 / 0". */
  readonly text: string;
  /** Further facts, one a line. */
  readonly details: readonly string[];
}

export const plain = (kind: TrapKind, text: string, details: readonly string[] = []): Trap => ({
  kind,
  text,
  details,
});

export const hex = (value: bigint | number): string => `0x${value.toString(16)}`;

/** "1 byte", "4 bytes"; "2 entries". */
export const plural = (count: bigint | number, noun: string, several = `${noun}s`): string =>
  `${count} ${Number(count) === 1 ? noun : several}`;
