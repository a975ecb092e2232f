/** What a bucket's server or the network may do to us: each ends in an error that says what happened, and never hangs. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { afterEach, describe, it } from "mocha";
import type { Bucket } from "../../r2/bucket";
import { listAll } from "../../r2/listing";
import { S3Bucket } from "../../r2/s3";
import type { TransportOptions } from "../../r2/transport";
import { keys } from "./support/local-s3";
import { type Loopback, loopback } from "./support/loopback";
import { bytes, fails, textOf } from "./support/reading";
import { listingXml, objectXml } from "./support/s3-fake";

let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A bucket at a server that answers so. */
async function at(handler: Parameters<typeof loopback>[0], options: TransportOptions = {}): Promise<Bucket> {
  server = await loopback(handler);
  return new S3Bucket({ name: "dumps", endpoint: server.url }, keys, { retryDelay: 1, ...options });
}

const facts = { etag: '"e"', "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" };

describe("a bucket whose server or network fails", () => {
  it("asks again after 503, 429 and a reset connection, and gives what comes then", async () => {
    const bucket = await at((request, response, count) => {
      if (count === 0) response.writeHead(503).end();
      else if (count === 1) response.writeHead(429, { "retry-after": "0" }).end();
      else if (count === 2) request.socket.destroy();
      else response.end(listingXml(objectXml("a")));
    });
    const { objects } = await bucket.list();
    assert.deepEqual(
      objects.map(({ key }) => key),
      ["a"],
    );
    assert.equal(server!.requests.length, 4);
  });

  it("gives up after three tries more, and says what the server says", async () => {
    const bucket = await at((_, response) =>
      response
        .writeHead(500)
        .end("<Error><Code>InternalError</Code><Message>We are sorry.</Message></Error>"),
    );
    await fails(bucket.list(), "Unavailable", /cannot serve now: InternalError, We are sorry\. Try again/);
    assert.equal(server!.requests.length, 4);
    await fails(bucket.put("a", bytes("x")), "Unavailable", /Try again/);
  });

  it("says that the server was not reached, and why", async () => {
    const bucket = await at(() => undefined);
    await server!.close();
    await fails(
      bucket.list(),
      "NoNetwork",
      /127\.0\.0\.1:\d+ was not reached: .*ECONNREFUSED.*Check the network/,
    );
    const nowhere = new S3Bucket({ name: "dumps", endpoint: "http://nowhere.invalid" }, keys, { retries: 0 });
    await fails(nowhere.list(), "NoNetwork", /nowhere\.invalid was not reached: .*(ENOTFOUND|EAI_AGAIN)/);
  });

  it("gives a server up that falls silent, before its answer and in the middle of it", async () => {
    const silent = await at(() => undefined, { patience: 50, retries: 1 });
    await fails(silent.list(), "NoNetwork", /no answer for 0\.05 s/);
    assert.equal(server!.requests.length, 2);
    await server!.close();
    const stuck = await at(
      (_, response) => {
        response.writeHead(200, { ...facts, "content-length": "10" });
        response.write("12345");
      },
      { patience: 50 },
    );
    await fails(textOf(await stuck.get("a")), "Incomplete", /ended after 5 of 10 bytes of a/);
  });

  it("gives an upload the time that it takes on a slow line", async () => {
    const bucket = await at(
      (request, response) => {
        request.resume().once("end", () => setTimeout(() => response.end(), 200));
      },
      { patience: 20, retries: 0 },
    );
    await bucket.put("debug", new Uint8Array(1_000_000));
    assert.equal(server!.requests[0]!.headers["content-length"], "1000000");
    await fails(bucket.delete("debug"), "NoNetwork", /no answer for 0\.02 s/);
  });

  it("does not give a slow server up that keeps sending", async () => {
    const bucket = await at(
      (_, response) => {
        response.writeHead(200, { ...facts, "content-length": "12" });
        let sent = 0;
        const timer = setInterval(() => {
          response.write("x");
          if (++sent === 12) {
            clearInterval(timer);
            response.end();
          }
        }, 90);
      },
      { patience: 1000 },
    );
    assert.equal(await textOf(await bucket.get("a")), "x".repeat(12));
  });

  it("says how much came when the connection is reset in the middle of an object", async () => {
    const bucket = await at((request, response) => {
      response.writeHead(200, { ...facts, "content-length": "100" });
      response.write("0123456789", () => request.socket.destroy());
    });
    await fails(textOf(await bucket.get("a")), "Incomplete", /10 of 100 bytes of a.*what came is kept/);
  });

  it("does not believe a server that gives another version than it was asked for", async () => {
    const bucket = await at((_, response) =>
      response.writeHead(200, { ...facts, "content-length": "1" }).end("x"),
    );
    await fails(bucket.get("a", { ifMatch: "former" }), "Changed", /was changed/);
  });

  it("takes the range out of a whole object, where a server ignores ranges", async () => {
    const bucket = await at((_, response) =>
      response.writeHead(200, { ...facts, "content-length": "10" }).end("0123456789"),
    );
    assert.equal(await textOf(await bucket.get("a", { range: { offset: 3, length: 4 } })), "3456");
  });

  for (const [what, headers] of [
    ["another range than was asked for", { "content-range": "bytes 5-9/10" }],
    ["a range that is none", { "content-range": "bytes 9-3/10" }],
    ["no range", {}],
  ] as const) {
    it(`does not take ${what} for bytes of the object`, async () => {
      const bucket = await at((_, response) =>
        response.writeHead(206, { ...facts, ...headers }).end("01234"),
      );
      await fails(bucket.get("a", { range: { offset: 0, length: 5 } }), "BadAnswer", /is not understood/);
    });
  }

  it("asks for objects as they are, since servers on the way would pack them", async () => {
    const bucket = await at((request, response) => {
      const packs = /gzip|br/.test(String(request.headers["accept-encoding"]));
      const headers = packs ? { "content-encoding": "gzip" } : { "content-length": "5" };
      response.writeHead(200, { ...facts, ...headers }).end(packs ? gzipSync("hello") : "hello");
    });
    assert.equal(await textOf(await bucket.get("a")), "hello");
    assert.ok(!server!.requests[0]!.headers.authorization!.includes("accept-encoding"));
  });

  it("refuses an object whose bytes fetch has unpacked: sizes and ranges are not its own", async () => {
    const bucket = await at((_, response) => {
      const packed = gzipSync("hello");
      response
        .writeHead(200, { ...facts, "content-encoding": "gzip", "content-length": packed.length })
        .end(packed);
    });
    await fails(bucket.get("a"), "BadAnswer", /Content-Encoding gzip; store it without/);
  });

  for (const [what, body, message] of [
    ["XML that ends too early", listingXml(objectXml("a")).slice(0, 200), /The end|no tag/],
    ["a page of a proxy", "<!DOCTYPE html><html><body>Log in</body></html>", /no tag/],
    ["another document", "<Other/>", /a Other, not a ListBucketResult/],
    ["an object without a key", listingXml("<Contents><Size>1</Size></Contents>"), /no Key/],
    [
      "a size that is no number",
      listingXml(objectXml("a").replace("<Size>1<", "<Size>-1<")),
      /size of an object/,
    ],
    [
      "a time that is none",
      listingXml(objectXml("a").replace("2026-01-01", "soon")),
      /time of its last change/,
    ],
    ["a list that goes on nowhere", listingXml("", true), /how it goes on/],
    ["no word on whether that is all", "<ListBucketResult/>", /whether it is complete/],
    ["nothing", "", /No element/],
  ] as const) {
    it(`says that a listing is not understood: ${what}`, async () => {
      const bucket = await at((_, response) => response.end(body));
      await fails(bucket.list(), "BadAnswer", message);
    });
  }

  it("asks again for a listing whose connection is lost in the middle", async () => {
    const bucket = await at((request, response, count) => {
      const text = listingXml(objectXml("a"));
      response.writeHead(200, { "content-length": text.length });
      if (count === 0) response.write(text.slice(0, 100), () => request.socket.destroy());
      else response.end(text);
    });
    assert.equal((await bucket.list()).objects.length, 1);
  });

  it("reads a bucket of 20 000 objects page by page, each when it is wanted", async () => {
    const bucket = await at((request, response) => {
      const page = Number(new URL(request.url!, "http://x").searchParams.get("continuation-token") ?? "0");
      const objects = Array.from({ length: 1000 }, (_, index) => objectXml(`k${page * 1000 + index}`)).join(
        "",
      );
      const next = page === 19 ? "" : `<NextContinuationToken>${page + 1}</NextContinuationToken>`;
      response.end(listingXml(objects + next, page < 19));
    });
    const pages = listAll(bucket);
    await pages.next();
    assert.equal(server!.requests.length, 1);
    let count = 1000;
    for await (const { objects } of pages) count += objects.length;
    assert.equal(count, 20_000);
  });

  it("does not list for ever when the next page is always the same, or an answer never ends", async () => {
    const circle = await at((_, response) =>
      response.end(listingXml("<NextContinuationToken>again</NextContinuationToken>", true)),
    );
    const all = async (): Promise<void> => {
      for await (const { objects } of listAll(circle)) assert.equal(objects.length, 0);
    };
    await fails(all(), "BadAnswer", /next page is this one again/);
    await server!.close();
    const endless = await at((_, response) => {
      const chunk = "x".repeat(1 << 20);
      const more = (): void => void (response.destroyed || response.write(chunk, () => setImmediate(more)));
      more();
    });
    await fails(endless.list(), "BadAnswer", /larger than 16777216 bytes/);
  });

  it("tells a clock that is wrong, a token that may not, and a proxy's refusal apart", async () => {
    const codes: readonly [string, number, Parameters<typeof fails>[1], RegExp][] = [
      ["RequestTimeTooSkewed", 403, "WrongCredentials", /clock is too far/],
      ["AccessDenied", 403, "NotAllowed", /Object Read & Write/],
      ["InvalidArgument", 400, "WrongCredentials", /length 5, should be 32/],
      ["NotImplemented", 501, "Unavailable", /NotImplemented/],
      ["", 402, "BadAnswer", /status 402/],
    ];
    for (const [code, status, kind, message] of codes) {
      const detail = code === "InvalidArgument" ? "Credential access key has length 5, should be 32" : "No";
      const text = code === "" ? "<html>" : `<Error><Code>${code}</Code><Message>${detail}</Message></Error>`;
      const bucket = await at((_, response) => response.writeHead(status).end(text), { retries: 0 });
      await fails(bucket.list(), kind, message);
      await server!.close();
    }
  });

  it("ends at once with the user's reason when he cancels: before, while it waits, and in the middle", async () => {
    const reason = new Error("the user has seen enough");
    const bucket = await at((request, response) => {
      if (request.url!.includes("silent")) return;
      response.writeHead(200, { ...facts, "content-length": "100" });
      response.write("0123456789");
    });
    await assert.rejects(bucket.list({ signal: AbortSignal.abort(reason) }), reason);
    assert.equal(server!.requests.length, 0);

    const waiting = new AbortController();
    const silent = bucket.get("silent", { signal: waiting.signal });
    setImmediate(() => waiting.abort(reason));
    await assert.rejects(silent, reason);

    const middle = new AbortController();
    const body = await bucket.get("a", { signal: middle.signal });
    await assert.rejects(async () => {
      for await (const chunk of body.chunks) {
        assert.equal(chunk.length, 10);
        middle.abort(reason);
      }
    }, reason);
  });

  it("sends what it was asked to sign, and no secret", async () => {
    const bucket = await at((_, response) => response.end(listingXml("")));
    await bucket.list({ prefix: "a b" });
    const [{ line, headers } = { line: "", headers: {} }] = server!.requests;
    assert.ok(line.startsWith("GET /dumps?list-type=2&"), line);
    assert.ok(line.includes("prefix=a%20b"), line);
    assert.match(
      headers.authorization!,
      /^AWS4-HMAC-SHA256 Credential=\w{32}\/\d{8}\/auto\/s3\/aws4_request, /,
    );
    assert.ok(!JSON.stringify(headers).includes(keys.secretAccessKey));
  });
});
