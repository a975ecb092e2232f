/**
 * `loadedSources`: every file that the line tables and source maps name, each once. Costs a line table's header for each
 * unit, so it is only done when a client asks.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import type { SourceFile } from "../../engine/dwarf/model";
import type { Crash } from "../../engine/postmortem/model";
import { originOfPath } from "../../engine/postmortem/origin";
import { describeSource } from "../presentation/source";
import type { RequestHandler } from "../protocol/request";

export const loadedSources: RequestHandler<unknown, DebugProtocol.LoadedSourcesResponse["body"]> = {
  command: "loadedSources",
  capabilities: { supportsLoadedSourcesRequest: true },
  async handle(session) {
    const opened = session.crash;
    const files = await settle(() => filesOf(opened.crash));
    const sources: DebugProtocol.Source[] = [];
    for (const file of files) sources.push(await describeSource(opened, file, originOfPath(file.path)));
    return { sources };
  },
};

function filesOf(crash: Crash): SourceFile[] {
  const files = new Map<string, SourceFile>();
  for (const { debug, sourceMap } of crash.modules) {
    for (const file of sourceMap?.files ?? []) files.set(file.path, file);
    for (const unit of debug?.units() ?? []) {
      for (const file of unit.lines?.files ?? []) if (!files.has(file.path)) files.set(file.path, file);
    }
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
