/** A folder of this machine as a FileStore. */
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { uptime } from "node:os";
import { join } from "node:path";
import { AtomicFile, explainWrite } from "../../host/atomic-file";
import { HostError } from "../../host/host";
import type { FileStore, StoredFile } from "../file-store";

export class NodeFileStore implements FileStore {
  readonly startedAt = Date.now() - uptime() * 1000;

  /** @param folder made when the first file is written */
  constructor(private readonly folder: string) {}

  async list(): Promise<readonly StoredFile[]> {
    const names = await this.attempt(this.folder, async () => (await orAbsent(readdir(this.folder))) ?? []);
    const files = await Promise.all(names.filter((name) => NAME.test(name)).map((name) => this.stat(name)));
    return files.filter((file) => file !== undefined);
  }

  async stat(name: string): Promise<StoredFile | undefined> {
    const path = this.pathOf(name);
    const facts = await this.attempt(path, () => orAbsent(stat(path)));
    return facts?.isFile() ? { name, size: facts.size, modified: facts.mtimeMs } : undefined;
  }

  read(name: string): Promise<Uint8Array | undefined> {
    const path = this.pathOf(name);
    return this.attempt(path, () => orAbsent(readFile(path)));
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.makeFolder();
    const file = new AtomicFile(this.pathOf(name));
    try {
      file.write(bytes);
      AtomicFile.commit([file]);
    } finally {
      file.discard();
    }
  }

  async writeAt(name: string, offset: number, bytes: Uint8Array): Promise<boolean> {
    if (offset === 0) await this.makeFolder();
    const path = this.pathOf(name);
    return this.attempt(path, async () => {
      const file = await orAbsent(open(path, offset === 0 ? WRITE_OR_MAKE : "r+"));
      if (file === undefined) return false;
      try {
        if ((await file.stat()).size < offset) return false;
        for (let at = 0; at < bytes.length; )
          at += (await file.write(bytes, at, bytes.length - at, offset + at)).bytesWritten;
        return true;
      } finally {
        await file.close();
      }
    });
  }

  rename(from: string, to: string): Promise<boolean> {
    const path = this.pathOf(to);
    return this.attempt(path, async () => {
      const file = await orAbsent(open(this.pathOf(from), "r+"));
      if (file === undefined) return false;
      // All of it is on the disk before the name says that it is whole.
      await file.sync().finally(() => file.close());
      return (await orAbsent(rename(this.pathOf(from), path).then(() => true))) ?? false;
    });
  }

  remove(name: string): Promise<void> {
    const path = this.pathOf(name);
    return this.attempt(path, () => rm(path, { force: true }));
  }

  async md5(name: string): Promise<string> {
    const path = this.pathOf(name);
    const hash = createHash("md5");
    await this.attempt(path, async () => {
      for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    });
    return hash.digest("hex");
  }

  /** @throws RangeError for a name that is not one of ours: it could lead out of the folder */
  pathOf(name: string): string {
    if (!NAME.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name of a stored file`);
    return join(this.folder, name);
  }

  private async makeFolder(): Promise<void> {
    await this.attempt(this.folder, () => mkdir(this.folder, { recursive: true }));
  }

  private async attempt<T>(path: string, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      throw error instanceof HostError ? error : new HostError(explainWrite(error, path), path);
    }
  }
}

/** Opens a file as it is, or makes an empty one: no flag of fopen's does. */
const WRITE_OR_MAKE = constants.O_WRONLY | constants.O_CREAT;

const NAME = /^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*$/;

/** Undefined where there is no such file. */
async function orAbsent<T>(step: Promise<T>): Promise<T | undefined> {
  try {
    return await step;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
