/**
 * A source as DAP shows it: the file on this machine, else the text that the debug information carries, else the
 * path as the compiler wrote it; for a function without any, its disassembly.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { FunctionIndex } from "../../engine/bytes/offsets";
import type { SourceFile } from "../../engine/dwarf/model";
import type { CodeOrigin, CrashModule } from "../../engine/postmortem/model";
import { baseName } from "../../host/paths";
import { defined } from "../protocol/request";
import type { OpenedCrash } from "../state/opened-crash";
import { functionText } from "./wat";

/**
 * @param origin whose code it is; what is not the program's own is de-emphasized
 * @param passed whether VS Code should pass over frames of this source when it picks the one to show
 */
export async function describeSource(
  opened: OpenedCrash,
  file: SourceFile,
  origin: CodeOrigin,
  passed = origin !== "program",
): Promise<DebugProtocol.Source> {
  const found = await opened.locator.locate(file.path, origin === "program");
  const text = file.source;
  const embedded = found === undefined && text !== undefined;
  return defined<DebugProtocol.Source>({
    name: baseName(file.path),
    path: found ?? file.path,
    sourceReference: embedded ? opened.texts.reference(`file ${file.path}`, () => text) : undefined,
    origin: origin === "program" ? undefined : origin,
    presentationHint: passed ? "deemphasize" : "normal",
    checksums: file.md5 === undefined ? undefined : [{ algorithm: "MD5", checksum: file.md5 }],
  });
}

/** A function's disassembly as a source. */
export function describeWat(
  { texts }: OpenedCrash,
  module: CrashModule,
  index: FunctionIndex,
  passed = false,
): DebugProtocol.Source {
  return {
    name: `${module.name}.func${index}.wat`,
    sourceReference: texts.reference(
      `function ${module.id}:${index}`,
      () => functionText(module.wasm, index) ?? "",
    ),
    presentationHint: passed ? "deemphasize" : "normal",
  };
}
