/**
 * What the product asks of the place it runs in, since the engine does no I/O of its own: Node on the
 * desktop (node.ts), the editor's file system in a browser (src/web).
 */
import type { ByteSource } from "../engine/bytes/source";

export interface Host {
  /**
   * A file or URI, to be read in ranges. A source may throw BytesNotResident: read it inside `settle`.
   * @throws HostError when it does not exist, is a folder, or may not be read
   */
  open(path: string): Promise<ByteSource>;
  exists(path: string): Promise<boolean>;
  /** Names in a folder (not recursive); empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  readText(path: string): Promise<string>;
  /** Frees what `open` holds (file descriptors). */
  close(): void;
}

/** A file that cannot be had, in words for the user. */
export class HostError extends Error {
  /** Bundles have a copy of this class each, and hand hosts to one another. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "HostError";
  }

  override readonly name = "HostError";
  constructor(
    message: string,
    readonly path: string,
  ) {
    super(message);
  }
}
