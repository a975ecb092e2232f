/**
 * A bucket of Cloudflare R2 as the product sees it, whichever way leads there: the S3 API (s3.ts), Cloudflare's REST
 * API (rest.ts), or the local state of `wrangler dev` (node/local.ts). Every method rejects with a `BucketError`
 * (errors.ts) that says what to do, or, when it was cancelled, with the signal's reason.
 */

export interface Bucket {
  /** Its name, as it stands in `r2://name/key`. */
  readonly name: string;
  /** Where it is, in words for messages: a host's name, or a folder of local state. */
  readonly place: string;

  /** One page of the objects in the order of their keys; `listAll` (listing.ts) reads on. */
  list(options?: ListOptions): Promise<ListPage>;
  /** @throws BucketError NotFound when there is no such object */
  head(key: string, options?: Cancellable): Promise<ObjectInfo>;
  /**
   * An object or a range of it. The bytes are still to come when this resolves.
   * @throws BucketError NotFound when there is no such object, Changed when it no longer is `ifMatch`
   */
  get(key: string, options?: GetOptions): Promise<ObjectBody>;
  /** Writes the object whole, over one that is there. */
  put(key: string, body: Content, options?: PutOptions): Promise<void>;
  /** Without effect when there is no such object. */
  delete(key: string, options?: Cancellable): Promise<void>;
}

/** What is written into an object. */
export type Content = Uint8Array<ArrayBuffer> | Blob;

/** What messages call a bucket by. */
export type BucketPlace = Pick<Bucket, "name" | "place">;

export interface Cancellable {
  /** Ends the operation and what it still reads; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions extends Cancellable {
  /** Only keys that begin so. */
  readonly prefix?: string;
  /** Keys that have it after the prefix are given once as a folder: "/" lists as a file system does. */
  readonly delimiter?: string;
  /** Of the page before. */
  readonly cursor?: string | undefined;
  /** Objects and folders a page; 1000 at most, which it is when left out. */
  readonly limit?: number;
}

export interface ListPage {
  readonly objects: readonly ObjectInfo[];
  /** What the delimiter cut off: each with the prefix before and the delimiter behind. */
  readonly folders: readonly string[];
  /** Asks for the next page; undefined on the last. */
  readonly cursor?: string | undefined;
}

export interface ObjectInfo {
  readonly key: string;
  /** Bytes of the whole object. */
  readonly size: number;
  /** Changes with the content; without quotes. Of an object that was put at once it is the content's MD5 in hex. */
  readonly etag: string;
  readonly modified: Date;
}

export interface GetOptions extends Cancellable {
  /** Only these bytes. `length` reaches to the end when left out; what is past the end is cut. */
  readonly range?: { readonly offset: number; readonly length?: number };
  /** The object must be this version still: the `etag` of an ObjectInfo. */
  readonly ifMatch?: string;
}

export interface ObjectBody {
  readonly info: ObjectInfo;
  /** Where `chunks` begin in the object. */
  readonly offset: number;
  /** Bytes of `chunks` together. */
  readonly length: number;
  /**
   * The bytes as they come, to be read once. Leaving early cancels what is still to come.
   * @throws BucketError Incomplete when they end before `length`
   */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface PutOptions extends Cancellable {
  readonly contentType?: string;
}
