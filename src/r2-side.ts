/** Crashes in buckets on a machine: a bundle of its own, loaded when the user first asks for them. */
import { CrashesView } from "./r2/crashes-view";
import { machine } from "./r2/machine";
import type { OpenCrashes } from "./r2/register";

/** @param localScript `dist/r2-local.js` */
export const openCrashes =
  (localScript: string): OpenCrashes =>
  async (context) =>
    new CrashesView({ ...context, platform: machine(localScript) });
