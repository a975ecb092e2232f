/**
 * The Worker that has the local buckets bound, and answers for them over HTTP. It is a text, since it runs in workerd:
 * every version of miniflare runs a Worker, while its own interfaces to R2 differ from one to the next.
 *
 * Requests are `/?bucket=BINDING&verb=…&key=…` with the secret of the process that started it; objects are answered as
 * S3 does, so that object-body.ts reads them.
 */

export const SECRET_HEADER = "x-wasm-postmortem-secret";

export const localWorker = `
const facts = ({ key, size, etag, uploaded }) => ({ key, size, etag, modified: uploaded.toISOString() });

const verbs = {
  async list(bucket, { prefix, delimiter, cursor, limit }) {
    const page = await bucket.list({ prefix, delimiter, cursor, limit: Number(limit) });
    const next = page.truncated ? page.cursor : undefined;
    return Response.json({ objects: page.objects.map(facts), folders: page.delimitedPrefixes, cursor: next });
  },
  async head(bucket, { key }) {
    const object = await bucket.head(key);
    return object === null ? new Response(null, { status: 404 }) : Response.json(facts(object));
  },
  async get(bucket, { key, offset, length, etag }) {
    const range = { offset: Number(offset), length: Number(length) };
    const object = await bucket.get(key, { range, onlyIf: { etagMatches: etag } });
    if (object === null) return new Response(null, { status: 404 });
    if (!object.body) return new Response(null, { status: 412 });
    const headers = {
      etag: object.httpEtag,
      "last-modified": object.uploaded.toUTCString(),
      "content-range": "bytes " + range.offset + "-" + (range.offset + range.length - 1) + "/" + object.size,
    };
    return new Response(object.body, { status: 206, headers });
  },
  async put(bucket, { key, type }, request) {
    await bucket.put(key, request.body ?? "", { httpMetadata: { contentType: type } });
    return new Response(null);
  },
  async delete(bucket, { key }) {
    await bucket.delete(key);
    return new Response(null);
  },
};

export default {
  async fetch(request, env) {
    if (request.headers.get("${SECRET_HEADER}") !== env.SECRET) return new Response(null, { status: 403 });
    const { bucket, verb, ...options } = Object.fromEntries(new URL(request.url).searchParams);
    return verbs[verb](env[bucket], options, request);
  },
};
`;
