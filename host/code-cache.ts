/**
 * Starts a bundle with what V8 compiled of it before (a code cache), so that a second start need not parse and
 * compile it again. Newer Nodes can do this by themselves (`module.enableCompileCache`), for each module that is
 * loaded; this does it in every Node, for a bundle.
 *
 * The cache is only ever a gain: without it, with one of another build or V8, or where it cannot be written, the
 * bundle starts as it always does.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { constants, Script } from "node:vm";

/** Milliseconds after which what was compiled is kept: by then, a start has used what starts use. */
const PATIENCE = 2000;

interface Cache {
  readonly folder: string;
  readonly file: string;
  /** Whether a file of the folder is the same bundle's, of another build. */
  isOld(file: string): boolean;
}

/**
 * Runs a bundle (CommonJS) as `require` would.
 * @param file the bundle's path
 * @param build what tells its content from other builds': V8 itself compares lengths alone
 */
export function runCached(file: string, build: string, folder = cacheFolder()): void {
  const name = basename(file, ".js");
  const cache: Cache = {
    folder,
    file: `${name}.${build}.${process.versions.v8}.${process.arch}`,
    isOld: (other) => other.startsWith(`${name}.`) && !other.startsWith(`${name}.${build}.`),
  };
  const cachedData = bytesOf(join(folder, cache.file));
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, "utf8")}\n})`;
  const script = new Script(wrapped, {
    filename: file,
    ...(cachedData && { cachedData }),
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected === true) keepLater(script, cache);
}

/** Keeps what was compiled when the process has time for it, at the latest when it ends. */
function keepLater(script: Script, cache: Cache): void {
  let kept = false;
  const keepOnce = (): void => {
    if (!kept) keep(script, cache);
    kept = true;
  };
  setTimeout(keepOnce, PATIENCE).unref();
  process.once("exit", keepOnce);
}

function keep(script: Script, { folder, file, isOld }: Cache): void {
  try {
    mkdirSync(folder, { recursive: true });
    // Another process may read it meanwhile: it gets the old one or the whole new one.
    const unfinished = join(folder, `${file}.${process.pid}`);
    writeFileSync(unfinished, script.createCachedData());
    renameSync(unfinished, join(folder, file));
    for (const other of readdirSync(folder)) if (isOld(other)) rmSync(join(folder, other));
  } catch {
    // A disk that is full or read-only costs the next start a few milliseconds, and nobody his session.
  }
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Where the system keeps what programs can make again. */
function cacheFolder(): string {
  const { WASM_POSTMORTEM_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (WASM_POSTMORTEM_CACHE) return WASM_POSTMORTEM_CACHE;
  const caches =
    XDG_CACHE_HOME ||
    (process.platform === "win32" && LOCALAPPDATA) ||
    join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache");
  return join(caches, "wasm-postmortem");
}
