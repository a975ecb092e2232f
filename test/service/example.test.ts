/** The examples, as they are checked in: from the crash to the dump that is fetched over S3 and opened. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { AwsClient } from "aws4fetch";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import { type Triage, triage } from "../../engine/postmortem/triage";
import { debugFileKey, readCrashKey } from "../../r2/layout";
import { type Example, type ExampleName, startExample } from "../../scripts/example-cloudflare.mjs";

/** The 1-based line of a source that is marked as the one that crashes. */
const crashLine = (path: string): number =>
  readFileSync(join(__dirname, "../../examples", path), "utf8")
    .split("\n")
    .findIndex((line) => line.includes("// crash here")) + 1;

async function withExample(name: ExampleName, use: (example: Example) => Promise<void>): Promise<void> {
  const example = await startExample(name);
  try {
    await use(example);
  } finally {
    await example.stop();
  }
}

/** The crash as a debugger opens it, from what lies in the bucket alone. */
async function fetched({ s3, bucket }: Example, key: string): Promise<Triage> {
  const client = new AwsClient({ ...s3, service: "s3", region: "auto", retries: 0 });
  const get = async (name: string): Promise<Buffer> => {
    const response = await client.fetch(`${s3.endpoint}/${bucket}/${name}`);
    assert.equal(response.status, 200, name);
    return Buffer.from(await response.arrayBuffer());
  };
  const debugFile = debugFileKey(readCrashKey(key)!.buildId!);
  const source = new MemorySource(debugFile, await get(debugFile));
  const dump = new MemorySource("dump", gunzipSync(await get(key)));
  return triage(openCrash({ dump, main: { module: { path: debugFile, source } } }));
}

const argumentsOf = (name: string, { frames }: Triage): Record<string, string> => {
  const { arguments: values } = frames.find((frame) => frame.function === name)!;
  return Object.fromEntries(values.map((variable) => [variable.name, variable.value]));
};

describe("an example on Cloudflare", function () {
  this.timeout(60_000);

  it("in Rust answers, crashes, and its dump has the crash line and the values", () =>
    withExample("worker-rust", async (example) => {
      assert.equal(await example.ask("/?item=1&count=2"), "756 cents\n");
      const { block, key } = await example.crash();
      assert.match(block, /^Error: Wasm trapped: index out of bounds: the len is 3 but the index is 7\n/);
      assert.ok(
        block.includes(`  > at app::Shop::price (/build/src/lib.rs:${crashLine("worker-rust/src/lib.rs")}:`),
      );
      const facts = await fetched(example, key!);
      assert.deepEqual(argumentsOf("app::price_of", facts), { number: "7", count: "2" });
      const { self, ...others } = argumentsOf("app::Shop::price", facts);
      assert.deepEqual(others, { number: "7", count: "2" });
      assert.match(self!, /tea.*250.*cake.*420.*bread.*380/, "the whole shop can be looked at");
    }));

  it("in C answers, crashes, and its dump has the crash line and the values", () =>
    withExample("worker-c", async (example) => {
      assert.equal(await example.ask("/?total=120&guests=4"), "Each pays 30\n");
      const { block, key } = await example.crash();
      assert.match(block, /^Error: Wasm trapped: integer divide by zero: 120 \/ 0\n/);
      assert.ok(block.includes(`  > at share (/build/src/bill.c:${crashLine("worker-c/src/bill.c")}:`));
      const facts = await fetched(example, key!);
      assert.deepEqual(argumentsOf("share_of", facts), { total: "120", guests: "0" });
    }));
});
