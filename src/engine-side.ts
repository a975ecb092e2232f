/**
 * What of the extension needs the whole engine: a bundle of its own, loaded when a dump is opened, so that
 * activation does not wait for it.
 */
export { isAboutFile } from "./about-file";
export { crashPage } from "./crash-page/report";
export { inlineAdapter } from "./inline-adapter";
export { examine } from "./local-build/examine";
