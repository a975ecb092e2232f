/** The debug sessions of ours that live. */
import * as vscode from "vscode";
import { debugType } from "./debug-type";

export class Sessions implements vscode.Disposable {
  private readonly sessions = new Set<vscode.DebugSession>();
  private readonly changed = new vscode.EventEmitter<void>();
  /** One began or ended. */
  readonly onDidChange = this.changed.event;
  private readonly listeners = vscode.Disposable.from(
    vscode.debug.onDidStartDebugSession((session) => {
      if (session.type !== debugType) return;
      this.sessions.add(session);
      this.changed.fire();
    }),
    vscode.debug.onDidTerminateDebugSession((session) => {
      if (this.sessions.delete(session)) this.changed.fire();
    }),
  );

  get all(): readonly vscode.DebugSession[] {
    return [...this.sessions];
  }

  find(id: string): vscode.DebugSession | undefined {
    return this.all.find((session) => session.id === id);
  }

  /** The one that the user looks at, else the only one; undefined when none lives. */
  get active(): vscode.DebugSession | undefined {
    const { activeDebugSession } = vscode.debug;
    return activeDebugSession?.type === debugType ? activeDebugSession : this.all[0];
  }

  dispose(): void {
    this.listeners.dispose();
    this.changed.dispose();
  }
}
