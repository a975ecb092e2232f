/** Everything about memory: commands, the text that shows it, and Memory Inspector where it is installed. */
import * as vscode from "vscode";
import { debugType } from "../debug-type";
import type { Sessions } from "../sessions";
import { registerMemoryCommands } from "./commands";
import { registerMemoryDocuments } from "./document";
import { type InspectorRegistry, inspectorAdapter, inspectorId } from "./inspector";
import { place } from "./target";

export function registerMemory(sessions: Sessions): vscode.Disposable {
  let inspector: vscode.Disposable | undefined;
  return vscode.Disposable.from(
    registerMemoryCommands(sessions),
    registerMemoryDocuments(sessions),
    sessions.onDidChange(async () => {
      if (inspector === undefined && sessions.all.length > 0) inspector = await joinInspector(sessions);
    }),
    { dispose: () => inspector?.dispose() },
  );
}

/** @returns undefined where Memory Inspector is not installed */
async function joinInspector(sessions: Sessions): Promise<vscode.Disposable | undefined> {
  const registry = await vscode.extensions.getExtension<InspectorRegistry>(inspectorId)?.activate();
  return registry?.registerAdapter?.(
    inspectorAdapter(() => place(sessions)?.frameId),
    debugType,
  );
}
