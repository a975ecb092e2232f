/**
 * App, service and Sentry in one process: both Workers run in the real workerd (miniflare), Sentry is a server on the
 * loopback that keeps what it is sent.
 */
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Miniflare, WorkerOptions } from "miniflare";
import { MemorySource } from "../../../engine/bytes/source";
import { chunksOf } from "../../../engine/rewrite/pieces";
import { split } from "../../../engine/rewrite/split";
import { bundleWorker, startWorkers } from "../../../scripts/workerd.mjs";
import type { R2Bucket, R2ObjectBody } from "../../../service/platform";
import { loadClientModule } from "../../fixtures/dialects/index";
import { fixture, loadModule } from "../../fixtures/index";
import type { Faults } from "./service";

const compatibilityDate = "2026-03-01";

export interface SplitModule {
  readonly module: Uint8Array;
  readonly debug: Uint8Array;
  readonly buildId: string;
  /** The debug file's name. */
  readonly debugFile: string;
}

/** A fixture's module as `split` ships it. */
export function splitFixture(name: string): SplitModule {
  const source = new MemorySource(name, loadModule(fixture(name)));
  const parts = split(source, { stripNames: true, sha1: () => createHash("sha1"), urlOf: (file) => file });
  if (parts.state !== "split") throw new Error(`${name} has nothing to split off`);
  const joined = (pieces: typeof parts.module) =>
    Buffer.concat(Array.from(chunksOf(source, pieces), (chunk) => Buffer.from(chunk)));
  const { buildId, debugFile } = parts;
  return { module: joined(parts.module), debug: joined(parts.debug), buildId, debugFile };
}

export const traps = splitFixture("c-traps/divide_by_zero");
export const rust = splitFixture("rust-release");

let bundles: Promise<readonly [app: string, service: string]> | undefined;

export class World {
  private constructor(
    private readonly miniflare: Miniflare,
    readonly sentry: Sentry,
    /** What both Workers have logged. */
    readonly log: string[],
  ) {}

