/**
 * Files that are written whole or not at all. The bytes go to a temporary file beside; when all are on the disk, it
 * takes the name in one step. Whatever happens before, a full disk or a power cut, leaves the old file as it was.
 */
import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { HostError } from "./host";

/** Permissions of a new file, of which the process's mask takes some away. */
const USUAL_MODE = 0o666;

export class AtomicFile {
  private descriptor: number | undefined;
  private readonly temporary: string;
  /** The file that is replaced: where the path is a link, what it leads to. */
  private readonly target: string;

  /**
   * Starts a file at this path; nothing is there before `commit`.
   * @param mode permissions of a file that is not there yet; one that is keeps its own
   * @throws HostError when a file cannot be written there
   */
  constructor(
    readonly path: string,
    mode = USUAL_MODE,
  ) {
    const former = this.attempt(() => statSync(path, { throwIfNoEntry: false }));
    if (former?.isDirectory())
      throw new HostError(`${path} is a folder: give the name of a file in it.`, path);
    if (former !== undefined && !former.isFile())
      throw new HostError(`${path} is no regular file, and would be replaced by one.`, path);
    this.target = former === undefined ? path : realpathSync(path);
    this.temporary = join(
      dirname(this.target),
      `.${basename(this.target)}.${randomBytes(6).toString("hex")}.tmp`,
    );
    this.attempt(() => {
      if (former !== undefined) accessSync(this.target, constants.W_OK);
      this.descriptor = openSync(this.temporary, "wx", mode);
      if (former !== undefined) fchmodSync(this.descriptor, former.mode);
    });
  }

  /** @throws HostError when the disk does not take them */
  write(bytes: Uint8Array): void {
    this.attempt(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor!, bytes, at);
    });
  }

  /**
   * Puts files in their places, in this order, once all of them are on the disk.
   * @throws HostError when that fails; those after it are not in place then
   */
  static commit(files: readonly AtomicFile[]): void {
    for (const file of files) file.flush();
    for (const file of files) file.takePlace();
  }

  /** Leaves nothing of what was written; without effect after `commit`. */
  discard(): void {
    this.close();
    rmSync(this.temporary, { force: true });
  }

  private flush(): void {
    this.attempt(() => fsyncSync(this.descriptor!));
    this.close();
  }

  private takePlace(): void {
    this.attempt(() => renameSync(this.temporary, this.target));
    syncFolder(dirname(this.target));
  }

  private close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private attempt<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw new HostError(explainWrite(error, this.path), this.path);
    }
  }
}

/** The new name on the disk as well; not all systems can, and the file is sound without. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows opens no folders.
  }
}

/** Why a file cannot be written, in words for the user. */
export function explainWrite(error: unknown, path: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return `${path} cannot be written: its folder does not exist.`;
    case "ENOTDIR":
      return `${path} cannot be written: what should be its folder is a file.`;
    case "EACCES":
    case "EPERM":
      return `${path} may not be written: permission denied.`;
    case "EROFS":
      return `${path} may not be written: its file system is read-only.`;
    case "ENOSPC":
      return `${path} cannot be written: the disk is full.`;
    default:
      return `${path} cannot be written: ${(error as Error).message}`;
  }
}
