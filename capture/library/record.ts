/** Sends a core dump to the service over a service binding: one POST, whose body is the dump as it streams. */
import { captureCoreDump } from "./capture";
import { failed, guarded } from "./guard";
import type { CapturedDump, CaptureOptions } from "./model";
import { buildIdOf } from "./module-file";
import { dumpOf } from "./pieces";
import { lastErrorOf } from "./watched";

export interface RecordOptions extends Omit<CaptureOptions, "module"> {
  /** The module that ran. */
  readonly wasmModule?: WebAssembly.Module | undefined;
  /** What was thrown. Without it, the last error that left an instance watched by `wrapExports`. */
  readonly error?: unknown;
  /** The request that was served, if it was one. */
  readonly request?: RequestLike | undefined;
  readonly coredumpService: {
    fetch(
      url: string,
      options: object,
    ): Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;
  };
  /** Whether the dump is packed before it is sent; it costs the crashed program's time, and spares the network's. */
  readonly gzip?: boolean | undefined;
  /** Milliseconds that the service is waited for; 10,000 when not given. */
  readonly timeout?: number | undefined;
}

export interface RequestLike {
  readonly method: string;
  readonly url: string;
  readonly headers?: Iterable<readonly [string, string]> | undefined;
}

/** Bytes of memory that are sent when `memoryLimit` is not given. */
const MOST_MEMORY = 64 << 20;
const TIMEOUT = 10_000;
/** Characters of the header that tells the request: platforms refuse longer ones, and the dump with them. */
const LONGEST_HEADER = 16_384;

/**
 * Takes a core dump and sends it. Never throws, and never takes longer than `timeout`: the caller has an error of
 * its own to report.
 * @returns the service's answer; null when there was no dump or it could not be sent, which is logged
 */
export async function recordCoredump(options: RecordOptions): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const { timeout = TIMEOUT } = options;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(reject, timeout, new Error(`no answer in ${timeout} ms`));
    });
    return await Promise.race([send(options), late]);
  } catch (failure) {
    failed(failure);
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function send(options: RecordOptions): Promise<string | null> {
  const { wasmModule: module, memory, error = lastErrorOf(memory), memoryLimit = MOST_MEMORY } = options;
  const dump =
    imageIn(memory, memoryLimit) ??
    (error === undefined ? error : captureCoreDump(error, { ...options, memoryLimit, module }));
  if (!dump) return null;
  const buildId = buildIdOf({ module });
  const request = guarded(() => textOf(options.request));
  const answer = await options.coredumpService.fetch("http://coredump-service", {
    method: "POST",
    headers: {
      "content-type": "application/wasm",
      ...(buildId && { "x-wasm-build-id": buildId }),
      ...(request && { "x-wasm-request": request }),
    },
    body: dump.stream(options),
    duplex: "half", // a body that streams, as fetch() of Node wants it said
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return text;
}

/** A memory that wasm-coredump-rewriter has written a dump into, at its beginning: it is sent as it is. */
function imageIn(memory: WebAssembly.Memory | undefined, limit: number): CapturedDump | undefined {
  const size = memory?.buffer.byteLength;
  return size && new Uint32Array(memory.buffer, 0, 1)[0] === 0x6d736100
    ? dumpOf([{ memory, start: 0, length: Math.min(size, limit) }], 0)
    : undefined;
}

/** A request as the service reads it: JSON, without its headers where they are too long. */
function textOf(request: RequestLike | undefined): string | undefined {
  if (!request) return undefined;
  const { method, url, headers = [] } = request;
  const text = (all: object) => encodeURIComponent(JSON.stringify({ method, url, headers: all }));
  const whole = text(Object.fromEntries(headers));
  return whole.length > LONGEST_HEADER ? text({}) : whole;
}
