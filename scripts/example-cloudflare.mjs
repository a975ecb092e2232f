/**
 * `npm run example:cloudflare [worker-rust|worker-c]`: an app whose Wasm crashes and the service that it is bound to, both
 * in workerd (miniflare), with nothing to install or to deploy. It provokes the crash and shows what the service logs, and
 * where the dump lies. `startExample` is for tests.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { parse } from "jsonc-parser";
import { bundleWorker, startWorkers } from "./workerd.mjs";

const project = join(dirname(fileURLToPath(import.meta.url)), "..");

/** What each example answers, and how it is made to crash. */
export const examples = {
  "worker-rust": { answers: "/?item=1&count=2", crashes: "/?item=7&count=2" },
  "worker-c": { answers: "/?total=120&guests=4", crashes: "/?total=120&guests=0" },
};

/** The bucket of both Workers, and what its S3 endpoint asks for. */
const bucket = "coredumps";
const s3Credentials = { accessKeyId: "example", secretAccessKey: "example-secret" };

const wrangler = (folder) => parse(readFileSync(join(folder, "wrangler.jsonc"), "utf8"));

/** The example's debug files, by the keys under which `upload` puts them. */
function debugFiles(folder) {
  return readdirSync(join(folder, "build"))
    .filter((name) => name.startsWith("debug-"))
    .map((name) => {
      const bytes = readFileSync(join(folder, "build", name));
      return name.endsWith(".gz")
        ? { key: name.slice(0, -3), bytes: gunzipSync(bytes) }
        : { key: name, bytes };
    });
}

/** Starts app and service of an example. See example-cloudflare.d.mts. */
export async function startExample(name, { persist, variables, onLog = () => {} } = {}) {
  const folder = join(project, "examples", name);
  const service = wrangler(join(project, "service"));
  const app = wrangler(folder);
  const [appText, serviceText] = await Promise.all([
    bundleWorker(join(folder, app.main)),
    bundleWorker(join(project, "service", service.main)),
  ]);
  const [{ bucket_name: id, binding: storage }] = service.r2_buckets;
  const [{ binding }] = app.services;
  const log = [];
  const rateLimits = service.ratelimits.map(({ name: binding, ...limit }) => [binding, limit]);
  const miniflare = startWorkers(
    [
      {
        name: "app",
        compatibilityDate: app.compatibility_date,
        modules: [
          { type: "ESModule", path: "src/index.js", contents: appText },
          {
            type: "CompiledWasm",
            path: "build/app.wasm",
            contents: readFileSync(join(folder, "build/app.wasm")),
          },
        ],
        serviceBindings: { [binding]: "service" },
      },
      {
        name: "service",
        compatibilityDate: service.compatibility_date,
        modules: [{ type: "ESModule", path: "index.js", contents: serviceText }],
        bindings: { ...service.vars, ...variables },
        r2Buckets: { [storage]: { id, s3Credentials } },
        ratelimits: Object.fromEntries(rateLimits),
      },
    ],
    {
      onLog: (message) => {
        log.push(message);
        onLog(message);
      },
      ...(persist !== undefined && { r2Persist: join(persist, "v3", "r2") }),
    },
  );
  try {
    const url = await miniflare.ready;
    const store = await miniflare.getR2Bucket(storage, "service");
    for (const { key, bytes } of debugFiles(folder)) await store.put(key, bytes);
    const ask = (path) => fetch(new URL(path, url));
    return {
      url: url.href,
      bucket,
      s3: { endpoint: new URL("/cdn-cgi/local/r2/s3", url).href, ...s3Credentials },
      log,
      ask: async (path) => (await ask(path)).text(),
      async crash(path = examples[name].crashes) {
        const before = log.length;
        const response = await ask(path);
        if (response.status !== 500) throw new Error(`${path} did not crash: ${await response.text()}`);
        for (;;) {
          const block = log.slice(before).find((line) => line.startsWith("Error: Wasm trapped"));
          if (block !== undefined)
            return { block, key: new RegExp(`r2://${bucket}/(\\S+)`).exec(block)?.[1] };
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
      keys: async () => (await store.list()).objects.map(({ key }) => key),
      stop: () => miniflare.dispose(),
    };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

async function show(names) {
  for (const name of names) {
    const example = await startExample(name);
    try {
      const { answers, crashes } = examples[name];
      console.log(`${name}: ${answers} is answered: ${(await example.ask(answers)).trim()}`);
      console.log(`${crashes} crashes. The service logs:\n`);
      const { block } = await example.crash();
      console.log(`${block}\n\nIn the bucket now:`);
      for (const key of await example.keys()) console.log(`  ${key}`);
    } finally {
      await example.stop();
    }
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const wanted = process.argv.slice(2);
  show(wanted.length > 0 ? wanted : Object.keys(examples));
}
