/** What `wasm-postmortem capture` tells the program that it has started, in its environment. */

/** The variable that holds them, as JSON. */
export const settingsVariable = "WASM_POSTMORTEM_CAPTURE";

export interface PreloadSettings {
  /** Folder of the dumps. */
  readonly out: string;
  /** Dumps that a thread writes at most: a program may catch its traps, and trap again. */
  readonly limit: number;
  /** File that gets a line of JSON for each dump: `WrittenDump`. */
  readonly report: string;
}

export interface WrittenDump {
  readonly path: string;
  /** What was thrown. */
  readonly error: string;
}