  /** @param service options in place of the service's own */
  static async start({ service = {} }: { readonly service?: Partial<WorkerOptions> } = {}): Promise<World> {
    bundles ??= Promise.all([
      bundleWorker(join(__dirname, "app.ts")),
      bundleWorker(join(__dirname, "service.ts")),
    ]);
    const [appText, serviceText] = await bundles;
    const lines: string[] = [];
    const sentry = await Sentry.start();
    const wasm = (path: string, contents: Uint8Array) => ({ type: "CompiledWasm" as const, path, contents });
    const miniflare = startWorkers(
      [
        {
          name: "app",
          compatibilityDate,
          modules: [
            { type: "ESModule", path: "app.js", contents: appText },
            wasm("traps.wasm", traps.module),
            wasm("rust.wasm", rust.module),
            wasm("basket.wasm", loadClientModule()),
          ],
          serviceBindings: { COREDUMP_SERVICE: "service" },
        },
        {
          name: "service",
          compatibilityDate,
          modules: [{ type: "ESModule", path: "service.js", contents: serviceText }],
          r2Buckets: { STORAGE: "coredumps" },
          bindings: { BUCKET_NAME: "coredumps", SENTRY_DSN: sentry.dsn, SENTRY_ATTACH_MB: 1 },
          ...service,
        } as WorkerOptions,
      ],
      { onLog: (message) => void lines.push(message) },
    );
    const world = new World(miniflare, sentry, lines);
    try {
      await miniflare.ready;
      await world.upload();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.miniflare.dispose();
    await this.sentry.stop();
  }

  /** The service's bucket. */
  get bucket(): Promise<R2Bucket> {
    return this.miniflare.getR2Bucket("STORAGE", "service") as unknown as Promise<R2Bucket>;
  }

  async keys(prefix = ""): Promise<readonly string[]> {
    const { objects } = await (await this.bucket).list({ prefix });
    return objects.map(({ key }) => key);
  }

  async bytes(key: string): Promise<Buffer> {
    const object = (await (await this.bucket).get(key)) as R2ObjectBody | null;
    if (object === null) throw new Error(`${key} is not in the bucket`);
    return Buffer.from(await object.arrayBuffer());
  }

  /** The debug files of both programs, as `split --upload` puts them there. */
  async upload(): Promise<void> {
    for (const { debugFile, debug } of [traps, rust]) await (await this.bucket).put(debugFile, debug);
  }

  /** Empties bucket, log and Sentry, and takes all faults away. */
  async reset(): Promise<void> {
    for (const key of await this.keys()) await (await this.bucket).delete(key);
    await this.configure({});
    await this.upload();
    this.log.length = 0;
    this.sentry.reset();
  }

  configure(faults: Faults): Promise<{ readonly held: number; readonly mostHeld: number }> {
    return this.json("/configure", { method: "POST", body: JSON.stringify(faults) });
  }

  /** Has the app's program trap that wasm-coredump-rewriter has instrumented; it is sent as the original client does. */
  crashOriginal(value: number): Promise<AppAnswer> {
    return this.json(`/original/basket?value=${value}`, {});
  }

  /** Has the app's Wasm trap. @returns what the app answers: its own error, and what the service said */
  crash(path: string, headers: Readonly<Record<string, string>> = {}): Promise<AppAnswer> {
    return this.json(`/crash/${path}`, { headers });
  }

  /** What the service answers over its binding. @param headers those of the request to the service */
  async send(
    body: unknown,
    headers: Readonly<Record<string, string>>,
    { method = "POST", slow = false } = {},
  ): Promise<ServiceAnswer> {
    const response = await this.miniflare.dispatchFetch("https://app.example/forward", {
      method,
      headers: {
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [`x-forward-${name}`, value])),
        ...(slow && { "x-slow": "yes" }),
      },
      ...(method === "POST" && { body: body as string, duplex: "half" }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  /** Over RPC. */
  call(dump: Uint8Array): Promise<Omit<ServiceAnswer, "status">> {
    return this.json("/call", { method: "POST", body: dump });
  }

  /** From the internet, where the service has an address. */
  async sendFromOutside(body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<ServiceAnswer> {
    const service = (await this.miniflare.getWorker("service")) as unknown as {
      fetch(url: string, options: object): Promise<Response>;
    };
    const response = await service.fetch("https://service.example/", {
      method: "POST",
      body,
      headers: { "cf-connecting-ip": "192.0.2.1", ...headers },
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  /** Resolves when the log has as many crashes; the service logs after its answer. */
  async logged(count: number): Promise<readonly string[]> {
    const blocks = () => this.log.filter((line) => line.startsWith("Error: Wasm trapped"));
    await this.until(async () => blocks().length >= count);
    return blocks();
  }

  /** Resolves when it is so; the test's own time limit ends the wait. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  private async json<T>(path: string, options: object): Promise<T> {
    const response = await this.miniflare.dispatchFetch(`https://app.example${path}`, options);
    return (await response.json()) as T;
  }
}

export interface AppAnswer {
  readonly kind: string;
  readonly message: string;
  readonly recorded: { readonly key: string | null; readonly fingerprint?: string } | null;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly key?: string | null;
  readonly error?: string;
}

/** A collector of envelopes. */
export class Sentry {
  readonly envelopes: Buffer[] = [];
  /** What it answers with; undefined: nothing, ever. */
  status: number | undefined = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Sentry> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        sentry.envelopes.push(Buffer.concat(parts));
        if (sentry.status !== undefined) response.writeHead(sentry.status).end("{}");
      });
    });
    const sentry = new Sentry(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return sentry;
  }

  get dsn(): string {
    return `http://key@127.0.0.1:${(this.server.address() as AddressInfo).port}/42`;
  }

  reset(): void {
    this.envelopes.length = 0;
    this.status = 200;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
