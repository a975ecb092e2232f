/**
 * Sends a core dump to a service over a service binding, in the shape that wasm-coredump's service takes:
 * multipart/form-data with `coredump`, `request`, and the module's build id or else its debug sections.
 */
import { captureCoreDump, failed } from "./capture";
import { utf8 } from "./encoding";
import type { CapturedDump, CaptureOptions } from "./model";
import { customSection } from "./module-file";
import { dumpOf, streamOf } from "./pieces";
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
  /** Milliseconds that the service is waited for; 10,000 when not given. */
  readonly timeout?: number | undefined;
}

export interface RequestLike {
  readonly method: string;
  readonly url: string;
  readonly headers: Iterable<readonly [string, string]>;
}

/** Bytes of memory that are sent when `memoryLimit` is not given. */
const MOST_MEMORY = 64 << 20;
const TIMEOUT = 10_000;

/**
 * Takes a core dump and sends it. Never throws, and never takes longer than `timeout`: the caller has an error of
 * its own to report.
 * @returns the service's answer; null when there was no dump or it could not be sent, which is logged
 */
export async function recordCoredump(options: RecordOptions): Promise<string | null> {
  const { timeout = TIMEOUT } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, timeout, new Error(`no answer in ${timeout} ms`));
  });
  try {
    return await Promise.race([send(options), late]);
  } catch (failure) {
    failed(failure);
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function send(options: RecordOptions): Promise<string | null> {
  const dump = dumpToSend(options);
  if (dump === undefined) return null;
  const boundary = `wasm-${Math.random()}`;
  const answer = await options.coredumpService.fetch("http://coredump-service", {
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    body: streamOf(form(boundary, dump, options)),
    duplex: "half", // a body that streams, as fetch() of Node wants it said
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return text;
}

function dumpToSend(options: RecordOptions): CapturedDump | undefined {
  const { wasmModule: module, memory, error = lastErrorOf(memory) } = options;
  // A memory that wasm-coredump-rewriter has written a dump into, at its beginning, is sent as it is.
  const length = memory?.buffer.byteLength;
  if (length && new Uint32Array(memory.buffer, 0, 1)[0] === 0x6d736100)
    return dumpOf([{ memory, start: 0, length }], 0);
  return error === undefined
    ? undefined
    : captureCoreDump(error, { memoryLimit: MOST_MEMORY, ...options, module });
}

const DEBUG_SECTIONS = [
  "name",
  ..."info abbrev line str line_str str_offsets addr loc loclists ranges rnglists types pubnames pubtypes"
    .split(" ")
    .map((name) => `.debug_${name}`),
];

/** The body (RFC 7578), each part made when it is its turn. */
function* form(
  boundary: string,
  dump: CapturedDump,
  { wasmModule: module, request }: RecordOptions,
): Generator<Uint8Array> {
  const head = (name: string, file: string) =>
    utf8(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`);
  const binary = '; filename="bytes"';
  yield head("coredump", binary);
  yield* dump.chunks();
  if (request) {
    const { method, url, headers } = request;
    yield utf8("\r\n");
    yield head("request", "");
    yield utf8(JSON.stringify({ method, url, headers: Object.fromEntries(headers) }));
  }
  for (const name of customSection({ module }, "build_id") ? ["build_id"] : DEBUG_SECTIONS) {
    const section = customSection({ module }, name);
    if (!section) continue;
    yield utf8("\r\n");
    yield head(`${name}-section`, binary);
    yield section;
  }
  yield utf8(`\r\n--${boundary}--\r\n`);
}
