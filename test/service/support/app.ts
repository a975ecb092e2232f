/**
 * A program's Worker as a user writes it: its Wasm traps, recordCoredump sends the dump over the service binding, and the
 * program's own error goes its way. What the tests need besides is below.
 */
import { keepWholeStacks, recordCoredump } from "../../../capture/library/index";
import basket from "./basket.wasm";
import rust from "./rust.wasm";
import traps from "./traps.wasm";

keepWholeStacks();

interface Env {
  readonly COREDUMP_SERVICE: {
    fetch(url: string, options: object): Promise<Response>;
    record(crash: object): Promise<object>;
    configure(faults: object): Promise<object>;
  };
}

const modules: Readonly<Record<string, WebAssembly.Module>> = { rust, traps };

/** Every function that a module wants of its host, doing nothing: "bad file descriptor". */
const imports = (module: WebAssembly.Module): Record<string, Record<string, unknown>> => {
  const all: Record<string, Record<string, unknown>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (all[from] ??= {})[name] = () => 8;
  return all;
};

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, task = "", name = ""] = pathname.split("/");
    switch (task) {
      case "crash":
        return crash(name, searchParams, request, env);
      case "original":
        return original(searchParams, request, env);
      case "forward":
        return forward(request, env);
      case "call":
        return call(request, env);
      case "configure":
        return Response.json(await env.COREDUMP_SERVICE.configure((await request.json()) as object));
      default:
        return new Response("ok");
    }
  },
};

async function crash(name: string, query: URLSearchParams, request: Request, env: Env): Promise<Response> {
  const wasmModule = modules[name]!;
  const instance = new WebAssembly.Instance(wasmModule, imports(wasmModule));
  const exports = instance.exports as Readonly<Record<string, (...values: number[]) => unknown>>;
  const memory = instance.exports["memory"] as WebAssembly.Memory;
  const values = query.getAll("value").map(Number);
  try {
    if (query.has("megabytes")) fill(memory, Number(query.get("megabytes")));
    exports[query.get("run") ?? "_start"]!(...values);
  } catch (error) {
    const timeout = Number(query.get("timeout") ?? 10_000);
    const gzip = query.has("gzip");
    const { COREDUMP_SERVICE: coredumpService } = env;
    const memoryLimit = 256 << 20;
    const options = {
      instance,
      memory,
      wasmModule,
      request,
      coredumpService,
      error,
      timeout,
      gzip,
      memoryLimit,
    };
    const recorded = await recordCoredump(options);
    const { name: kind, message } = error as Error;
    return Response.json({ kind, message, recorded: recorded === null ? null : JSON.parse(recorded) });
  }
  return new Response("no crash");
}

/** Makes the program large; the last 12 MB pack badly. */
function fill(memory: WebAssembly.Memory, megabytes: number): void {
  const start = memory.buffer.byteLength;
  memory.grow(megabytes * 16);
  const words = new Uint32Array(memory.buffer, start).fill(0x5a5a5a5a);
  let state = 1;
  for (let index = Math.max(0, words.length - (3 << 20)); index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
}

/** Sections that the original client sends of a module without a build id. */
const SECTIONS = [
  "name",
  ...["info", "pubtypes", "loc", "ranges", "abbrev", "line", "str", "pubnames"].map(
    (name) => `.debug_${name}`,
  ),
];

/** A program that wasm-coredump-rewriter has instrumented: its memory is the dump. It is sent as the original client does. */
async function original(query: URLSearchParams, request: Request, env: Env): Promise<Response> {
  const { exports } = new WebAssembly.Instance(basket);
  try {
    return new Response(
      String((exports["basket"] as (percent: number) => number)(Number(query.get("value")))),
    );
  } catch (error) {
    const form = new FormData();
    const { buffer } = exports["memory"] as WebAssembly.Memory;
    form.set("coredump", new Blob([buffer as ArrayBuffer]));
    for (const name of SECTIONS)
      for (const contents of WebAssembly.Module.customSections(basket, name))
        form.append(`${name}-section`, new Blob([contents]));
    const { method, url, headers } = request;
    form.set("request", JSON.stringify({ method, url, headers: Object.fromEntries(headers) }));
    const answer = await env.COREDUMP_SERVICE.fetch("http://coredump-service", {
      method: "POST",
      body: form,
    });
    const { name: kind, message } = error as Error;
    return Response.json({ kind, message, recorded: await answer.json() });
  }
}

/** What a test sends goes to the service over the binding, as it is; with `x-slow`, it never ends. */
async function forward(request: Request, env: Env): Promise<Response> {
  const headers = new Headers();
  for (const [name, value] of request.headers)
    if (name.startsWith("x-forward-")) headers.set(name.slice("x-forward-".length), value);
  const whole = request.method === "GET" ? null : await request.arrayBuffer();
  const body = request.headers.has("x-slow") ? endless(new Uint8Array(whole!)) : whole;
  return env.COREDUMP_SERVICE.fetch("http://coredump-service", { method: request.method, headers, body });
}

/** The bytes, and then nothing for longer than any test takes. */
const endless = (bytes: Uint8Array): ReadableStream =>
  new ReadableStream({
    start: (controller) => controller.enqueue(bytes),
    pull: () => new Promise((resolve) => setTimeout(resolve, 60_000)),
  });

async function call(request: Request, env: Env): Promise<Response> {
  const served = { method: "GET", url: "https://app.example/by-call", headers: {} };
  try {
    return Response.json(
      await env.COREDUMP_SERVICE.record({ dump: await request.arrayBuffer(), request: served }),
    );
  } catch (error) {
    return Response.json({ error: (error as Error).message }, { status: 500 });
  }
}
