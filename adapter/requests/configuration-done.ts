/**
 * `configurationDone`: the client is ready, so it is told where it stands: warnings, a short triage in the
 * console, and the stop at the crash.
 */
import { announceCrash } from "../presentation/stop";
import type { RequestHandler } from "../protocol/request";

export const configurationDone: RequestHandler<unknown, void> = {
  command: "configurationDone",
  capabilities: { supportsConfigurationDoneRequest: true },
  handle(session) {
    session.crash;
  },
  after: announceCrash,
};
