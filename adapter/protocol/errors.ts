/**
 * Every error that a user may read, in one place: its id, its words, and whether the client should pop it up.
 *
 * VS Code shows a failed `launch` in a dialog and a failed command (continue, step) as a notification of its
 * own accord; `showUser` would show the same words a second time, so no error sets it.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";

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
  unknownCommand: (command: string) => new AdapterError(1001, `The request "${command}" is not supported.`),
  notLaunched: () => new AdapterError(1002, "No core dump is open: send launch or attach first."),
  missingArgument: (name: string, example: string) =>
    new AdapterError(1003, `The launch configuration needs "${name}", e.g. ${example}.`),
  cancelled: () => new AdapterError(1004, "cancelled"),
  badArgument: (name: string, why: string) => new AdapterError(1005, `The argument "${name}" ${why}.`),

  noThreads: (file: string) =>
    new AdapterError(
      2001,
      `${file} records no call stack (no "corestack" section with a frame), so there is no line to stand at.`,
    ),

  cannotRun: () =>
    new AdapterError(
      3001,
      "This is a core dump: the program has crashed and cannot run on. Walk the call stack and inspect values instead.",
    ),

  unknownThread: (id: number) => new AdapterError(4001, `There is no thread ${id}.`),
  unknownFrame: (id: number) => new AdapterError(4002, `There is no stack frame ${id}.`),
  unknownVariables: (id: number) => new AdapterError(4003, `There are no variables ${id}.`),
  unknownSource: (reference: number) => new AdapterError(4004, `There is no source ${reference}.`),
  sourceNotHere: (path: string) =>
    new AdapterError(
      4008,
      `${path} is not on this machine. Tell where it is with "sourceMap" in the launch configuration, or open the disassembly.`,
    ),
  unknownLocation: (reference: number) => new AdapterError(4007, `There is no location ${reference}.`),
  didNotCrash: (thread: number) =>
    new AdapterError(
      4006,
      `Thread ${thread} was stopped because another one crashed; it did not crash itself.`,
    ),
  noFrame: () => new AdapterError(4005, "There is no stack frame to evaluate in."),

  badMemoryReference: (text: string) =>
    new AdapterError(5001, `"${text}" is not an address of linear memory. Write it as 0x10a4 or 4260.`),
  codeIsNotMemory: (text: string) =>
    new AdapterError(
      5002,
      `${text} is the place of an instruction. WebAssembly keeps code outside of linear memory: open the disassembly instead.`,
    ),
  badSearch: (why: string) => new AdapterError(5004, why),
  badCodeReference: (text: string) =>
    new AdapterError(5003, `"${text}" is not the place of an instruction of this crash.`),
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
  if (!(error instanceof Error)) return `Internal error: ${String(error)}`;
  return idOf(error) === INTERNAL_ERROR ? `Internal error: ${error.stack ?? error.message}` : error.message;
}
