/**
 * File descriptors for files that are read for as long as a crash is open. Split debug information may be a thousand
 * files, and a process has few hundred descriptors: those that were not read for longest are closed, and opened again
 * when they are.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Descriptors that are open at a time. */
const MOST_OPEN = 128;

/** A file whose descriptor may be closed in between. */
export interface HeldFile {
  /** Bytes; undefined for what is no file. */
  readonly size: number | undefined;
  /** Fills `into` from `offset`, and returns how many bytes it got. */
  read(offset: number, into: Uint8Array): number;
}

export class Descriptors {
  /** By path, the one that was read last at the end. */
  private readonly open = new Map<string, number>();

  constructor(private readonly most = MOST_OPEN) {}

  /**
   * The file that is at this path now.
   * @throws the file system's error when it cannot be opened
   */
  hold(path: string): HeldFile {
    const former = this.open.get(path);
    if (former !== undefined) closeSync(former);
    this.open.delete(path);
    const status = fstatSync(this.descriptor(path));
    const { ino, dev, size } = status;
    return {
      size: status.isFile() ? size : undefined,
      read: (offset, into) => {
        const descriptor = this.descriptor(path);
        const now = fstatSync(descriptor);
        // Another file is there by now: its bytes are not what was asked for.
        if (now.ino !== ino || now.dev !== dev || now.size !== size) return 0;
        return readSync(descriptor, into, 0, into.length, offset);
      },
    };
  }

  /** Descriptors that are open now. */
  get count(): number {
    return this.open.size;
  }

  private descriptor(path: string): number {
    const known = this.open.get(path);
    if (known !== undefined) this.open.delete(path);
    const descriptor = known ?? openSync(path, "r");
    this.open.set(path, descriptor);
    if (this.open.size > this.most) {
      for (const [oldest, unused] of this.open) {
        this.open.delete(oldest);
        closeSync(unused);
        break;
      }
    }
    return descriptor;
  }

  close(): void {
    for (const descriptor of this.open.values()) closeSync(descriptor);
    this.open.clear();
  }
}
