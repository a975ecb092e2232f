/** The debug adapter on stdin and stdout, for any editor: `node dist/adapter.js`. */
import { ProtocolServer } from "@vscode/debugadapter/lib/protocol";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { config } from "@vscode/l10n";
import { NodeHost } from "../host/node";
import { type Adapter, createAdapter } from "./session";

/** Frames messages on two pipes; what they mean is the adapter's business. */
class PipeServer extends ProtocolServer {
  private readonly adapter: Adapter;

  constructor(host: NodeHost) {
    super();
    this.adapter = createAdapter(host, (message) => {
      const unnumbered = { ...message, seq: 0 };
      if (message.type === "event") this.sendEvent(unnumbered as DebugProtocol.Event);
      else this.sendResponse(unnumbered as DebugProtocol.Response);
    });
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.adapter.receive(request);
  }
}

// Texts of the user's language, from the editor's extension that starts the adapter; English without.
const texts = process.env["WASM_POSTMORTEM_L10N"];
if (texts) config({ fsPath: texts });

const host = new NodeHost();
const server = new PipeServer(host);
server.on("close", () => host.close());
server.start(process.stdin, process.stdout);
