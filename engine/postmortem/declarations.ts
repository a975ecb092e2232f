/** Where things are declared in the sources: DW_AT_decl_file and DW_AT_decl_line (DWARF 5 §2.14). */
import type { FunctionIndex } from "../bytes/offsets";
import { DW_AT } from "../dwarf/constants";
import type { Entry, SourceFile } from "../dwarf/model";
import type { CrashModule } from "./model";

export interface Declaration {
  readonly file: SourceFile;
  /** 1-based. */
  readonly line: number;
}

/** Where an entry, or the one that it completes, is declared; undefined when that is not said. */
export function declarationOf(entry: Entry): Declaration | undefined {
  const number = entry.unsigned(DW_AT.decl_file);
  const line = entry.unsigned(DW_AT.decl_line);
  if (number === undefined || !line) return undefined;
  const file = entry.holder(DW_AT.decl_file)?.unit.lines?.file(number);
  return file && { file, line };
}

/** Where a function of the module is declared; undefined for imports and without debug information. */
export function declarationOfFunction(module: CrashModule, index: FunctionIndex): Declaration | undefined {
  const body = module.wasm.body(index);
  const entry = body && module.debug?.unitAt(body.start)?.subprogramAt(body.start);
  return entry && declarationOf(entry);
}
