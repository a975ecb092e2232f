/**
 * Colours of texts for a terminal, or for a debug console that takes the same ANSI sequences (ECMA-48, SGR). The
 * reader's theme says what each looks like. Each sequence takes back what it set, so that they nest.
 */

export type Paint = (text: string) => string;

export interface Palette {
  /** What stands out: headings, the line of the crash. */
  readonly strong: Paint;
  /** What went wrong. */
  readonly bad: Paint;
  /** What is there for completeness: numbers of frames, addresses, runtime frames, reasons why a value is not known. */
  readonly dim: Paint;
  /** Functions and variables. */
  readonly name: Paint;
}

const ansi =
  (on: number, off: number): Paint =>
  (text) =>
    `\x1b[${on}m${text}\x1b[${off}m`;
const same: Paint = (text) => text;

export const COLORED: Palette = {
  strong: ansi(1, 22),
  bad: ansi(31, 39),
  dim: ansi(2, 22),
  name: ansi(36, 39),
};
export const PLAIN: Palette = { strong: same, bad: same, dim: same, name: same };
