/**
 * `scopes`: what a frame has to show. Lexical blocks carry their lines, so that VS Code picks the innermost
 * one for inline values and shadowing comes out right.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import type { Scope, ScopeKind } from "../../engine/postmortem/model";
import { inUsersLanguage } from "../presentation/engine-texts";
import { describeSource } from "../presentation/source";
import { defined, type RequestHandler } from "../protocol/request";
import { scopeContainer } from "../state/containers";
import type { KnownFrame, OpenedCrash } from "../state/opened-crash";

const HINTS: Readonly<Partial<Record<ScopeKind, string>>> = {
  arguments: "arguments",
  locals: "locals",
  "wasm-locals": "registers",
  "operand-stack": "registers",
  globals: "registers",
  tables: "registers",
};

export const scopes: RequestHandler<DebugProtocol.ScopesArguments, DebugProtocol.ScopesResponse["body"]> = {
  command: "scopes",
  async handle(session, args) {
    const { crash: opened, client } = session;
    const known = opened.frame(args.frameId);
    const listed = await settle(() => list(opened, known));
    const shown: DebugProtocol.Scope[] = [];
    for (const { scope, handle } of listed) {
      const range = scope.range;
      shown.push(
        defined<DebugProtocol.Scope>({
          name: inUsersLanguage(scope.name),
          presentationHint: HINTS[scope.kind],
          variablesReference: handle,
          expensive: scope.expensive,
          source: range && (await describeSource(opened, range.file, known.frame.origin)),
          line: range && client.line(range.startLine),
          endLine: range && client.line(range.endLine),
        }),
      );
    }
    return { scopes: shown };
  },
};

/**
 * The scopes with something in them. VS Code opens the first one: an empty list of arguments there would hide
 * the locals. Expensive ones are not looked into before they are opened.
 */
function list(opened: OpenedCrash, known: KnownFrame): { scope: Scope; handle: number }[] {
  const worthShowing = known.frame
    .scopes()
    .filter((scope) => scope.expensive || scope.variables().length > 0);
  const owner = opened.ownerOf(known.frame);
  known.scopes ??= worthShowing.map((scope) => opened.containers.add(scopeContainer(scope, owner)));
  const handles = known.scopes;
  return worthShowing.map((scope, index) => ({ scope, handle: handles[index]! }));
}
