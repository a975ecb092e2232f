/**
 * `setBreakpoints` and its kin: taken, and answered as unverified with the reason, one for one. Their
 * capabilities are not declared, so that clients do not offer what can never be hit; breakpoints that a user
 * has from other sessions arrive all the same.
 */

import type { DebugProtocol } from "@vscode/debugprotocol";
import { t } from "@vscode/l10n";
import type { RequestHandler } from "../protocol/request";

const unverified = (asked: readonly unknown[] = []): { breakpoints: DebugProtocol.Breakpoint[] } => ({
  breakpoints: asked.map(() => ({
    verified: false,
    reason: "failed",
    message: t("A core dump cannot run, so this breakpoint is never hit."),
  })),
});

interface Asked {
  readonly breakpoints?: readonly unknown[];
}

const answering = (command: string): RequestHandler<Asked, unknown> => ({
  command,
  handle: (_session, args) => unverified(args.breakpoints),
});

export const breakpoints: readonly RequestHandler<Asked, unknown>[] = [
  answering("setBreakpoints"),
  answering("setFunctionBreakpoints"),
  answering("setInstructionBreakpoints"),
  answering("setDataBreakpoints"),
];

/** No filters are offered: the one exception of a dump has already happened. */
export const setExceptionBreakpoints: RequestHandler<unknown, unknown> = {
  command: "setExceptionBreakpoints",
  capabilities: { exceptionBreakpointFilters: [] },
  handle: () => ({}),
};
