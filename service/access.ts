/**
 * Who may send a dump: the account's own Workers, over a service binding, which needs no secret. From the internet
 * nobody, unless a secret is set, and then who knows it.
 */
import { sha256 } from "./hash";
import { Refusal } from "./refusal";

/** Cloudflare's edge sets it on every request from outside, whatever the client sent; a binding's requests lack it. */
const FROM_OUTSIDE = "cf-connecting-ip";

/** @throws Refusal 401 or 403 */
export async function admit(request: Request, secret: string | undefined): Promise<void> {
  if (!request.headers.has(FROM_OUTSIDE)) return;
  if (secret === undefined || secret === "")
    throw new Refusal(403, "Core dumps are taken over service bindings only: no BEARER_SECRET is set");
  const given = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  if (!(await isSame(given, secret))) throw new Refusal(401, "The bearer secret is missing or wrong");
}

/** Takes as long whatever the texts have in common: their hashes are compared, all bytes of them. */
async function isSame(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([sha256(a), sha256(b)]);
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= left[index]! ^ right[index]!;
  return difference === 0;
}
