/** What our sessions are called in launch configurations and in menus. */
export const debugType = "wasm-coredump";
