/**
 * `dist/r2-local.js`, a process of its own: runs the user's miniflare over his local state, says by one line on stdout
 * where it listens, and ends when its stdin does. Of its own, since miniflare must run in the user's Node, may fail in
 * its own ways, and is not ours to load into an editor.
 */
import { pathToFileURL } from "node:url";
import { type LocalServerReply, type LocalServerSettings, settingsVariable } from "./local-server-settings";
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
  process.stdin.resume();
  process.stdin.on("end", () => void server.dispose().finally(() => process.exit()));
  reply({ url: (await server.ready).href });
}

const reply = (line: LocalServerReply): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

serve(JSON.parse(process.env[settingsVariable] ?? "{}") as LocalServerSettings).catch((error: unknown) => {
  reply({ error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
