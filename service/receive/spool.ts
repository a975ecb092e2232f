/**
 * Where a dump is put while it arrives: in memory as long as it is small, else in R2, under a key of its own, in the
 * parts that a multipart upload takes. So whatever arrives, no more than one part of it is held.
 */
import { MemorySource } from "../../engine/bytes/source";
import type { R2Bucket, R2MultipartUpload, R2PutOptions, R2UploadedPart } from "../platform";
import { Refusal } from "../refusal";

/** Bytes of a part: the least that R2 takes. */
export const PART = 5 * 1024 * 1024;
const FIRST_ROOM = 64 * 1024;

export interface SpoolOptions extends R2PutOptions {
  /** Throws when bytes that begin so are not to be stored. */
  check?(beginning: Uint8Array): void;
}

export class Spool {
  private buffer = new Uint8Array(FIRST_ROOM);
  private filled = 0;
  private written = 0;
  private upload: R2MultipartUpload | undefined;
  private readonly parts: R2UploadedPart[] = [];

  /** @param bucket without one, what does not fit into memory cannot be taken */
  constructor(
    private readonly bucket: R2Bucket | undefined,
    private readonly key: string,
    private readonly options: SpoolOptions = {},
  ) {}

  /** Bytes so far. */
  get size(): number {
    return this.written;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.written += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const length = Math.min(bytes.length - at, PART - this.filled);
      this.makeRoom(this.filled + length);
      this.buffer.set(bytes.subarray(at, at + length), this.filled);
      this.filled += length;
      at += length;
      if (this.filled === PART) await this.flush();
    }
  }

  /** Ends the writing. @returns the bytes where they are in memory; undefined where they are in R2, under the key */
  async end(): Promise<MemorySource | undefined> {
    if (this.upload === undefined) {
      this.options.check?.(this.buffer.subarray(0, this.filled));
      return new MemorySource("core dump", this.buffer.subarray(0, this.filled));
    }
    if (this.filled > 0) await this.flush();
    await this.upload.complete(this.parts);
    this.buffer = new Uint8Array(0);
    return undefined;
  }

  /** Forgets what was written, as far as it is not complete. Never throws. */
  async abort(): Promise<void> {
    this.buffer = new Uint8Array(0);
    await this.upload?.abort().catch(() => {});
  }

  private async flush(): Promise<void> {
    if (this.bucket === undefined)
      throw new Refusal(413, "There is no bucket (STORAGE) for a dump of this size");
    if (this.upload === undefined) this.options.check?.(this.buffer);
    this.upload ??= await this.bucket.createMultipartUpload(this.key, this.options);
    this.parts.push(
      await this.upload.uploadPart(this.parts.length + 1, this.buffer.subarray(0, this.filled)),
    );
    this.filled = 0;
  }

  private makeRoom(size: number): void {
    if (size <= this.buffer.length) return;
    let room = this.buffer.length;
    while (room < size) room *= 2;
    const larger = new Uint8Array(Math.min(room, PART));
    larger.set(this.buffer.subarray(0, this.filled));
    this.buffer = larger;
  }
}
