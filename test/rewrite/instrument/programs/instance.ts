/** An instance of a module, instrumented or not, with what its program gives it. */
import { instrumentation } from "../../../../capture/library/instrumented";

export const instanceOf = (module: WebAssembly.Module, imports: object): WebAssembly.Instance =>
  new WebAssembly.Instance(module, { ...imports, ...instrumentation(module) } as never);
