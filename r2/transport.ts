/**
 * Requests to a bucket's server: tried again where that can help, given up when the server falls silent, ended when the
 * user cancels. What fails becomes the same BucketError for every API.
 */
import type { BucketPlace, Cancellable } from "./bucket";
import { badAnswer, noNetwork } from "./errors";

/** Patience with a server; the defaults fit people who wait. */
export interface TransportOptions {
  /** Times that a request is sent again after a status of 5xx or 429, or when the connection fails. */
  readonly retries?: number;
  /** Wait before the first of these, in ms; it doubles from one to the next. */
  readonly retryDelay?: number;
  /** Silence after which a connection counts as lost, in ms. */
  readonly patience?: number;
}

/** Longest wait that a server may ask for by `Retry-After`, in ms. */
const LONGEST_WAIT = 10_000;

/** Bytes of an answer that is read as a whole: 1000 objects with the longest of keys are less. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** Bytes a second of the slowest line that an upload is given the time for. */
const SLOWEST_UPLOAD = 16 * 1024;

export interface SendOptions extends Cancellable {
  /** What the request carries: the server is silent for as long as that takes. */
  readonly body?: Blob | undefined;
}

export class Transport {
  private readonly retries: number;
  private readonly retryDelay: number;
  private readonly patience: number;

  constructor(
    private readonly bucket: BucketPlace,
    { retries = 3, retryDelay = 200, patience = 30_000 }: TransportOptions = {},
  ) {
    this.retries = retries;
    this.retryDelay = retryDelay;
    this.patience = patience;
  }

  /**
   * Sends a request and gives its response, whatever the status; of the body nothing is read.
   * @param make the request, anew for every time that it is sent
   * @throws BucketError NoNetwork; the signal's reason
   */
  async send(make: () => Request | Promise<Request>, { signal, body }: SendOptions = {}): Promise<Exchange> {
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      const last = attempt >= this.retries;
      let wait = this.retryDelay * 2 ** attempt;
      const exchange = new Exchange(this.bucket, this.patience, signal);
      try {
        const response = await exchange.start(await make(), ((body?.size ?? 0) / SLOWEST_UPLOAD) * 1000);
        if (last || (response.status < 500 && response.status !== 429)) return exchange;
        const asked = Number(response.headers.get("retry-after") ?? Number.NaN) * 1000;
        if (asked >= 0) wait = Math.min(asked, LONGEST_WAIT);
        exchange.end();
      } catch (error) {
        exchange.end();
        signal?.throwIfAborted();
        if (last) throw noNetwork(this.bucket, error);
      }
      await pause(wait, signal);
    }
  }

  /** Sends a request whose answer is a text. @throws BucketError NoNetwork, BadAnswer; the signal's reason */
  async ask(
    make: () => Request | Promise<Request>,
    options: SendOptions = {},
  ): Promise<{ readonly response: Response; readonly text: string }> {
    for (let attempt = 0; ; attempt++) {
      const exchange = await this.send(make, options);
      try {
        return { response: exchange.response, text: await exchange.text() };
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof ConnectionLost)) throw error;
        if (attempt >= this.retries) throw noNetwork(this.bucket, error.cause);
        await pause(this.retryDelay * 2 ** attempt, options.signal);
      }
    }
  }
}

/** The connection failed while a body was read. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** One request and its response. */
export class Exchange {
  private readonly controller = new AbortController();
  private received: Response | undefined;

  constructor(
    private readonly bucket: BucketPlace,
    private readonly patience: number,
    private readonly signal: AbortSignal | undefined,
  ) {}

  get response(): Response {
    return this.received!;
  }

  /** @param upload the time that the request's body may take besides, in ms */
  async start(request: Request, upload: number): Promise<Response> {
    // Packed on the way, an object would have another size than its own. No part of what is signed: proxies change it.
    request.headers.set("accept-encoding", "identity");
    const answer = fetch(request, { signal: this.controller.signal });
    this.received = await this.within(answer, this.patience + upload);
    return this.received;
  }

  /** Gives up what is still to come. */
  end(): void {
    this.controller.abort();
  }

  /** The body's pieces. @throws ConnectionLost; the signal's reason */
  async *chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = this.response.body?.getReader();
    if (reader === undefined) return;
    try {
      for (;;) {
        const next = await this.within(reader.read());
        if (next.done) return;
        yield next.value;
      }
    } catch (error) {
      this.signal?.throwIfAborted();
      throw new ConnectionLost("The connection was lost", { cause: error });
    } finally {
      this.end();
    }
  }

  /** The whole body as UTF-8. @throws BucketError BadAnswer when it is too large; as `chunks` */
  async text(): Promise<string> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for await (const chunk of this.chunks()) {
      size += chunk.length;
      if (size > LARGEST_ANSWER) throw badAnswer(this.bucket, `it is larger than ${LARGEST_ANSWER} bytes`);
      chunks.push(chunk);
    }
    return new Blob(chunks).text();
  }

  /** Ends the exchange when `step` takes too long, or the user cancels meanwhile. */
  private async within<T>(step: Promise<T>, patience = this.patience): Promise<T> {
    const cancel = (): void => this.controller.abort(this.signal?.reason);
    const timer = setTimeout(
      () => this.controller.abort(new Error(`there was no answer for ${patience / 1000} s`)),
      patience,
    );
    this.signal?.addEventListener("abort", cancel);
    if (this.signal?.aborted) cancel();
    try {
      return await step;
    } finally {
      clearTimeout(timer);
      this.signal?.removeEventListener("abort", cancel);
    }
  }
}

/** Waits that long, in ms. @throws the signal's reason */
export function pause(duration: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, duration);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
