/**
 * `wasm/settings`, a request of our own: how things are shown from now on. The client is told what it has to ask
 * for again, if it takes such events.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { RequestHandler } from "../protocol/request";
import { type ViewSettings, withSettings } from "../state/view-settings";

export const settings: RequestHandler<Partial<ViewSettings>, ViewSettings> = {
  command: "wasm/settings",
  handle(session, args) {
    session.view = withSettings(session.view, args);
    return session.view;
  },
  after({ client, connection }, args) {
    if (!client.takesInvalidation) return;
    const areas: DebugProtocol.InvalidatedAreas[] = [
      ...(args.showRuntimeFrames === undefined && args.startAtCrashFrame === undefined
        ? []
        : ["stacks" as const]),
      "variables",
    ];
    connection.sendEvent("invalidated", { areas });
  },
};
