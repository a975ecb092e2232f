/** "Wasm: Open Stack Trace": a JavaScript stack trace from a log, opened as a crash with frames and lines. */
import * as vscode from "vscode";
import { parseStackTraces } from "../engine/coredump/stack-trace/parse";

/** What the session calls the text, in place of a dump's file. */
const traceName = "stack trace";

/** The text that holds a trace: what is selected, the file that is open, the clipboard. */
export async function stackTraceText(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const texts = [
    () => (editor?.selection.isEmpty === false ? editor.document.getText(editor.selection) : ""),
    () => editor?.document.getText() ?? "",
    // Only where it is needed: a browser asks the user whether it may be read.
    () => vscode.env.clipboard.readText(),
  ];
  for (const textOf of texts) {
    const text = await textOf();
    if (parseStackTraces(text).length > 0) return text;
  }
  return undefined;
}

/** A launch configuration for the trace. */
export const traceConfiguration = (stackTrace: string) => ({
  type: "wasm-coredump",
  request: "launch",
  name: "Wasm stack trace",
  coreFile: traceName,
  stackTrace,
});
