/**
 * Values in the editor while a core dump is open: beside the lines that ran (inline values), and under the mouse
 * (hovers on whole expressions). Registered only while a session of ours lives.
 */
import * as vscode from "vscode";
import type { VisibleNamesBody } from "../adapter/requests/visible-names";
import { baseName } from "./crash-files/names";
import { debugType } from "./debug-type";
import type { Sessions } from "./sessions";
import { LANGUAGES, type LanguageId, type Token, tokens } from "./source-text/lexer";
import { expressionAt, type Span, variableNames } from "./source-text/values";
import { type FrameText, valuesOf } from "./source-text/visible";

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

/** The values of what the function's lines name, down to the line where the frame stands. */
async function provideInlineValues(
  document: vscode.TextDocument,
  view: vscode.Range,
  { frameId, stoppedLocation }: vscode.InlineValueContext,
): Promise<vscode.InlineValue[]> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType) return [];
  const last = stoppedLocation.end.line;
  const named = [...variableNames(tokensOf(document), languageOf(document))].filter((name) => {
    const range = rangeOf(document, name);
    return range.end.line <= last && view.intersection(range) !== undefined;
  });
  const names = [...new Set(named.map(({ text }) => text))];
  const visible = await visibleNames(session, frameId, names);
  const stop = document.offsetAt(stoppedLocation.start);
  return valuesOf(named, frameText(document, visible, stop)).map(
    ({ name, value }) => new vscode.InlineValueText(rangeOf(document, name), `${name.text} = ${value}`),
  );
}

const frameText = (document: vscode.TextDocument, visible: VisibleNamesBody, stop: number): FrameText => ({
  visible,
  tokens: tokensOf(document),
  stop,
  lineAt: (offset) => document.positionAt(offset).line + 1,
});

/** What names mean on the lines of a frame's function. @param names those that are wanted */
const visibleNames = async (
  session: vscode.DebugSession,
  frameId: number,
  names: readonly string[],
): Promise<VisibleNamesBody> => session.customRequest("wasm/visibleNames", { frameId, names });

async function provideEvaluatableExpression(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.EvaluatableExpression | undefined> {
  const found = expressionAt(
    document.getText(),
    tokensOf(document),
    languageOf(document),
    document.offsetAt(position),
  );
  if (found === undefined || !(await meansItHere(document, found))) return undefined;
  return new vscode.EvaluatableExpression(rangeOf(document, found), found.text);
}

/**
 * Whether every variable of the frame that an expression names is what its text means: a name of another function, or
 * of a block that has ended, is another variable's.
 */
async function meansItHere(document: vscode.TextDocument, { start, end }: Span): Promise<boolean> {
  const { activeStackItem } = vscode.debug;
  if (!(activeStackItem instanceof vscode.DebugStackFrame)) return true;
  const { session, frameId } = activeStackItem;
  if (session.type !== debugType) return true;
  const inside = tokensOf(document).filter((token) => start <= token.start && token.end <= end);
  const named = [...variableNames(inside, languageOf(document))];
  const visible = await visibleNames(
    session,
    frameId,
    named.map(({ text }) => text),
  );
  const own = named.filter(({ text }) => visible.names.some(({ name }) => name === text));
  if (own.length === 0) return true;
  const { source, line, column } = visible;
  if (source === undefined || baseName(source.path ?? "") !== baseName(document.uri.path)) return false;
  const stop = document.offsetAt(new vscode.Position((line ?? 1) - 1, (column ?? 1) - 1));
  return valuesOf(own, frameText(document, visible, stop)).length === own.length;
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
