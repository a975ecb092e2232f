/** The extension in a browser: files through the editor, the adapter inline. */
import type * as vscode from "vscode";
import { activateOn } from "../activate";
import { EditorHost } from "../editor-host";
import { inlineAdapter } from "../inline-adapter";

export function activate(context: vscode.ExtensionContext): void {
  const host = () => new EditorHost();
  activateOn({ host, adapters: { createDebugAdapterDescriptor: () => inlineAdapter(host()) } }, context);
}
