/** Who may send, and what becomes of bodies that are made to harm: a 4xx with a reason, and nothing is stored. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { after, before, beforeEach, describe, it } from "mocha";
import { readRecord } from "../../r2/record";
import { fixture, loadDump, loadModule } from "../fixtures/index";
import { form } from "./support/messages";
import { type ServiceAnswer, traps, World } from "./support/world";

const dump = loadDump(fixture("c-traps/divide_by_zero"));
const wasm = { "content-type": "application/wasm" };
const CRLF = "\r\n";

describe("the service's safety", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world?.stop());
  beforeEach(() => world.reset());

  async function refused(sent: Promise<ServiceAnswer>, status: number, reason: RegExp): Promise<void> {
    const answer = await sent;
    assert.equal(answer.status, status, answer.error);
    assert.match(answer.error!, reason);
    assert.deepEqual(await world.keys("coredumps/"), []);
    assert.deepEqual(await world.keys("incoming/"), []);
  }

  describe("lets in", () => {
    it("nobody from outside, unless a secret is set", () =>
      refused(world.sendFromOutside(dump, wasm), 403, /service bindings only/));

    it("who knows the secret", async () => {
      await world.configure({ variables: { BEARER_SECRET: "correct horse" } });
      await world.configure({ variables: { BEARER_SECRET: "correct-horse" } });
      const { status } = await world.sendFromOutside(dump, {
        ...wasm,
        authorization: "Bearer correct-horse",
      });
      assert.equal(status, 200);
    });

    for (const authorization of [
      "",
      "Bearer wrong",
      "Bearer correct-hors",
      "Basic correct-horse",
      "correct-horse",
    ])
      it(`nobody who says "${authorization}"`, async () => {
        await world.configure({ variables: { BEARER_SECRET: "correct-horse" } });
        await refused(world.sendFromOutside(dump, { ...wasm, authorization }), 401, /secret/);
      });
  });

  it("refuses other methods", () => refused(world.send(undefined, {}, { method: "GET" }), 405, /POST/));

  describe("refuses what is no dump", () => {
    const bodies: Readonly<Record<string, Uint8Array>> = {
      nothing: new Uint8Array(0),
      text: Buffer.from("hello"),
      "a module": loadModule(fixture("c-traps/divide_by_zero")),
      "WebAssembly's magic number": Buffer.from("\0asm\x01\0\0\0"),
      "a large file of something else": Buffer.alloc(6 << 20, 7),
      "a large module without a dump's sections": Buffer.concat([
        Buffer.from("\0asm\x01\0\0\0"),
        Buffer.of(0, 0x80, 0x80, 0x80, 0x04, 1, 0x78), // a custom section of 8 MB, named x
        Buffer.alloc((8 << 20) - 2, 1),
      ]),
    };
    for (const [name, body] of Object.entries(bodies))
      it(name, () => refused(world.send(body, wasm), 422, /no WebAssembly core dump/));
  });

  describe("refuses what is too much", () => {
    beforeEach(() => world.configure({ variables: { MAX_DUMP_MB: 6 } }));

    it("a large dump", () =>
      refused(world.send(Buffer.concat([dump, Buffer.alloc(7 << 20)]), wasm), 413, /larger than the 6 MB/));

    it("a body that says that it is larger still", () =>
      refused(world.send(Buffer.alloc(24 << 20), wasm), 413, /larger than a core dump may be/));

    it("a small body that unpacks to a large one", async () => {
      const bomb = gzipSync(Buffer.concat([dump, Buffer.alloc(60 << 20)]));
      assert.ok(bomb.length < 100_000);
      await refused(world.send(bomb, wasm), 413, /larger than the 6 MB/);
      const { body, headers } = form({ coredump: bomb });
      await refused(world.send(body, headers), 413, /larger than the 6 MB/);
    });

    it("a form's request that is too long", async () => {
      const { body, headers } = form({ coredump: dump, request: "x".repeat(300_000) });
      const { status } = await world.send(body, headers);
      assert.equal(status, 200, "the dump counts, the request is left out");
      const [key = ""] = (await world.keys("coredumps/")).filter((name) => name.endsWith(".json"));
      assert.equal(readRecord((await world.bytes(key)).toString())!.request, null);
    });
  });

  it("refuses gzip that is damaged or cut off", async () => {
    const packed = gzipSync(dump);
    await refused(world.send(packed.subarray(0, packed.length >> 1), wasm), 400, /gzip is damaged/);
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 40, 60);
    await refused(world.send(damaged, wasm), 400, /gzip is damaged/);
  });

  it("gives up a body that does not end", async () => {
    await world.configure({ variables: { RECEIVE_SECONDS: 0.3 } });
    await refused(world.send(dump.subarray(0, 100), wasm, { slow: true }), 408, /has not arrived in 0.3 s/);
  });

  describe("refuses a malformed form", () => {
    const part = (header: string, body = "x"): string => `--b${CRLF}${header}${CRLF}${CRLF}${body}${CRLF}`;
    const coredump = 'Content-Disposition: form-data; name="coredump"';
    const forms: Readonly<Record<string, string>> = {
      "that has no boundary in it": "nothing",
      "that ends in a header": `--b${CRLF}${coredump}`,
      "that ends in a part": `--b${CRLF}${coredump}${CRLF}${CRLF}\0asm`,
      "without a core dump": `${part('Content-Disposition: form-data; name="request"', "{}")}--b--`,
      "whose part has no name": `${part("Content-Type: text/plain")}--b--`,
      "whose header is endless": `--b${CRLF}${"x".repeat(10_000)}${CRLF}${CRLF}--b--`,
      "with a thousand parts": `${part('Content-Disposition: form-data; name="n"').repeat(1000)}--b--`,
    };
    for (const [what, body] of Object.entries(forms))
      it(what, () =>
        refused(
          world.send(body, { "content-type": "multipart/form-data; boundary=b" }),
          400,
          /form is malformed/,
        ),
      );

    it("that names no boundary", () =>
      refused(world.send("--b--", { "content-type": "multipart/form-data" }), 400, /names no boundary/));

    it("whose request is no JSON", async () => {
      const { body, headers } = form({ coredump: dump, request: "{" });
      await refused(world.send(body, headers), 400, /no JSON/);
    });

    it("with a header about the request that is no JSON", () =>
      refused(world.send(dump, { ...wasm, "x-wasm-request": "%7B" }), 400, /no JSON/));
  });

  it("makes no key of what a request says", async () => {
    for (const id of ["../../debug-x", "..%2f..", "'; --", "a/b", "ab".repeat(100)]) {
      const headers = { ...wasm, "x-wasm-build-id": id };
      const { status, key } = await world.send(dump, headers);
      assert.equal(status, 200);
      assert.ok(
        key!.startsWith(`coredumps/${traps.debugFile.slice(6, -5)}/`),
        "the dump's own build id counts",
      );
    }
    const ray = "../../../etc";
    const request = { method: "GET", url: "https://app.example/", headers: { "cf-ray": ray } };
    const told = encodeURIComponent(JSON.stringify(request));
    const { key } = await world.send(dump, { ...wasm, "x-wasm-request": told });
    assert.match(key!, /^coredumps\/[0-9a-f-]+\/[0-9a-f]{16}\/\d{8}T\d{9}Z-etc[0-9a-f]{12}\.coredump$/);
    for (const stored of await world.keys()) assert.doesNotMatch(stored, /\.\.|['"%\\]/);
  });

  it("keeps of a request what is harmless, and nothing else", async () => {
    await world.crash("traps?run=divide_by_zero&value=1&value=0&token=hunter2", {
      authorization: "Bearer hunter2",
      cookie: "session=hunter2",
      "x-api-key": "hunter2",
      "user-agent": "tests",
    });
    await world.logged(1);
    const [key = ""] = (await world.keys("coredumps/")).filter((name) => name.endsWith(".json"));
    const text = (await world.bytes(key)).toString();
    const { request } = readRecord(text)!;
    assert.equal(request!.headers["user-agent"], "tests");
    for (const told of [text, world.sentry.envelopes[0]!.toString("latin1"), world.log.join("\n")]) {
      assert.doesNotMatch(told, /hunter2/);
    }
  });
});
