/** Workers in the real workerd (workerd.mjs). */
import type { Miniflare, SharedOptions, WorkerOptions } from "miniflare";

/** @param entry a file, or TypeScript whose imports count from the project's folder */
export function bundleWorker(
  entry: string | { readonly source: string },
  options?: { readonly minify?: boolean },
): Promise<string>;

export interface StartOptions extends Partial<SharedOptions> {
  /** Told what the Workers log. */
  readonly onLog?: (message: string) => void;
}

/** @returns before they are ready: await its `ready` */
export function startWorkers(workers: readonly WorkerOptions[], options?: StartOptions): Miniflare;
