/**
 * How a user wants things shown, whatever is debugged. Given with `launch`, and changed while a session lives by
 * `wasm/settings`.
 */
export interface ViewSettings {
  /** Whole numbers in hexadecimal, where a request does not say (DAP, `ValueFormat.hex`). */
  readonly hexadecimal: boolean;
  /** Frames of libraries and runtimes like the program's own; otherwise they are folded. */
  readonly showRuntimeFrames: boolean;
  /**
   * Stacks begin at the frame that the program crashed in, without the runtime's above it: for clients that stand at
   * the first frame whatever its hints say.
   */
  readonly startAtCrashFrame: boolean;
}

export const DEFAULT_VIEW: ViewSettings = {
  hexadecimal: false,
  showRuntimeFrames: false,
  startAtCrashFrame: false,
};

/** `before`, with what `given` says of it; what is not a setting, or of another kind, is passed over. */
export function withSettings(
  before: ViewSettings,
  given: Partial<Record<keyof ViewSettings, unknown>>,
): ViewSettings {
  const chosen = (name: keyof ViewSettings): boolean =>
    typeof given[name] === "boolean" ? given[name] : before[name];
  return {
    hexadecimal: chosen("hexadecimal"),
    showRuntimeFrames: chosen("showRuntimeFrames"),
    startAtCrashFrame: chosen("startAtCrashFrame"),
  };
}
