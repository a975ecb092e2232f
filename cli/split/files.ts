/** What `split` does with files: writes several at once, names one from where another lies, packs one for its size. */
import { createReadStream, mkdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { createGzip } from "node:zlib";
import type { ByteSource } from "../../engine/bytes/source";
import { chunksOf, type Piece } from "../../engine/rewrite/pieces";
import { AtomicFile } from "../../host/atomic-file";
import { HostError } from "../../host/host";
import type { NodeHost } from "../../host/node";

/** A file to be made of pieces of another. */
export interface Output {
  readonly path: string;
  readonly pieces: readonly Piece[];
  /** Permissions, where the file is not there yet. */
  readonly mode?: number | undefined;
}

/**
 * Writes the files, in folders that are made where they are not there, and puts them in place, in this order, once all are written: the source may be one of them.
 * @param host what the source was opened by; it is closed
 * @throws HostError when one cannot be written; FormatError when the source changes meanwhile. All is as it was then
 */
export function writeAll(source: ByteSource, outputs: readonly Output[], host: NodeHost): void {
  const files: AtomicFile[] = [];
  try {
    for (const { path, mode } of outputs) {
      makeFolder(dirname(path));
      files.push(new AtomicFile(path, mode));
    }
    outputs.forEach(({ pieces }, index) => {
      for (const chunk of chunksOf(source, pieces)) files[index]!.write(chunk);
    });
    host.close(); // not every system replaces a file that is open
    AtomicFile.commit(files);
  } finally {
    for (const file of files) file.discard();
  }
}

/** A file's permissions. */
export function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new HostError(`The folder ${folder} cannot be made: ${(error as Error).message}`, folder);
  }
}

/** Whether both lead to one place; the files need not be there. */
export function isSameFile(a: string, b: string): boolean {
  return placeOf(a) === placeOf(b);
}

function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(resolve(path));
    return folder === resolve(path) ? folder : join(placeOf(folder), basename(path));
  }
}

/**
 * What a file in `folder` calls another one: its path from there, with slashes; its bare name where that path would lead
 * out of the folder, since it would mean nothing where the folder is shipped to, and tell how this machine is laid out.
 */
export function pathFrom(folder: string, path: string): string {
  const way = relative(resolve(folder), resolve(path));
  const leadsOut = isAbsolute(way) || way.split(sep)[0] === "..";
  return leadsOut ? basename(path) : way.split(sep).join("/");
}

/** Bytes of a file when it is packed with gzip, as servers do it. */
export async function gzipSize(path: string): Promise<number> {
  let size = 0;
  for await (const chunk of createReadStream(path).pipe(createGzip())) size += (chunk as Buffer).length;
  return size;
}
