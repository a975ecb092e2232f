/**
 * The engine as a bundle of its own: what a Worker runs in the browser, and what the desktop's `engine-side` takes the same
 * from, so that the package holds it once.
 */
export { config } from "@vscode/l10n";
export { createAdapter } from "../../adapter/session";
export { isAboutFile } from "../about-file";
export { crashPage } from "../crash-page/report";
export { examine } from "../local-build/examine";

import type { Port } from "./messages";
import { serve } from "./serve";

if ("WorkerGlobalScope" in globalThis) serve(globalThis as unknown as Port);
