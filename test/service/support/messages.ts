/** What goes over the wire, made and read without the service's own code. */

/** A form as undici makes it, independently of our reader. */
export function form(parts: Readonly<Record<string, string | Uint8Array>>): {
  readonly body: ReadableStream;
  readonly headers: Record<string, string>;
} {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts))
    data.append(name, typeof value === "string" ? value : new Blob([value as Uint8Array<ArrayBuffer>]));
  const response = new Response(data);
  return { body: response.body!, headers: { "content-type": response.headers.get("content-type")! } };
}

interface SentryFrame {
  readonly function: string;
  readonly in_app: boolean;
  readonly lineno?: number;
  readonly instruction_addr?: string;
}

/** The parts of an event that tests look at, as Sentry's documentation of native events names them. */
export interface SentryEvent {
  readonly event_id: string;
  readonly platform: string;
  readonly fingerprint: readonly string[];
  readonly debug_meta: { readonly images: readonly { readonly debug_id: string }[] };
  readonly exception: {
    readonly values: readonly [
      {
        readonly type: string;
        readonly value: string;
        readonly stacktrace: { readonly frames: readonly SentryFrame[] };
      },
    ];
  };
  readonly contexts: { readonly "wasm crash": Readonly<Record<string, string>> };
}

/** An envelope's event and attachment (Sentry's "Envelopes": lines of JSON, items with or without a length). */
export function envelopeOf(bytes: Buffer): {
  readonly event: SentryEvent;
  readonly attachment: Buffer | undefined;
} {
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    const text = bytes.subarray(at, end < 0 ? bytes.length : end).toString();
    at = end < 0 ? bytes.length : end + 1;
    return text;
  };
  line(); // the envelope's own header
  let event: SentryEvent | undefined;
  let attachment: Buffer | undefined;
  while (at < bytes.length) {
    const { type, length } = JSON.parse(line()) as { readonly type: string; readonly length?: number };
    if (type === "event") event = JSON.parse(line()) as SentryEvent;
    else {
      attachment = bytes.subarray(at, at + length!);
      at += length! + 1;
    }
  }
  return { event: event!, attachment };
}
