/**
 * Worker threads of a watched program. They inherit what has this program watched from the environment; one that is
 * started with an environment of its own gets it beside that.
 */
import { syncBuiltinESMExports } from "node:module";
import workerThreads, {
  getEnvironmentData,
  setEnvironmentData,
  type WorkerOptions,
} from "node:worker_threads";
import { settingsVariable } from "./settings";

/** What `wasm-postmortem capture` has told this thread, as JSON. */
export const toldSettings = (): string =>
  process.env[settingsVariable] ??
  (getEnvironmentData(settingsVariable) as unknown as string | undefined) ??
  "{}";

/**
 * Has workers that this thread starts load a script before their own code, and know the settings, whatever their
 * environment.
 * @param preload the script's path
 */
export function watchWorkers(preload: string, settings: string): void {
  setEnvironmentData(settingsVariable, settings);
  const construct = (worker: object, [file, options]: [unknown, WorkerOptions?], newTarget: unknown) => {
    const isOwn = typeof options?.env === "object" && options.env !== null;
    const execArgv = [...(options?.execArgv ?? process.execArgv), "--require", preload];
    const given = [file, isOwn ? { ...options, execArgv } : options];
    return Reflect.construct(worker as never, given, newTarget as never) as object;
  };
  workerThreads.Worker = new Proxy(workerThreads.Worker, { construct } as ProxyHandler<never>);
  syncBuiltinESMExports();
}
