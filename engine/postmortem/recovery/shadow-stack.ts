/** What following a function's code needs to know of the module's shadow stack. */
export interface ShadowStack {
  /** Index of the global `__stack_pointer`; undefined where the module has none that can be told. */
  readonly global: number | undefined;
  /** Whether a function gives the stack pointer back as it was. */
  isPreservedBy(callee: number): boolean;
}
