/** A module as the runtime gives it to a Worker that imports it. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
