/** The commands about a crash's memory: view it, find in it, see an address as a type, see who points at something. */
import * as vscode from "vscode";
import type { Matches } from "../../adapter/memory/matches";
import type { NumberType } from "../../adapter/memory/needle";
import type { Sessions } from "../sessions";
import { showMemory } from "./document";
import { frameOf, place, type Target, targetOf, told } from "./target";

export function registerMemoryCommands(sessions: Sessions): vscode.Disposable {
  const command = (
    name: string,
    run: (context: unknown, more: unknown) => Promise<void>,
  ): vscode.Disposable =>
    vscode.commands.registerCommand(`wasm-postmortem.${name}`, (context: unknown, more: unknown) =>
      told(() => run(context, more)),
    );
  return vscode.Disposable.from(
    command("viewMemory", (context) => viewMemory(sessions, context)),
    // The call stack's menu tells the source first.
    command("viewFrameMemory", (_source, frame) => viewFrameMemory(sessions, frame)),
    command("findInMemory", () => findInMemory(sessions)),
    command("whoPointsHere", (context) => whoPointsHere(sessions, context)),
    command("showAsType", (context) => showAsType(sessions, context)),
  );
}

const anAddress = (title: string) => ({
  title,
  prompt: vscode.l10n.t("An address, or an expression of the selected frame: 0x10a4, list.head, $frame"),
});

async function viewMemory(sessions: Sessions, context: unknown): Promise<void> {
  const target = await targetOf(sessions, context, anAddress(vscode.l10n.t("View Memory")));
  if (target !== undefined) await viewTarget(target);
}

/** Where a frame's variables are counted from. */
async function viewFrameMemory(sessions: Sessions, context: unknown): Promise<void> {
  const where = await frameOf(sessions, context);
  if (where !== undefined) await viewTarget({ ...where, expression: "$frame" });
}

async function viewTarget({ session, frameId, expression }: Target): Promise<void> {
  const text = expression.trim();
  if (/^(0x[\da-f]+|\d+)$/i.test(text)) return showMemory(session, `0x${BigInt(text).toString(16)}`);
  const value = await session.customRequest("evaluate", { expression, frameId, context: "watch" });
  if (value.memoryReference === undefined)
    throw new Error(vscode.l10n.t("{0} is not in memory: {1}", expression, value.result));
  await showMemory(session, value.memoryReference);
}

interface Kind extends vscode.QuickPickItem {
  readonly wanted: "text" | "bytes" | "number" | "pointer";
  readonly prompt: string;
}

async function findInMemory(sessions: Sessions): Promise<void> {
  const where = place(sessions);
  if (where === undefined) return;
  const { session, frameId } = where;
  const { t } = vscode.l10n;
  const kinds: Kind[] = [
    { wanted: "text", label: t("Text"), prompt: t("The text, as UTF-8") },
    { wanted: "bytes", label: t("Bytes"), prompt: t("Bytes in hexadecimal: de ad be ef") },
    { wanted: "number", label: t("Number"), prompt: t("The number: 42, -7, 0x2a, 3.25") },
    { wanted: "pointer", label: t("Pointer to"), prompt: anAddress("").prompt },
  ];
  const title = t("Find in Memory");
  const kind = await vscode.window.showQuickPick(kinds, { title, placeHolder: t("What to look for") });
  if (kind === undefined) return;
  const type = kind.wanted === "number" ? await askForType() : undefined;
  if (kind.wanted === "number" && type === undefined) return;
  const text = await vscode.window.showInputBox({ title, prompt: kind.prompt });
  if (text === undefined || text === "") return;
  const found: Matches =
    kind.wanted === "pointer"
      ? await session.customRequest("wasm/findPointers", { expression: text, frameId })
      : await session.customRequest("wasm/findInMemory", { kind: kind.wanted, text, type, frameId });
  await choose(session, found, text);
}

async function askForType(): Promise<NumberType | undefined> {
  const types: NumberType[] = ["i32", "u32", "i64", "u64", "f32", "f64", "u8", "i8", "u16", "i16"];
  return (await vscode.window.showQuickPick(types, {
    title: vscode.l10n.t("Find in Memory"),
    placeHolder: vscode.l10n.t("The number's type"),
  })) as NumberType | undefined;
}

async function whoPointsHere(sessions: Sessions, context: unknown): Promise<void> {
  const target = await targetOf(sessions, context, anAddress(vscode.l10n.t("Who Points Here")));
  if (target === undefined) return;
  const { session, frameId, expression } = target;
  await choose(
    session,
    await session.customRequest("wasm/findPointers", { expression, frameId }),
    expression,
  );
}

interface Place extends vscode.QuickPickItem {
  readonly memoryReference?: string | undefined;
}

/** Lists what was found, and shows the memory of what is chosen. */
async function choose(
  session: vscode.DebugSession,
  { matches, more }: Matches,
  wanted: string,
): Promise<void> {
  const { t } = vscode.l10n;
  if (matches.length === 0) {
    void vscode.window.showInformationMessage(t("Nothing in the core dump's memory: {0}", wanted));
    return;
  }
  const items = matches.map(
    ({ address, place, preview, memoryReference }): Place => ({
      label: address ?? place ?? "",
      ...(address === undefined || place === undefined ? {} : { description: place }),
      detail: preview,
      memoryReference,
    }),
  );
  const count = more ? t("more than {0} places", matches.length) : t("{0} places", matches.length);
  const chosen = await vscode.window.showQuickPick(items, {
    title: `${wanted}: ${count}`,
    placeHolder: t("Choose a place to see its memory"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen?.memoryReference !== undefined) await showMemory(session, chosen.memoryReference);
}

async function showAsType(sessions: Sessions, context: unknown): Promise<void> {
  const { t } = vscode.l10n;
  const title = t("Show as Type");
  const target = await targetOf(sessions, context, anAddress(title));
  if (target === undefined) return;
  const prompt = t("A type of the program, as its sources write it: struct tree, Vec<u8>, unsigned char[16]");
  const type = await vscode.window.showInputBox({ title, prompt });
  if (type === undefined || type === "") return;
  const { session, frameId, expression } = target;
  const { memoryReference } = await session.customRequest("evaluate", {
    expression,
    frameId,
    context: "watch",
  });
  const isNumber = /^\s*(0x[\da-f]+|\d+)\s*$/i.test(expression);
  const address = isNumber || memoryReference === undefined ? expression : memoryReference;
  await session.customRequest("wasm/showAsType", { address, type, frameId });
  await vscode.commands.executeCommand("workbench.debug.action.focusRepl");
}
