/** The body of a request as it comes in, for as long as a request may take. */
import { Refusal } from "../refusal";
import type { Limits } from "../settings";

/**
 * @throws Refusal 408 when it takes longer than the limit, 413 when it says that it is too large, 400 when it breaks off
 */
export async function* bodyOfRequest(
  request: Request,
  { dump, receive }: Limits,
): AsyncGenerator<Uint8Array, void> {
  // A form has a little more than the dump in it.
  if (Number(request.headers.get("content-length") ?? 0) > dump * 1.1 + FORM)
    throw new Refusal(413, "The body is larger than a core dump may be");
  const reader = request.body?.getReader();
  if (reader === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Refusal(408, `The body has not arrived in ${receive / 1000} s`)),
      receive,
    );
  });
  late.catch(() => {});
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw error instanceof Refusal
      ? error
      : new Refusal(400, `The body broke off: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => {});
  }
}

/** Bytes of a form beside its dump. */
const FORM = 16 * 1024 * 1024;
