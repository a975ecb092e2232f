/** `restart`: reads dump and build from disk again, for a build or a dump that was replaced. */
import type { LaunchArguments } from "../../host/launch";
import { announceCrash } from "../presentation/stop";
import type { RequestHandler } from "../protocol/request";
import { checked } from "./launch";

export const restart: RequestHandler<{ arguments?: Partial<LaunchArguments> }, void> = {
  command: "restart",
  capabilities: { supportsRestartRequest: true },
  async handle(session, args) {
    await session.open(checked({ ...session.crash.args, ...args.arguments }));
  },
  after: announceCrash,
};
