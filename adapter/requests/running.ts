/**
 * `continue`, `next`, `stepIn`, `stepOut`, `pause`: a dump cannot run. DAP has no way to grey the buttons out,
 * so each is refused at once with the same words. VS Code fires its own "continued" only after a success
 * response, so after an error it stays stopped where it was, and shows the error's message once.
 */
import { errors } from "../protocol/errors";
import type { RequestHandler } from "../protocol/request";

const refused = (command: string): RequestHandler<unknown, never> => ({
  command,
  handle() {
    throw errors.cannotRun();
  },
});

export const running = ["continue", "next", "stepIn", "stepOut", "pause"].map(refused);
