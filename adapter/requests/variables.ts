/** `variables`: a page of what is inside a scope or a value. */

import type { DebugProtocol } from "@vscode/debugprotocol";
import { t } from "@vscode/l10n";
import { describeVariable } from "../presentation/variable";
import type { RequestHandler } from "../protocol/request";
import { itemsOf, type Page } from "../state/containers";

/** Lines that a client gets which does not page, so that a huge array does not choke it. */
const UNPAGED_LIMIT = 1000;

export const variables: RequestHandler<
  DebugProtocol.VariablesArguments,
  DebugProtocol.VariablesResponse["body"]
> = {
  command: "variables",
  capabilities: { supportsValueFormattingOptions: true },
  handle(session, args) {
    const opened = session.crash;
    const container = opened.container(args.variablesReference);
    const format = { hex: args.format?.hex ?? session.view.hexadecimal };
    const paged = (args.count ?? 0) > 0;
    const page: Page = paged ? args : { ...args, count: UNPAGED_LIMIT };
    const shown = itemsOf(container, page).map((item) => describeVariable(opened, container, item, format));
    const left = paged ? 0 : itemCount(container, args) - shown.length - Math.max(0, args.start ?? 0);
    return { variables: left > 0 ? [...shown, more(left)] : shown };
  },
};

function itemCount(
  container: { namedCount: number; indexedCount: number },
  { filter }: DebugProtocol.VariablesArguments,
): number {
  return (
    (filter === "indexed" ? 0 : container.namedCount) + (filter === "named" ? 0 : container.indexedCount)
  );
}

/** Says that there is more, where a client asked for everything of something very large. */
const more = (left: number): DebugProtocol.Variable => ({
  name: "…",
  value: t("{0} more: name an element in a watch to see it", left),
  variablesReference: 0,
  presentationHint: { kind: "virtual", attributes: ["readOnly"] },
});
