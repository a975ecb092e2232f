/**
 * `wasm-postmortem/capture`: takes core dumps inside the program that crashes, in any JavaScript host, without
 * dependencies (docs/CAPTURE.md).
 */
export { captureCoreDump } from "./capture";
export { frameSources } from "./frame-source";
export { installCapture } from "./install";
export type {
  CapturedDump,
  CaptureOptions,
  HookOptions,
  OnDump,
  ProgramInstance,
  Range,
} from "./model";
export { type RecordOptions, type RequestLike, recordCoredump } from "./record";
export { keepWholeStacks } from "./stack";
export { wrapExports } from "./wrap";
