/**
 * `locations`: where a variable is declared, and where the function is that a pointer in it leads to. A function
 * without debug information is shown as its disassembly.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import { declarationOfFunction } from "../../engine/postmortem/declarations";
import { originOfPath } from "../../engine/postmortem/origin";
import { describeSource, describeWat } from "../presentation/source";
import { errors } from "../protocol/errors";
import type { RequestHandler } from "../protocol/request";

export const locations: RequestHandler<
  DebugProtocol.LocationsArguments,
  DebugProtocol.LocationsResponse["body"]
> = {
  command: "locations",
  async handle(session, { locationReference }) {
    const { crash: opened, client } = session;
    const location = opened.locations.get(locationReference);
    if (location === undefined) throw errors.unknownLocation(locationReference);
    const declaration =
      location.kind === "declaration"
        ? location.at
        : await settle(() => declarationOfFunction(location.module, location.index));
    if (declaration !== undefined) {
      const { file, line } = declaration;
      return {
        source: await describeSource(opened, file, originOfPath(file.path)),
        line: client.line(line),
      };
    }
    if (location.kind !== "function") throw errors.unknownLocation(locationReference);
    return { source: describeWat(opened, location.module, location.index), line: client.line(1) };
  },
};
