/**
 * `dist/r2-local.js`, a process of its own: runs the user's miniflare over his local state, answers where it listens, and
 * ends when who started it lets go. Of its own, since miniflare must run in the user's Node, may fail in its own ways,
 * and is not ours to load into an editor.
 */
import { pathToFileURL } from "node:url";
import type { LocalServerReply, LocalServerSettings } from "./local-messages";
import { localWorker } from "./local-worker";

/** The parts of miniflare that are used, of versions 3 to 5. */
interface MiniflareModule {
  readonly Miniflare: new (options: unknown) => { readonly ready: Promise<URL>; dispose(): Promise<void> };
  /** From version 5 on, whose options are others. */
  readonly convertV4MiniflareOptions?: (options: unknown) => unknown;
}

async function serve({ miniflare, state, buckets, secret }: LocalServerSettings): Promise<void> {
  const loaded = (await import(pathToFileURL(miniflare).href)) as MiniflareModule & {
    default?: MiniflareModule;
  };
  const { Miniflare, convertV4MiniflareOptions } = loaded.Miniflare === undefined ? loaded.default! : loaded;
  const worker = {
    host: "127.0.0.1",
    cf: false,
    telemetry: { enabled: false },
    modules: true,
    script: localWorker,
    compatibilityDate: "2024-01-01",
    bindings: { SECRET: secret },
    r2Buckets: buckets,
  };
  const server = new Miniflare(
    convertV4MiniflareOptions === undefined
      ? { ...worker, r2Persist: `${state}/r2` }
      : convertV4MiniflareOptions({ ...worker, resourcePersistencePath: state }),
  );
  process.once("disconnect", () => void server.dispose().finally(() => process.exit()));
  reply({ url: (await server.ready).href });
}

const reply = (message: LocalServerReply): void => void process.send?.(message);

process.once("message", (settings) =>
  serve(settings as LocalServerSettings).catch((error: unknown) => {
    reply({ error: error instanceof Error ? error.message : String(error) });
    process.disconnect();
  }),
);
