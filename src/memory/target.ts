/**
 * What a command about memory is about: a variable or a watch that its menu was opened on, else what the user types.
 */
import * as vscode from "vscode";
import type { Sessions } from "../sessions";

export interface Target {
  readonly session: vscode.DebugSession;
  readonly frameId: number | undefined;
  /** For the adapter to evaluate. */
  readonly expression: string;
}

/** The session that a command is for, and its frame; says so when there is none. */
export function place(sessions: Sessions, sessionId?: string): Omit<Target, "expression"> | undefined {
  const session = (sessionId === undefined ? undefined : sessions.find(sessionId)) ?? sessions.active;
  if (session === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("Open a core dump first: its memory is shown then."),
    );
    return undefined;
  }
  const { activeStackItem } = vscode.debug;
  const isOurs =
    activeStackItem instanceof vscode.DebugStackFrame && activeStackItem.session.id === session.id;
  return { session, frameId: isOurs ? activeStackItem.frameId : undefined };
}

/** VS Code's own name of a frame: its session, its thread, its number in the thread, and what it is called. */
const FRAME = /^stackframe:thread:([^:]+):(\d+):(\d+):/;

/** The frame that the call stack's menu was opened on, which need not be the selected one; else that. */
export async function frameOf(
  sessions: Sessions,
  context: unknown,
): Promise<Omit<Target, "expression"> | undefined> {
  const [, id, thread, number] =
    FRAME.exec((context as { frameId?: string } | undefined)?.frameId ?? "") ?? [];
  const session = id === undefined ? undefined : sessions.find(id);
  if (session === undefined) return place(sessions);
  const page = { threadId: Number(thread), startFrame: Number(number), levels: 1 };
  const { stackFrames } = await session.customRequest("stackTrace", page);
  return { session, frameId: stackFrames[0]?.id };
}

/** What VS Code hands to a command of its variables' and watches' menus, as far as we look at it. */
interface MenuContext {
  readonly sessionId?: string;
  readonly variable?: { readonly name?: string; readonly evaluateName?: string };
  readonly evaluateName?: string;
  readonly name?: string;
}

/**
 * @param context what the menu gave; undefined from the palette
 * @param question what to ask for, where the context does not tell
 */
export async function targetOf(
  sessions: Sessions,
  context: unknown,
  question: { readonly title: string; readonly prompt: string; readonly value?: string },
): Promise<Target | undefined> {
  const { sessionId, variable, evaluateName, name } = (context ?? {}) as MenuContext;
  const where = place(sessions, sessionId);
  if (where === undefined) return undefined;
  const expression =
    variable?.evaluateName ?? evaluateName ?? name ?? (await vscode.window.showInputBox(question));
  return expression === undefined || expression.trim() === "" ? undefined : { ...where, expression };
}

/** Runs what may fail for reasons that are the user's to know: an unknown name, a value that is missing. */
export async function told(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
