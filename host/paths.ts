/**
 * Paths as text. Debug information carries the paths of the machine that built the program, which may be of
 * another system than this one, so neither Node's nor the browser's path functions fit: both kinds of
 * separators are understood, and so are URIs.
 */

const WINDOWS = /^[A-Za-z]:[\\/]|^\\\\/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]+:\/\//;

export const isAbsolute = (path: string): boolean =>
  path.startsWith("/") || WINDOWS.test(path) || SCHEME.test(path);

/** The names between separators, `.` and empty ones left out, `..` applied. */
export function segments(path: string): string[] {
  const separators = WINDOWS.test(path) ? /[\\/]+/ : /\/+/;
  const kept: string[] = [];
  for (const name of path.split(separators)) {
    if (name === "" || name === ".") continue;
    if (name === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else kept.push(name);
  }
  return kept;
}

/** The last name; the path itself when it has none. */
export const baseName = (path: string): string => segments(path).at(-1) ?? path;

/** The folder that holds `path`, written as `path` is; undefined at the root. */
export function parentFolder(path: string): string | undefined {
  const trimmed = path.replace(/[\\/]+$/, "");
  const cut = Math.max(trimmed.lastIndexOf("/"), WINDOWS.test(path) ? trimmed.lastIndexOf("\\") : -1);
  if (cut < 0) return undefined;
  const scheme = SCHEME.exec(path)?.[0].length ?? 0;
  if (cut < scheme) return undefined;
  return cut === 0 ? "/" : trimmed.slice(0, cut);
}

/** `names` under `folder`, with the folder's own separator. */
export function under(folder: string, names: readonly string[]): string {
  const separator = WINDOWS.test(folder) && folder.includes("\\") ? "\\" : "/";
  return [folder.replace(/[\\/]+$/, ""), ...names].join(separator);
}

/** Whether `path` is `folder` or inside it. */
export const isWithin = (path: string, folder: string): boolean => restAfter(path, folder) !== undefined;

/** The names of `path` that follow `prefix`; undefined when it does not start with it at a whole name. */
export function restAfter(path: string, prefix: string): string[] | undefined {
  const all = segments(path);
  const head = segments(prefix);
  if (isAbsolute(path) !== isAbsolute(prefix) && head.length > 0) return undefined;
  return head.every((name, index) => name === all[index]) ? all.slice(head.length) : undefined;
}
