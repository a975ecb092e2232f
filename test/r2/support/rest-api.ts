/**
 * Cloudflare's REST API: what it does with objects is Cloudflare's own code, which miniflare serves for the explorer of
 * `wrangler dev`, its errors, cursors and folders included. Before it stands what that lacks: tokens and accounts, keys
 * that are written with slashes, as wrangler writes them (the explorer takes them as one part), and DELETE of one object.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Miniflare } from "miniflare";

export const known = {
  account: "0123456789abcdef0123456789abcdef",
  /** Of a user's API token; `accountToken` is of the account's. */
  token: "user-token",
  accountToken: "account-token",
  login: "login-of-wrangler",
  tokenId: "00112233445566778899aabbccddeeff",
} as const;

export interface RestApi {
  /** Without a slash at the end. */
  readonly url: string;
  /** The headers of the requests, oldest first. */
  readonly requests: NodeJS.Dict<string | string[]>[];
  /** Whether a GET of an object has an ETag: the documentation does not promise one. */
  versions: boolean;
  /** Writes an object beside the API. */
  put(key: string, content: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function restApi(bucket: string): Promise<RestApi> {
  const miniflare = new Miniflare({
    script: "",
    modules: true,
    cf: false,
    telemetry: { enabled: false },
    unsafeLocalExplorer: true,
    r2Buckets: { BUCKET: bucket },
  });
  const origin = await miniflare.ready;
  const store = (await miniflare.getR2Bucket("BUCKET")) as unknown as Pick<RestApi, "put">;
  const requests: RestApi["requests"] = [];
  const state = { versions: true };

  async function answer(method: string, url: URL, token: string, body: Uint8Array): Promise<Response> {
    if (!Object.values<string>(known).includes(token)) return no(401, 10000, "Authentication error");
    const verify = { "/user": known.token, [`/accounts/${known.account}`]: known.accountToken };
    for (const [path, own] of Object.entries(verify))
      if (url.pathname === `${path}/tokens/verify`)
        return token === own
          ? yes({ id: known.tokenId, status: "active" })
          : no(401, 1000, "Invalid API Token");
    if (url.pathname === "/accounts") return yes([{ id: known.account, name: "Me" }]);
    const match = /^\/accounts\/(\w+)(\/r2\/buckets\/[^/]+\/objects)(?:\/(.*))?$/.exec(url.pathname);
    if (match === null || match[1] !== known.account) return no(403, 10000, "Authentication error");
    const [, , objects, written] = match;
    const ask = (path: string, init?: RequestInit): Promise<Response> =>
      fetch(new URL(`/cdn-cgi/explorer/api${objects}${path}${url.search}`, origin), init);
    if (written === undefined) return ask("");
    const key = decodeURIComponent(written);
    const headers = { "content-type": "application/json" };
    if (method === "DELETE") return ask("", { method, headers, body: JSON.stringify([key]) });
    const init = method === "PUT" ? { method, body: Buffer.from(body) } : { method };
    return ask(`/${encodeURIComponent(key)}`, init);
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push(request.headers);
    const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
    const url = new URL(request.url!, "http://api");
    const { status, headers, ...reply } = await read(
      await answer(request.method!, url, token, Buffer.concat(chunks)),
    );
    if (!state.versions) headers.delete("etag");
    response.writeHead(status, [...headers].flat()).end(reply.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    put: (key: string, content: string) => store.put(key, content),
    async close() {
      server.closeAllConnections();
      server.close();
      await miniflare.dispose();
    },
  });
}

const read = async (response: Response) => ({
  status: response.status,
  headers: new Headers(response.headers),
  body: Buffer.from(await response.arrayBuffer()),
});

const no = (status: number, code: number, message: string): Response =>
  Response.json({ success: false, errors: [{ code, message }], messages: [], result: null }, { status });

const yes = (result: unknown): Response => Response.json({ success: true, errors: [], messages: [], result });
