/** The page of a dump: what it reads of a large one, and what it says of files that are none or damaged. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, before, describe, it } from "mocha";
import type { ByteSource, PagedSource } from "../../engine/bytes/source";
import { NodeHost } from "../../host/node";
import { inspect } from "../../src/crash-files/inspect";
import { crashPage } from "../../src/crash-page/report";
import { writeLargeDump } from "../support/large-dump";

const demo = "examples/rust-classic";
const program = `${demo}/target/wasm32-wasip1/debug/app.wasm`;
const dump = readFileSync(`${demo}/app.coredump`);

/** Counts what is read of each file. */
class CountingHost extends NodeHost {
  private readonly opened: ByteSource[] = [];

  override async open(path: string): Promise<ByteSource> {
    const source = await super.open(path);
    this.opened.push(source);
    return source;
  }

  bytesRead(path: string): number {
    const read = this.opened.filter(({ name }) => name === path) as PagedSource[];
    return read.reduce((sum, { counters }) => sum + counters.bytesRead, 0);
  }
}

describe("the page of a dump", () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  const written = (name: string, bytes: Uint8Array): string => {
    writeFileSync(file(name), bytes);
    return file(name);
  };
  const said = async (coreFile: string, args: { program?: string } = { program }): Promise<string> =>
    (await crashPage({ coreFile, ...args }, new NodeHost(), [])).body;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-page-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("opens a gigabyte's dump by reading less than a megabyte of it, and says as much as of the small one", async () => {
    const coreFile = file("large.coredump");
    writeLargeDump(coreFile, dump, 0x20000, 16384);
    assert.ok(statSync(coreFile).size > 1e9);
    const host = new CountingHost();
    assert.equal((await inspect(coreFile, host)).kind, "dump");
    const { body } = await crashPage({ coreFile, program }, host, []);
    assert.match(body, /<h1>attempt to subtract with overflow<\/h1>/);
    assert.match(body, /<th scope="row">value<\/th><td class="type">usize<\/td><td class="value">3<\/td>/);
    assert.match(body, /1 GiB in all; the dump holds 1 GiB/);
    const read = host.bytesRead(coreFile);
    assert.ok(read > 1000 && read < 1e6, `${read} bytes were read`);
  });

  it("opens one that is compressed", async () => {
    assert.match(await said(written("app.coredump.gz", gzipSync(dump))), /attempt to subtract with overflow/);
  });

  it("shows what is left of one that was cut off, and says so", async () => {
    const page = await said(written("cut.coredump", dump.subarray(0, dump.length - 4000)));
    assert.match(page, /<h1>the core dump has no frames<\/h1>/);
    assert.doesNotMatch(page, /<p class="trap">/, "what the title says already");
    assert.match(page, /class="warnings"[^>]*>.*The file is truncated: copy or download it again/s);
    assert.match(page, /128 KiB in all; the dump holds 14 KiB, the rest is not in the dump/);
  });

  it("says of an empty file, of half a compressed one, and of another kind of file what they are", async () => {
    const alone = (name: string, bytes: Uint8Array) => said(written(name, bytes), {});
    assert.match(
      await alone("empty.coredump", new Uint8Array()),
      /<p class="detail">empty\.coredump is empty/,
    );
    assert.match(
      await alone("half.coredump.gz", gzipSync(dump).subarray(0, 3000)),
      /<p class="detail">half\.coredump\.gz is compressed with gzip and cannot be unpacked/,
    );
    assert.match(
      await alone("text.coredump", Buffer.from("no dump at all")),
      /<p class="detail">text\.coredump is not WebAssembly/,
    );
    assert.match(await said(program, {}), /app\.wasm is a WebAssembly module, not a core dump/);
    assert.match(await said(file("gone.coredump"), {}), /gone\.coredump does not exist/);
  });
});
