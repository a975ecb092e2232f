/** An example with its service, running in workerd (example-cloudflare.mjs). */
export type ExampleName = "worker-rust" | "worker-c";

/** Paths of requests: one that is answered, one that crashes. */
export const examples: Readonly<Record<ExampleName, { readonly answers: string; readonly crashes: string }>>;

export interface Example {
  /** Of the app, on the loopback. */
  readonly url: string;
  /** The bucket's name. */
  readonly bucket: string;
  /** Where the bucket is reached from outside of workerd, over S3's protocol, path style. */
  readonly s3: { readonly endpoint: string; readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What both Workers have logged. */
  readonly log: readonly string[];
  /** What the app answers. */
  ask(path: string): Promise<string>;
  /** Has the app crash. @returns what the service logs of it, and the dump's key, when it has done so */
  crash(path?: string): Promise<{ readonly block: string; readonly key: string | undefined }>;
  keys(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface ExampleOptions {
  /** A folder like `.wrangler/state`, for R2; without it, it is forgotten with the example. */
  readonly persist?: string;
  /** Variables of the service beside those of its wrangler.jsonc. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly onLog?: (message: string) => void;
}

/** The debug files are in the bucket when it resolves. */
export function startExample(name: ExampleName, options?: ExampleOptions): Promise<Example>;
