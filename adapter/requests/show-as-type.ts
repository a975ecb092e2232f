/**
 * `wasm/showAsType`, a request of our own: what lies at an address, as a type of the program. The value goes into the
 * client's console as a line that opens, and the expression that gives it into the answer, to be watched.
 */
import { settle } from "../../engine/bytes/remote-source";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { flavourOf } from "../../engine/values/flavours";
import type { RequestHandler } from "../protocol/request";
import { singleContainer } from "../state/containers";

interface Arguments {
  /** An expression: a number, a pointer. */
  readonly address: string;
  /** As the program writes it: `struct tree`, `Vec<u8>`. */
  readonly type: string;
  /** The crash frame by itself. */
  readonly frameId?: number;
}

export const showAsType: RequestHandler<Arguments, { expression: string; result: string }> = {
  command: "wasm/showAsType",
  async handle(session, { address, type, frameId }) {
    const { crash: opened, view } = session;
    const shown = await settle(() => {
      const frame = frameId === undefined ? opened.crashFrame : opened.frame(frameId).frame;
      const isRust = flavourOf(frame.language).name === "rust";
      const expression = isRust ? `*((${address}) as *const ${type})` : `*(${type} *)(${address})`;
      const value = evaluateInFrame(expression, frame, opened.crash.reason);
      const result = value.text({ hex: view.hexadecimal });
      const item = { name: expression, value, expression, hint: undefined, key: "value" };
      return { expression, result, container: singleContainer(item, opened.ownerOf(frame)) };
    });
    const { expression, result, container } = shown;
    session.connection.sendEvent("output", {
      category: "console",
      output: `${expression} = ${result}\n`,
      variablesReference: opened.containers.add(container),
    });
    return { expression, result };
  },
};
