/** Files that a server gives: in ranges where it can, and only what it really has. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "mocha";
import { settle } from "../../engine/bytes/remote-source";
import { httpSource } from "../../src/http-source";

const FILE = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);

describe("a file over HTTP", () => {
  let server: Server;
  let origin: string;
  let sent = 0;
  let version = '"1"';

  before(async () => {
    server = createServer((request, response) => {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      if (request.url === "/gone") response.writeHead(404).end();
      else if (request.url === "/whole" || from === undefined) response.writeHead(200).end(FILE);
      else {
        const [start, end] = [Number(from), Math.min(Number(to), FILE.length - 1)];
        sent += end + 1 - start;
        const headers = { "content-range": `bytes ${start}-${end}/${FILE.length}`, etag: version };
        response.writeHead(206, headers).end(FILE.subarray(start, end + 1));
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("is read in ranges where the server gives them", async () => {
    const source = await httpSource(`${origin}/file`);
    assert.equal(source?.size, FILE.length);
    sent = 0;
    const bytes = await settle(() => source!.read(200_000, 1000));
    assert.deepEqual([...bytes], [...FILE.subarray(200_000, 201_000)]);
    assert.ok(sent < 200_000, `${sent} bytes for a thousand`);
  });

  it("is left to the editor where it does not, or has no such file", async () => {
    assert.equal(await httpSource(`${origin}/whole`), undefined);
    assert.equal(await httpSource(`${origin}/gone`), undefined);
    assert.equal(await httpSource("http://127.0.0.1:1/nobody"), undefined);
  });

  it("is not mixed with the bytes of another version", async () => {
    const source = await httpSource(`${origin}/file`);
    version = '"2"';
    await assert.rejects(
      settle(() => source!.read(0, 10)),
      /has changed since it was opened/,
    );
  });
});
