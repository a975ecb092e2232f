/**
 * The settings of how a crash is shown: they go with each launch, and to the sessions that live when they change.
 * Two commands turn them, from the menus of variables and of the call stack.
 */
import * as vscode from "vscode";
import type { Sessions } from "./sessions";

const section = "wasm-postmortem";
const names = ["hexadecimal", "showRuntimeFrames"] as const;
type Name = (typeof names)[number];

/** All of them as they are now, as launch arguments. */
export function viewSettings(): Record<Name, boolean> {
  const settings = vscode.workspace.getConfiguration(section);
  return {
    hexadecimal: settings.get("hexadecimal", false),
    showRuntimeFrames: settings.get("showRuntimeFrames", false),
  };
}

export function registerViewSettings(sessions: Sessions): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((change) => {
      const now = viewSettings();
      const changed = names.filter((name) => change.affectsConfiguration(`${section}.${name}`));
      if (changed.length === 0) return;
      const args = Object.fromEntries(changed.map((name) => [name, now[name]]));
      for (const session of sessions.all) void session.customRequest("wasm/settings", args);
    }),
    vscode.commands.registerCommand("wasm-postmortem.toggleHexadecimal", () => toggle("hexadecimal")),
    vscode.commands.registerCommand("wasm-postmortem.toggleRuntimeFrames", () => toggle("showRuntimeFrames")),
  );
}

/** Turns a setting where it is set: in the workspace, else for the user. */
async function toggle(name: Name): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section);
  const inWorkspace = settings.inspect(name)?.workspaceValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update(name, !settings.get(name, false), target);
}
