/**
 * What the extension and the engine say to each other where the engine runs in a Worker of its own (a browser's): the
 * extension gives a task, the engine asks for the files that only the editor can read, and tells the outcome.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Action } from "../../engine/report/page";
import type { Host } from "../../host/host";
import type { LaunchArguments } from "../../host/launch";

/** One a Worker; it ends with it. */
export type Task =
  /** With the texts of the user's language, by their English ones. */
  | { readonly kind: "adapter"; readonly texts: Readonly<Record<string, string>> }
  | { readonly kind: "crash page"; readonly args: LaunchArguments; readonly actions: readonly Action[] }
  | { readonly kind: "examine"; readonly args: LaunchArguments };

/**
 * What is asked of the editor's host: `open` is answered with the whole file where the host has it, else with its size,
 * and `read` with a part of one that is open.
 */
export interface Question {
  readonly id: number;
  readonly method: Exclude<keyof Host, "close"> | "read";
  readonly path: string;
  /** Of `read`, in bytes. */
  readonly range?: { readonly offset: number; readonly length: number };
}

/** An open file that is read in ranges. */
export interface RangedFile {
  /** Bytes. */
  readonly size: number;
}

/** An error on its way: one about a file has words for the user. */
export interface Problem {
  readonly message: string;
  /** The file that it is about; undefined for an error of ours. */
  readonly path?: string;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly problem?: Problem;
}

export type ToEngine =
  | { readonly task: Task }
  | { readonly message: DebugProtocol.ProtocolMessage }
  | { readonly answer: Answer };

export type FromEngine =
  | { readonly message: DebugProtocol.ProtocolMessage }
  | { readonly question: Question }
  | { readonly outcome: unknown }
  | { readonly failure: Problem };

/** An end of the line: a Worker, or what a Worker calls itself. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onmessage: ((event: { readonly data: never }) => void) | null;
}
