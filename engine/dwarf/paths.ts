/**
 * Source paths as line tables spell them: a name, the directory that it is relative to, and the compilation
 * directory (DWARF 5 §6.2.4). POSIX and Windows paths, as the compiler's machine wrote them.
 */

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);
}

function join(directory: string | undefined, path: string | undefined): string | undefined {
  if (directory === undefined || directory === "") return path;
  if (path === undefined || path === "") return directory;
  if (isAbsolute(path)) return path;
  if (/[/\\]$/.test(directory)) return directory + path;
  const separator = !directory.includes("/") && directory.includes("\\") ? "\\" : "/";
  return directory + separator + path;
}

/**
 * @param compilation DW_AT_comp_dir
 * @param directory the line table's directory for the file
 */
export function composePath(
  compilation: string | undefined,
  directory: string | undefined,
  name: string,
): string {
  return join(join(compilation, directory), name) ?? name;
}
