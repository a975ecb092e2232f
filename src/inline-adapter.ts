/** The debug adapter inside the extension host: in a browser, and for files that only the editor can read. */

import type { DebugProtocol } from "@vscode/debugprotocol";
import { config } from "@vscode/l10n";
import * as vscode from "vscode";
import { type Adapter, createAdapter } from "../adapter/session";
import type { Host } from "../host/host";

class InlineAdapter implements vscode.DebugAdapter {
  private readonly sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.sent.event;
  private readonly adapter: Adapter;

  constructor(private readonly host: Host) {
    config({ contents: vscode.l10n.bundle ?? {} });
    this.adapter = createAdapter(host, (message) => this.sent.fire(message));
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    void this.adapter.receive(message as DebugProtocol.ProtocolMessage);
  }

  dispose(): void {
    this.host.close();
    this.sent.dispose();
  }
}

export function inlineAdapter(host: Host): vscode.DebugAdapterDescriptor {
  return new vscode.DebugAdapterInlineImplementation(new InlineAdapter(host));
}
