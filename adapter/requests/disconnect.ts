/** `disconnect`: closes the files. What carries the messages ends by itself once its input ends. */
import type { RequestHandler } from "../protocol/request";

export const disconnect: RequestHandler<unknown, void> = {
  command: "disconnect",
  handle(session) {
    session.close();
  },
};
