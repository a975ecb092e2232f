/** The host on a desktop: files through Node's file descriptors, read in ranges, never whole. */
import { access, readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type ByteSource, PagedSource } from "../engine/bytes/source";
import { Descriptors, type HeldFile } from "./descriptors";
import { type Host, HostError } from "./host";

export class NodeHost implements Host {
  private readonly descriptors = new Descriptors();

  async open(path: string): Promise<ByteSource> {
    return this.openNow(path);
  }

  /** `open`, for callers that cannot wait. @throws HostError */
  openNow(path: string): ByteSource {
    const file = localPath(path);
    let held: HeldFile;
    try {
      held = this.descriptors.hold(file);
    } catch (error) {
      throw new HostError(explain(error, path), path);
    }
    if (held.size === undefined) throw new HostError(`${path} is a folder, not a file.`, path);
    return new PagedSource(path, held.size, (offset, into) => held.read(offset, into));
  }

  async exists(path: string): Promise<boolean> {
    return access(localPath(path)).then(
      () => true,
      () => false,
    );
  }

  async list(folder: string): Promise<readonly string[]> {
    return readdir(localPath(folder)).catch(() => []);
  }

  async readText(path: string): Promise<string> {
    try {
      return await readFile(localPath(path), "utf8");
    } catch (error) {
      throw new HostError(explain(error, path), path);
    }
  }

  close(): void {
    this.descriptors.close();
  }
}

function localPath(path: string): string {
  return path.startsWith("file:") ? fileURLToPath(path) : path;
}

function explain(error: unknown, path: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return `${path} does not exist.`;
    case "EACCES":
    case "EPERM":
      return `${path} may not be read: permission denied.`;
    case "EISDIR":
      return `${path} is a folder, not a file.`;
    default:
      return `${path} cannot be read: ${(error as Error).message}`;
  }
}
