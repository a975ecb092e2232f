/**
 * A crash's memory around an address as a read-only text, for editors without the Hex Editor as well: in a browser, on
 * a machine without the marketplace.
 */
import * as vscode from "vscode";
import type { Sessions } from "../sessions";
import { columnOf, hexDump, PER_LINE } from "./hex-dump";

const scheme = "wasm-memory";
export const language = "wasm-memory";
/** Bytes that are shown before the address and from it on. */
const BEFORE = 2048;
const AFTER = 6144;
/** References carry a memory's number above the address (adapter/presentation/references.ts). */
const ADDRESS = (1n << 53n) - 1n;

interface Window {
  /** First address. */
  readonly start: number;
  /** The address that was asked for. */
  readonly at: number;
}

function windowAround(memoryReference: string): Window {
  const at = addressOf(memoryReference);
  return { start: Math.max(0, at - BEFORE - (at % PER_LINE)), at };
}

/** The address in a reference to memory. */
export const addressOf = (memoryReference: string): number => Number(BigInt(memoryReference) & ADDRESS);

export function registerMemoryDocuments(sessions: Sessions): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ query }) {
      const { session: id, memoryReference } = JSON.parse(query);
      const session = sessions.find(id);
      if (session === undefined) return vscode.l10n.t("The debug session has ended.");
      const { start, at } = windowAround(memoryReference);
      const memory = BigInt(memoryReference) - BigInt(at);
      const reference = `0x${(memory + BigInt(start)).toString(16)}`;
      return hexDump(start, await readBytes(session, reference, at + AFTER - start));
    },
  });
}

/** Shows memory beside the source, with `length` bytes selected. */
export async function showMemory(
  { id }: vscode.DebugSession,
  memoryReference: string,
  length = 1,
): Promise<void> {
  const { start, at } = windowAround(memoryReference);
  const uri = vscode.Uri.from({
    scheme,
    path: `/0x${at.toString(16)}`,
    query: JSON.stringify({ session: id, memoryReference }),
  });
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, language);
  const first = (at - start) % PER_LINE;
  const line = Math.floor((at - start) / PER_LINE);
  const last = Math.min(PER_LINE - 1, first + Math.max(1, length) - 1);
  const end = start + (at + AFTER - start);
  const selection = new vscode.Range(line, columnOf(first, end), line, columnOf(last, end) + 2);
  await vscode.window.showTextDocument(document, { selection, viewColumn: vscode.ViewColumn.Beside });
}

/** `count` bytes; undefined for each that the core dump does not have. */
async function readBytes(
  session: vscode.DebugSession,
  memoryReference: string,
  count: number,
): Promise<(number | undefined)[]> {
  const bytes: (number | undefined)[] = [];
  while (bytes.length < count) {
    const wanted = { memoryReference, offset: bytes.length, count: count - bytes.length };
    const { data = "", unreadableBytes = 0 } = await session.customRequest("readMemory", wanted);
    const known = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    bytes.push(...known, ...new Array(unreadableBytes).fill(undefined));
    if (known.length + unreadableBytes === 0) break;
  }
  return bytes;
}
