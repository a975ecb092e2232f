/** The source files of a crash: every file that a line table or a source map names. Reads each unit's line table. */
import type { SourceFile } from "../dwarf/model";
import type { Crash } from "./model";

/** Each once, by path. */
export function sourceFiles(crash: Crash): readonly SourceFile[] {
  const files = new Map<string, SourceFile>();
  for (const { debug, sourceMap } of crash.modules) {
    for (const file of sourceMap?.files ?? []) files.set(file.path, file);
    for (const unit of debug?.units() ?? []) {
      for (const file of unit.lines?.files ?? []) if (!files.has(file.path)) files.set(file.path, file);
    }
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
