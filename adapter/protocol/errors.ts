/**
 * Every error that a user may read, in one place: its id, its words, and whether the client should pop it up.
 *
 * VS Code shows a failed `launch` in a dialog and a failed command (continue, step) as a notification of its
 * own accord; `showUser` would show the same words a second time, so no error sets it.
 */

import type { DebugProtocol } from "@vscode/debugprotocol";
import { t } from "@vscode/l10n";

export class AdapterError extends Error {
  override readonly name = "AdapterError";
  constructor(
    readonly id: number,
    message: string,
    readonly showUser = false,
  ) {
    super(message);
  }
}

export const errors = {
  unknownCommand: (command: string) =>
    new AdapterError(1001, t("The request “{0}” is not supported.", command)),
  notLaunched: () => new AdapterError(1002, t("No core dump is open: send launch or attach first.")),
  missingArgument: (name: string, example: string) =>
    new AdapterError(1003, t("The launch configuration needs “{0}”, e.g. {1}.", name, example)),
  cancelled: () => new AdapterError(1004, "cancelled"),
  badArgument: (name: string, why: string) => new AdapterError(1005, t("The argument “{0}” {1}.", name, why)),

  noThreads: (file: string) =>
    new AdapterError(
      2001,
      t(
        "{0} records no call stack (no “corestack” section with a frame), so there is no line to stand at.",
        file,
      ),
    ),

  cannotRun: () =>
    new AdapterError(
      3001,
      t(
        "This is a core dump: the program has crashed and cannot run on. Walk the call stack and inspect values instead.",
      ),
    ),

  unknownThread: (id: number) => new AdapterError(4001, t("There is no thread {0}.", id)),
  unknownFrame: (id: number) => new AdapterError(4002, t("There is no stack frame {0}.", id)),
  unknownVariables: (id: number) => new AdapterError(4003, t("There are no variables {0}.", id)),
  unknownSource: (reference: number) => new AdapterError(4004, t("There is no source {0}.", reference)),
  sourceNotHere: (path: string) =>
    new AdapterError(
      4008,
      t(
        "{0} is not on this machine. Tell where it is with “sourceMap” in the launch configuration, or open the disassembly.",
        path,
      ),
    ),
  unknownLocation: (reference: number) => new AdapterError(4007, t("There is no location {0}.", reference)),
  didNotCrash: (thread: number) =>
    new AdapterError(
      4006,
      t("Thread {0} was stopped because another one crashed; it did not crash itself.", thread),
    ),
  noFrame: () => new AdapterError(4005, t("There is no stack frame to evaluate in.")),

  badMemoryReference: (text: string) =>
    new AdapterError(5001, t("“{0}” is not an address of linear memory. Write it as 0x10a4 or 4260.", text)),
  codeIsNotMemory: (text: string) =>
    new AdapterError(
      5002,
      t(
        "{0} is the place of an instruction. WebAssembly keeps code outside of linear memory: open the disassembly instead.",
        text,
      ),
    ),
  badSearch: (why: string) => new AdapterError(5004, why),
  badCodeReference: (text: string) =>
    new AdapterError(5003, t("“{0}” is not the place of an instruction of this crash.", text)),
} as const;

/** The response's error: an AdapterError as it is; the engine's and the host's errors by their message. */
export function errorBody(error: unknown): { message: string; body: DebugProtocol.ErrorResponse["body"] } {
  const known = error instanceof AdapterError ? error : new AdapterError(idOf(error), textOf(error));
  return {
    message: known.message,
    body: { error: { id: known.id, format: known.message, showUser: known.showUser } },
  };
}

/** Errors of other rooms keep their own words; their class picks the id. */
const IDS: Readonly<Record<string, number>> = {
  HostError: 6001,
  FormatError: 6002,
  ExpressionError: 6003,
  ConsoleError: 6004,
};
const INTERNAL_ERROR = 9000;

function idOf(error: unknown): number {
  return (error instanceof Error ? IDS[error.name] : undefined) ?? INTERNAL_ERROR;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return t("Internal error: {0}", String(error));
  return idOf(error) === INTERNAL_ERROR
    ? t("Internal error: {0}", error.stack ?? error.message)
    : error.message;
}
