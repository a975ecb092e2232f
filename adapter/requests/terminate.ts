/** `terminate`: nothing runs, so the session simply ends. */
import type { RequestHandler } from "../protocol/request";

export const terminate: RequestHandler<unknown, void> = {
  command: "terminate",
  capabilities: { supportsTerminateRequest: true },
  handle() {},
  after(session) {
    session.connection.sendEvent("terminated");
  },
};
