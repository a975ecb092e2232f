/**
 * The program that crashes in each host: bundled with the library, it runs every trap and every way to take a dump, and
 * gives what it took. It decides nothing: hosts.test.ts opens the dumps and says what must be in them.
 */
import {
  type CaptureOptions,
  captureCoreDump,
  keepWholeStacks,
  recordCoredump,
  wrapExports,
} from "../../../capture/library/index";
import { trapCalls } from "../../fixtures/trap-calls";

/** Dumps by what they are of, base64; and what else the host saw, as text. */
export interface Taken {
  readonly dumps: Record<string, string>;
  readonly facts: Record<string, unknown>;
}

type Exports = Record<string, (...values: unknown[]) => unknown>;
type Modules = Readonly<Record<string, WebAssembly.Module>>;

/** @param modules "c-traps", "sample", "inner" (sample by another name), "endless", and rare traps by their names */
export async function takeDumps(modules: Modules): Promise<Taken> {
  keepWholeStacks();
  const dumps: Record<string, string> = {};
  const facts: Record<string, unknown> = {};
  const keep = (name: string, error: unknown, options: CaptureOptions): void => {
    const dump = captureCoreDump(error, options);
    if (dump) dumps[name] = base64(dump.bytes());
  };

  for (const [trap, values] of Object.entries(trapCalls)) {
    const running = start(modules["c-traps"]!);
    keep(`c-traps/${trap}`, thrown(running.exports, trap, ...values), running);
  }
  for (const [name, module] of Object.entries(modules)) {
    if (["c-traps", "sample", "inner", "endless"].includes(name)) continue;
    const running = start(module);
    keep(name, thrown(running.exports, "run"), running);
  }

  const sample = start(modules["sample"]!);
  const overflow = thrown(sample.exports, "overflow");
  facts["overflow"] = overflow instanceof RangeError || String(overflow);
  keep("overflow", overflow, sample);

  const throwing = start(modules["sample"]!, {
    host: () => {
      throw new TypeError("the host's own");
    },
  });
  keep("host exception", thrown(throwing.exports, "call_host"), throwing);

  let ticks = 0;
  const hanging = start(modules["endless"]!, {
    tick: () => {
      if (++ticks > 1000) throw new Error("out of time");
    },
  });
  keep("hang", thrown(hanging.exports, "run"), hanging);

  const inner = start(modules["inner"]!);
  const outer = start(modules["sample"]!, { host: inner.exports["trap"] });
  new Uint8Array(inner.memory.buffer)[0] = 1;
  new Uint8Array(outer.memory.buffer)[0] = 2;
  keep("two modules", thrown(outer.exports, "call_host"), { ...outer, instances: [inner] });

  const full = start(modules["sample"]!);
  new Uint8Array(full.memory.buffer).fill(7);
  const trap = thrown(full.exports, "trap");
  keep("limited", trap, { ...full, memoryLimit: 100 });
  keep("ranges", trap, { ...full, ranges: [{ start: 50, length: 10 }] });
  const packed = captureCoreDump(trap, full)!.stream({ gzip: true });
  dumps["packed"] = base64(new Uint8Array(await new Response(packed as never).arrayBuffer()));
  facts["chunks"] = Math.max(...Array.from(captureCoreDump(trap, full)!.chunks(), ({ length }) => length));

  facts["swallowed"] = await new Promise((done) => {
    const watched = start(modules["sample"]!);
    const exports = wrapExports(watched.exports, { ...watched, onDump: (dump) => done(dump.frames) });
    // As asynchronous glue does it: nobody ever hears of the error.
    void Promise.resolve().then(() => thrown(exports, "trap"));
  });

  facts["recorded"] = await recordCoredump({
    ...full,
    wasmModule: modules["sample"],
    error: trap,
    request: { method: "GET", url: "https://example.com/" },
    coredumpService: {
      async fetch(url, init) {
        // The host's own Request: what a service binding makes of it.
        const request = new Request(url, init as RequestInit);
        dumps["recorded"] = base64(new Uint8Array(await request.arrayBuffer()));
        facts["headers"] = Object.fromEntries(request.headers as never);
        return new Response("stored");
      },
    },
  });
  return { dumps, facts };
}

interface Running {
  readonly module: WebAssembly.Module;
  readonly instance: WebAssembly.Instance;
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
}

/** An instance, with a system that prints nowhere. */
function start(module: WebAssembly.Module, env: object = {}): Running {
  const zero = () => 0;
  const instance: WebAssembly.Instance = new WebAssembly.Instance(module, {
    env: { host: zero, tick: zero, ...env },
    wasi_snapshot_preview1: {
      ...{ fd_close: zero, fd_seek: zero, fd_fdstat_get: zero },
      proc_exit(status: number) {
        throw new Error(`exit ${status}`);
      },
      fd_write(_file: number, list: number, count: number, written: number) {
        const memory = new DataView(running.memory.buffer as ArrayBuffer);
        let size = 0;
        for (let at = list; at < list + count * 8; at += 8) size += memory.getUint32(at + 4, true);
        memory.setUint32(written, size, true);
        return 0;
      },
    },
  });
  const exports = instance.exports as Exports;
  const running = { module, instance, exports, memory: instance.exports["memory"] as WebAssembly.Memory };
  (exports["_initialize"] ?? zero)();
  return running;
}

function thrown(exports: Exports, name: string, ...values: unknown[]): unknown {
  try {
    exports[name]!(...values);
  } catch (error) {
    return error;
  }
  throw new Error(`${name} did not throw`);
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
