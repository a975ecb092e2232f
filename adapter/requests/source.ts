/** `source`: the text behind a sourceReference: embedded in the debug information, or a disassembly. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { errors } from "../protocol/errors";
import type { RequestHandler } from "../protocol/request";

export const source: RequestHandler<DebugProtocol.SourceArguments, DebugProtocol.SourceResponse["body"]> = {
  command: "source",
  handle(session, args) {
    const path = args.source?.path;
    const reference = args.source?.sourceReference ?? args.sourceReference;
    const content = session.crash.texts.text(reference);
    if (content === undefined && path !== undefined && !reference) throw errors.sourceNotHere(path);
    if (content === undefined) throw errors.unknownSource(reference);
    return { content };
  },
};
