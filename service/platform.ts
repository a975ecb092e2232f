/** What the service uses of Cloudflare's APIs (R2, Queues, the class of an entry point), in their own names. */

export interface R2Object {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}

export interface R2ObjectBody extends R2Object {
  readonly body: ReadableStream<Uint8Array>;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

export interface R2GetOptions {
  readonly range?: { readonly offset: number; readonly length: number };
  readonly onlyIf?: { readonly etagMatches: string };
}

export interface R2PutOptions {
  /** Conditions as in HTTP: `if-none-match: *` writes only where nothing is. */
  readonly onlyIf?: Headers;
  readonly httpMetadata?: { readonly contentType?: string; readonly contentEncoding?: string };
}

export interface R2Objects {
  readonly objects: readonly R2Object[];
  readonly truncated: boolean;
  readonly cursor?: string;
}

export interface R2UploadedPart {
  readonly partNumber: number;
  readonly etag: string;
}

export interface R2MultipartUpload {
  uploadPart(partNumber: number, value: Uint8Array): Promise<R2UploadedPart>;
  complete(parts: readonly R2UploadedPart[]): Promise<R2Object>;
  abort(): Promise<void>;
}

export interface R2Bucket {
  head(key: string): Promise<R2Object | null>;
  /** An object without a body where the condition does not hold. */
  get(key: string, options?: R2GetOptions): Promise<R2ObjectBody | R2Object | null>;
  /** Null where the condition does not hold. */
  put(key: string, value: Uint8Array | string, options?: R2PutOptions): Promise<R2Object | null>;
  delete(key: string): Promise<void>;
  list(options: {
    readonly prefix: string;
    readonly startAfter?: string;
    readonly cursor?: string;
    readonly limit?: number;
  }): Promise<R2Objects>;
  createMultipartUpload(key: string, options?: R2PutOptions): Promise<R2MultipartUpload>;
}

/** Writes only where nothing is. @returns whether it has */
export async function putNew(bucket: R2Bucket, key: string, value: Uint8Array | string): Promise<boolean> {
  return (await bucket.put(key, value, { onlyIf: new Headers({ "if-none-match": "*" }) })) !== null;
}

/** Cloudflare's rate limiting binding: counts by key, near where it is asked. */
export interface RateLimit {
  limit(of: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

export interface Queue<Body> {
  send(body: Body): Promise<void>;
}

export interface MessageBatch<Body> {
  readonly messages: readonly {
    readonly body: Body;
    readonly attempts: number;
    ack(): void;
    retry(): void;
  }[];
}

/** What keeps an invocation alive after its answer. */
export interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void;
}

/** The object's contents; undefined where there is none, or a condition did not hold. */
export function bodyOf(object: R2ObjectBody | R2Object | null): R2ObjectBody | undefined {
  return object !== null && "body" in object ? object : undefined;
}
