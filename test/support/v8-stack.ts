/** What V8 says of a crash: the stack of the error that running a module ends in, in this process. */
import { WASI } from "node:wasi";

export function v8Stack(bytes: Uint8Array): string {
  const wasi = new WASI({ version: "preview1", args: ["app"], env: {}, stderr: 1 });
  const imports = wasi.getImportObject() as Record<string, Record<string, unknown>>;
  imports["wasi_snapshot_preview1"]!["fd_write"] = () => 8; // says nothing on this process's output
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports as never);
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    wasi.start(instance);
  } catch (error) {
    return (error as Error).stack!;
  } finally {
    Error.stackTraceLimit = limit;
  }
  throw new Error("The module did not trap.");
}
