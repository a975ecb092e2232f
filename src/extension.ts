/**
 * The extension on the desktop and on a remote machine: the adapter is a process of its own, so that large
 * debug information never makes the editor wait.
 */
import * as vscode from "vscode";
import { NodeHost } from "../host/node";
import { activateOn } from "./activate";
import { EditorHost, isLocal } from "./editor-host";
import { engine } from "./engine";

export function activate(context: vscode.ExtensionContext): void {
  const host = () => new EditorHost(new NodeHost());
  const inDist = (name: string) => vscode.Uri.joinPath(context.extensionUri, "dist", name).fsPath;
  const adapter = inDist("adapter.js");
  activateOn(
    {
      host,
      openCrashes: async (crashes) => {
        const { openCrashes } = await import("./r2-side");
        return openCrashes(inDist("r2-local.js"))(crashes);
      },
      adapters: {
        async createDebugAdapterDescriptor({ configuration }) {
          const paths = [configuration["coreFile"], configuration["program"]];
          if (paths.every((path) => path === undefined || isLocal(path))) return nodeProcess(adapter);
          const { inlineAdapter } = await engine();
          return inlineAdapter(host());
        },
      },
    },
    context,
  );
}

/** The extension host's own executable is Electron on the desktop, told to be Node, and Node elsewhere. */
function nodeProcess(script: string): vscode.DebugAdapterExecutable {
  return new vscode.DebugAdapterExecutable(process.execPath, [script], {
    env: { ELECTRON_RUN_AS_NODE: "1", WASM_POSTMORTEM_L10N: vscode.l10n.uri?.fsPath ?? "" },
  });
}
