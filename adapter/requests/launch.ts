/**
 * `launch` and `attach`: both open a dump, with the same arguments. A client that only knows how to attach
 * to what ran before is served as well as one that launches.
 */
import { t } from "@vscode/l10n";
import type { LaunchArguments } from "../../host/launch";
import { errors } from "../protocol/errors";
import type { RequestHandler } from "../protocol/request";
import { type ViewSettings, withSettings } from "../state/view-settings";

type DebugArguments = Partial<LaunchArguments & ViewSettings>;

const opening = (command: "launch" | "attach"): RequestHandler<DebugArguments, void> => ({
  command,
  async handle(session, args) {
    session.view = withSettings(session.view, args);
    await session.open(checked(args));
  },
  after(session) {
    session.connection.sendEvent("initialized");
  },
});

/** @throws AdapterError naming the member that is absent or of the wrong kind */
export function checked(args: Partial<LaunchArguments>): LaunchArguments {
  const { program, stackTrace, modules, dialect } = args;
  const coreFile = args.coreFile ?? (stackTrace === undefined ? undefined : "stack trace");
  if (typeof coreFile !== "string" || coreFile === "") {
    throw errors.missingArgument("coreFile", '"coreFile": "crash.coredump"');
  }
  if (program !== undefined && typeof program !== "string") {
    throw errors.badArgument("program", t("must be the path of a Wasm module"));
  }
  if (stackTrace !== undefined && typeof stackTrace !== "string") {
    throw errors.badArgument("stackTrace", t("must be the text of a stack trace"));
  }
  if (dialect !== undefined && typeof dialect !== "string") {
    throw errors.badArgument("dialect", t("must be the name of a dialect (docs/DIALECTS.md)"));
  }
  if (modules !== undefined && !isTexts(modules)) {
    throw errors.badArgument("modules", t("must give a path for each name"));
  }
  return { ...args, coreFile };
}

const isTexts = (value: object | null): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((path) => typeof path === "string");

export const launch = opening("launch");
export const attach = opening("attach");
