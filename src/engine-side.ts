/**
 * What of the extension needs the whole engine: a bundle of its own, loaded when a dump is opened, so that
 * activation does not wait for it. The engine itself is in the browser's bundle (web/engine-worker.ts), from which the
 * build has this one take it.
 */
export { isAboutFile } from "./about-file";
export { crashPage } from "./crash-page/report";
export { inlineAdapter } from "./inline-adapter";
export { examine } from "./local-build/examine";
