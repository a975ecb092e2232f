/**
 * Values in the editor while a core dump is open: beside the lines that ran (inline values), and under the mouse
 * (hovers on whole expressions). Registered only while a session of ours lives.
 */
import * as vscode from "vscode";
import { debugType } from "./debug-type";
import type { Sessions } from "./sessions";
import { LANGUAGES, type LanguageId, type Token, tokens } from "./source-text/lexer";
import { expressionAt, type Span, variableNames } from "./source-text/values";

/** Lines above the crash line that get values, where a frame does not say where its function begins. */
const MOST_LINES = 400;

export function registerEditing(sessions: Sessions): vscode.Disposable {
  let providers: vscode.Disposable | undefined;
  const update = () => {
    if (sessions.all.length > 0) providers ??= registerProviders();
    else {
      providers?.dispose();
      providers = undefined;
    }
  };
  return vscode.Disposable.from(sessions.onDidChange(update), { dispose: () => providers?.dispose() });
}

function registerProviders(): vscode.Disposable {
  const languages = LANGUAGES.map((language) => ({ language }));
  return vscode.Disposable.from(
    vscode.languages.registerInlineValuesProvider(languages, { provideInlineValues }),
    vscode.languages.registerEvaluatableExpressionProvider(languages, { provideEvaluatableExpression }),
  );
}

/** The variables that the function's lines name, down to the line where the frame stands. */
async function provideInlineValues(
  document: vscode.TextDocument,
  view: vscode.Range,
  { frameId, stoppedLocation }: vscode.InlineValueContext,
): Promise<vscode.InlineValue[]> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType) return [];
  const last = stoppedLocation.end.line;
  const first = await firstLine(session, frameId, last);
  const values: vscode.InlineValue[] = [];
  for (const name of variableNames(tokensOf(document), languageOf(document))) {
    const range = rangeOf(document, name);
    if (range.start.line < first || range.end.line > last || view.intersection(range) === undefined) continue;
    values.push(new vscode.InlineValueVariableLookup(range, name.text, true));
  }
  return values;
}

/** Where the frame's function begins, 0-based: what stands above has variables of its own. */
async function firstLine(session: vscode.DebugSession, frameId: number, last: number): Promise<number> {
  const { scopes } = (await session.customRequest("scopes", { frameId })) as { scopes: { line?: number }[] };
  const lines = scopes.flatMap(({ line }) => (line === undefined ? [] : [line - 1]));
  return lines.length === 0 ? Math.max(0, last - MOST_LINES) : Math.min(last, ...lines);
}

function provideEvaluatableExpression(
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.EvaluatableExpression | undefined {
  const found = expressionAt(
    document.getText(),
    tokensOf(document),
    languageOf(document),
    document.offsetAt(position),
  );
  return found === undefined
    ? undefined
    : new vscode.EvaluatableExpression(rangeOf(document, found), found.text);
}

const rangeOf = (document: vscode.TextDocument, { start, end }: Span): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));

const languageOf = ({ languageId }: vscode.TextDocument): LanguageId => languageId as LanguageId;

const known = new WeakMap<vscode.TextDocument, { version: number; tokens: readonly Token[] }>();

/** The document's tokens, kept until it changes. */
function tokensOf(document: vscode.TextDocument): readonly Token[] {
  const { version } = document;
  const before = known.get(document);
  if (before?.version === version) return before.tokens;
  const all = [...tokens(document.getText(), languageOf(document))];
  known.set(document, { version, tokens: all });
  return all;
}
