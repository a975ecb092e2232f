/**
 * Which files of a workspace are worth looking into: modules, and what runtimes call their dumps. A name only
 * suggests; whether a file is a dump its bytes tell (inspect.ts).
 */

/**
 * Names that dumps have: `crash.coredump`, `crash.core`, `coredump.1690000000`, `core.1234`, `core.app.wasm`, and
 * what packing adds to the first two.
 */
const dumpName = /\.(coredump|core)(\.(gz|zst|xz))?$|^coredump\.|^core\.(\d+|(.*\.)?wasm)$/i;

/** Whatever may be a dump or a module, as a glob of the editor. */
export const crashFilesGlob =
  "**/{*.coredump,*.core,coredump.*,core.*,*.coredump.gz,*.coredump.zst,*.coredump.xz,*.core.gz,*.core.zst,*.core.xz,*.wasm}";

/** What may be a dump, for watching. */
export const dumpsGlob =
  "**/{*.coredump,*.core,coredump.*,core.*,*.coredump.gz,*.coredump.zst,*.coredump.xz,*.core.gz,*.core.zst,*.core.xz}";

/** The last part of a path or URI. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** The last part without its last extension: what a dump and its module have in common. */
export function stem(path: string): string {
  const base = baseName(path);
  const dot = base.lastIndexOf(".");
  return dot > 0 ? base.slice(0, dot) : base;
}

export function looksLikeDump(path: string): boolean {
  return dumpName.test(baseName(path));
}

export function looksLikeModule(path: string): boolean {
  return /\.wasm$/i.test(path);
}
