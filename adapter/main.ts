/** The debug adapter on stdin and stdout, for any editor: `node dist/adapter.js`. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { NodeHost } from "../host/node";
import { encodeMessage, MessageDecoder } from "./protocol/framing";
import { createAdapter } from "./session";

const host = new NodeHost();
const adapter = createAdapter(host, (message) => process.stdout.write(encodeMessage(message)));
const decoder = new MessageDecoder((message) => adapter.receive(message as DebugProtocol.ProtocolMessage));

process.stdin.on("data", (bytes: Buffer) => {
  try {
    decoder.push(bytes);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
});
process.stdin.on("end", () => host.close());
