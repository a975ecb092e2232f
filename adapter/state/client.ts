/**
 * What the client said of itself in `initialize`: how it counts lines and columns, and what it can show.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { COLORED, type Palette, PLAIN } from "../../engine/console/palette";

export class Client {
  private readonly lineBase: number;
  private readonly columnBase: number;
  /** Whether it asks for elements of an array page by page. */
  readonly pagesVariables: boolean;
  /** Whether it shows how far long work is. */
  readonly showsProgress: boolean;
  /** Whether it can be told that what it shows is not so any more. */
  readonly takesInvalidation: boolean;
  /** How its console shows texts; values, which are copied and compared, are never coloured. */
  readonly palette: Palette;

  constructor(args: Partial<DebugProtocol.InitializeRequestArguments> = {}) {
    this.lineBase = args.linesStartAt1 === false ? 0 : 1;
    this.columnBase = args.columnsStartAt1 === false ? 0 : 1;
    this.showsProgress = args.supportsProgressReporting === true;
    this.takesInvalidation = args.supportsInvalidatedEvent === true;
    this.palette = args.supportsANSIStyling === true ? COLORED : PLAIN;
    this.pagesVariables = args.supportsVariablePaging === true;
  }

  /** @param line 1-based, 0 = unknown */
  line(line: number): number {
    return line === 0 ? 0 : line - 1 + this.lineBase;
  }

  /** A line that the client counted, from 0. */
  lineIndex(line: number): number {
    return line - this.lineBase;
  }

  /** A column that the client counted, from 0. */
  columnIndex(column: number): number {
    return column - this.columnBase;
  }

  /** @param column 1-based, 0 = unknown */
  column(column: number): number {
    return column === 0 ? 0 : column - 1 + this.columnBase;
  }
}
