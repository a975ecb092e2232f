/** What the editor calls a crash's page. */
export const viewType = "wasm-postmortem.crash";
