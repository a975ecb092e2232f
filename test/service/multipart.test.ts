/** Forms arrive in pieces of any size: what they say does not depend on where they are cut. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { boundaryOf, partsOf } from "../../service/receive/multipart";
import { form } from "./support/messages";

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function read(body: AsyncIterable<Uint8Array>, boundary: string): Promise<Record<string, string>> {
  const parts: Record<string, string> = {};
  for await (const { name, chunks } of partsOf(body, boundary)) {
    const kept: Uint8Array[] = [];
    for await (const chunk of chunks) kept.push(chunk);
    parts[name] = Buffer.concat(kept).toString("latin1");
  }
  return parts;
}

const bytesOf = async (stream: ReadableStream): Promise<Uint8Array> =>
  new Uint8Array(await new Response(stream).arrayBuffer());

describe("a form", () => {
  it("is read the same however it is cut, line ends and hyphens in its parts included", async () => {
    // Contents of the characters that boundaries are made of.
    const contents = fc
      .array(fc.constantFrom(0, 10, 13, 45, 98), { maxLength: 60 })
      .map((bytes) => Uint8Array.from(bytes));
    await fc.assert(
      fc.asyncProperty(contents, contents, fc.integer({ min: 1, max: 40 }), async (first, second, size) => {
        const { body, headers } = form({ coredump: first, "name-section": second });
        const parts = await read(cut(await bytesOf(body), size), boundaryOf(headers["content-type"]!));
        assert.deepEqual(parts, {
          coredump: Buffer.from(first).toString("latin1"),
          "name-section": Buffer.from(second).toString("latin1"),
        });
      }),
      { numRuns: 60 },
    );
  });

  it("may have parts that nobody reads, a preamble and an epilogue", async () => {
    const text =
      'preamble\r\n--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=c\r\n\r\n\r\n--b--epilogue';
    const names: string[] = [];
    for await (const { name } of partsOf(cut(Buffer.from(text), 7), "b")) names.push(name);
    assert.deepEqual(names, ["a", "c"]);
  });

  it("has its boundary in quotes or without", () => {
    assert.equal(boundaryOf('multipart/form-data; boundary="a b"; x=1'), "a b");
    assert.equal(boundaryOf("multipart/form-data;boundary=----x"), "----x");
  });
});
