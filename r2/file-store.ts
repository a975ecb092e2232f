/**
 * A folder of files for what was fetched, as little of one as a cache needs, so that Node's file system
 * (node/file-store.ts) and an editor's (workspace.fs) can both be it. Names are ours: letters, digits, `.` and `-`,
 * never a separator. Every method rejects with a HostError, or another error whose message is for the user, when the
 * disk does not do it.
 */

export interface FileStore {
  /** All files; empty when the folder is not there yet. */
  list(): Promise<readonly StoredFile[]>;
  /** The file's facts; undefined when it is not there. */
  stat(name: string): Promise<StoredFile | undefined>;
  /** The whole file, which is a small one; undefined when it is not there. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** The file is these bytes from now on, and its `modified` is now. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Writes into a file that is being fetched, about 1 MiB at a time. At offset 0 the file is made where it is not there.
   * @returns false, and writes nothing, when the file is shorter than `offset` or gone: another process has finished it
   */
  writeAt(name: string, offset: number, bytes: Uint8Array): Promise<boolean>;
  /**
   * Takes the other name in one step, over a file that is there. Whoever opens that name sees all of the file or none.
   * @returns false when there is no file `from`
   */
  rename(from: string, to: string): Promise<boolean>;
  /** Without effect when it is not there. */
  remove(name: string): Promise<void>;
  /** The file's MD5 in lower-case hex, where the platform can work it out: what was kept for long is checked by it. */
  md5?(name: string): Promise<string>;
  /**
   * When the machine started, in ms of Unix time, where files outlive that: those written before may have lost what was
   * written last, though they have its length.
   */
  readonly startedAt?: number;
  /** What a user or a host opens the file by: a path or a URI. */
  pathOf(name: string): string;
}

export interface StoredFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Time of the last write, in ms of Unix time. */
  readonly modified: number;
}
