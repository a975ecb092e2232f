/**
 * A fake of Cloudflare's REST API, made after its documentation: no real one is asked in the tests. Ranges, which the
 * documentation does not have, it ignores; whether it says an object's version can be chosen, for the same reason.
 */
import { createHash } from "node:crypto";
import { type Loopback, loopback } from "./loopback";

export const fake = {
  account: "0123456789abcdef0123456789abcdef",
  /** Of a user's API token; `accountToken` is of the account's. */
  token: "user-token",
  accountToken: "account-token",
  login: "login-of-wrangler",
  tokenId: "00112233445566778899aabbccddeeff",
} as const;

export interface RestFake extends Loopback {
  readonly objects: Map<string, Buffer>;
  /** Whether a GET of an object has an ETag. */
  versions: boolean;
}

export async function restFake(bucket: string): Promise<RestFake> {
  const objects = new Map<string, Buffer>();
  const state = { versions: true };
  const etag = (content: Buffer): string => createHash("md5").update(content).digest("hex");
  const server = await loopback(async (request, response) => {
    const reply = (status: number, body: object): void =>
      void response.writeHead(status).end(JSON.stringify(body));
    const no = (status: number, code: number, message: string): void =>
      reply(status, { success: false, errors: [{ code, message }], messages: [], result: null });
    const yes = (result: unknown, info?: object): void =>
      reply(200, { success: true, errors: [], messages: [], result, ...(info && { result_info: info }) });
    const url = new URL(request.url!, "http://fake");
    const token = request.headers.authorization?.replace("Bearer ", "");
    if (!Object.values<unknown>(fake).includes(token)) return no(401, 10000, "Authentication error");
    const verified = { id: fake.tokenId, status: "active" };
    if (url.pathname === "/user/tokens/verify")
      return token === fake.token ? yes(verified) : no(401, 1000, "Invalid API Token");
    if (url.pathname === `/accounts/${fake.account}/tokens/verify`)
      return token === fake.accountToken ? yes(verified) : no(401, 1000, "Invalid API Token");
    if (url.pathname === "/accounts") return yes([{ id: fake.account, name: "Me" }]);
    const match = /^\/accounts\/(\w+)\/r2\/buckets\/([^/]+)\/objects(?:\/(.*))?$/.exec(url.pathname);
    if (match === null || match[1] !== fake.account) return no(403, 10000, "Authentication error");
    if (match[2] !== bucket) return no(404, 10006, "The specified bucket does not exist.");
    if (match[3] === undefined) {
      const prefix = url.searchParams.get("prefix") ?? "";
      const delimiter = url.searchParams.get("delimiter");
      const after = url.searchParams.get("cursor") ?? "";
      const keys = [...objects.keys()].sort().filter((key) => key.startsWith(prefix));
      const cut = (key: string): string | undefined => {
        const at = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
        return at < 0 ? undefined : key.slice(0, at + 1);
      };
      const limit = Number(url.searchParams.get("per_page"));
      const own = keys.filter((key) => cut(key) === undefined && key > after);
      const page = own.slice(0, limit).map((key) => {
        const content = objects.get(key)!;
        return { key, size: content.length, etag: etag(content), last_modified: "2026-01-01T00:00:00.000Z" };
      });
      const more = own.length > limit;
      return yes(page, {
        per_page: limit,
        is_truncated: more,
        ...(more && { cursor: page.at(-1)!.key }),
        delimited: [...new Set(keys.map(cut).filter((folder) => folder !== undefined))],
      });
    }
    const key = decodeURIComponent(match[3]);
    if (request.method === "PUT") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      objects.set(key, Buffer.concat(chunks));
      return yes({ key });
    }
    const content = objects.get(key);
    if (content === undefined) return no(404, 10007, "The specified key does not exist.");
    if (request.method === "DELETE") {
      objects.delete(key);
      return yes({ key });
    }
    const version = { etag: `"${etag(content)}"`, "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" };
    response
      .writeHead(200, { "content-length": content.length, ...(state.versions && version) })
      .end(content);
  });
  return Object.assign(state, server, { objects }) as RestFake;
}
