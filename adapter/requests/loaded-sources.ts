/**
 * `loadedSources`: every file that the line tables and source maps name, each once. Costs a line table's header for each
 * unit, so it is only done when a client asks.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import { originOfPath } from "../../engine/postmortem/origin";
import { sourceFiles } from "../../engine/postmortem/source-files";
import { describeSource } from "../presentation/source";
import type { RequestHandler } from "../protocol/request";

export const loadedSources: RequestHandler<unknown, DebugProtocol.LoadedSourcesResponse["body"]> = {
  command: "loadedSources",
  capabilities: { supportsLoadedSourcesRequest: true },
  async handle(session) {
    const opened = session.crash;
    const files = await settle(() => sourceFiles(opened.crash));
    const sources: DebugProtocol.Source[] = [];
    for (const file of files) sources.push(await describeSource(opened, file, originOfPath(file.path)));
    return { sources };
  },
};
