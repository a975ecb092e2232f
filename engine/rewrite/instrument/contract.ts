/**
 * What an instrumented module and its host agree on (docs/INSTRUMENT.md): the functions that the module imports. The
 * custom section that leads from its code back to the original's is described in wasm/code-map-format.ts.
 */

/** The module name of the imports that instrumenting adds. */
export const importModule = "wasm_postmortem";

/**
 * Imported functions by name. Any other name under `importModule` is a trap's message as V8 words it: a function without
 * parameters that throws a RuntimeError of that message.
 */
export const hostFunctions = {
  /** (original function index): an exception is leaving the function. */
  frame: "frame",
  /** One value of that frame each: recorded locals in ascending order, then spilled operands. Floats as their bits. */
  i32: "i32",
  i64: "i64",
  f32: "f32",
  f64: "f64",
  /** () → throws the error of the trap before it. Only with `--no-exceptions`, where traps return. */
  throw: "throw",
  /** (a function that traps) → throws the trap before it, which no module can catch. Where the module catches all. */
  uncatchable: "uncatchable",
} as const;
