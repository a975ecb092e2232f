/**
 * `launch` and `attach`: both open a dump, with the same arguments. A client that only knows how to attach
 * to what ran before is served as well as one that launches.
 */
import type { LaunchArguments } from "../../host/launch";
import { errors } from "../protocol/errors";
import type { RequestHandler } from "../protocol/request";

const opening = (command: "launch" | "attach"): RequestHandler<Partial<LaunchArguments>, void> => ({
  command,
  async handle(session, args) {
    await session.open(checked(args));
  },
  after(session) {
    session.connection.sendEvent("initialized");
  },
});

/** @throws AdapterError naming the member that is absent or of the wrong kind */
export function checked(args: Partial<LaunchArguments>): LaunchArguments {
  const { program, coreFile } = args;
  if (typeof coreFile !== "string" || coreFile === "") {
    throw errors.missingArgument("coreFile", '"coreFile": "crash.coredump"');
  }
  if (program !== undefined && typeof program !== "string") {
    throw errors.badArgument("program", "must be the path of a Wasm module");
  }
  return { ...args, coreFile };
}

export const launch = opening("launch");
export const attach = opening("attach");
