import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, describe, it } from "mocha";
import { openPlain } from "../../host/decompress";
import { HostError } from "../../host/host";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { dumpPath, fixture, modulePath } from "../fixtures";

const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
const host = new NodeHost();
const classic = fixture("rust-classic");
const dump = readFileSync(dumpPath(classic));

/** The dump as the program of this name packs it. */
function packed(program: string, ...options: string[]): string {
  const path = join(folder, `dump.${program}`);
  writeFileSync(
    path,
    execFileSync(program, [...options, "--stdout", dumpPath(classic)], { maxBuffer: 1 << 28 }),
  );
  return path;
}

describe("a compressed dump", () => {
  after(() => {
    host.close();
    rmSync(folder, { recursive: true });
  });

  for (const [program, ...options] of [["gzip"], ["xz"], ["zstd"], ["zstd", "-19"]] as const) {
    it(`has the bytes that ${[program, ...options].join(" ")} packed`, async () => {
      const source = await openPlain(packed(program, ...options), host);
      assert.ok(Buffer.from(source.read(0, source.size)).equals(dump));
    });
  }

  it("opens as a crash, and its module too", async () => {
    const module = join(folder, "app.wasm.gz");
    writeFileSync(module, gzipSync(readFileSync(modulePath(classic))));
    const crash = await openCrash({ coreFile: packed("zstd"), program: module }, host);
    assert.equal(crash.reason.title, "attempt to subtract with overflow");
  });

  for (const program of ["gzip", "xz", "zstd"]) {
    it(`is called damaged when ${program}'s end is missing`, async () => {
      const cut = join(folder, "cut");
      const whole = readFileSync(packed(program));
      writeFileSync(cut, whole.subarray(0, whole.length >> 1));
      await assert.rejects(openPlain(cut, host), (error) => {
        assert.ok(error instanceof HostError);
        assert.match(error.message, new RegExp(`is compressed with ${program} and cannot be unpacked`));
        return true;
      });
    });

    it(`that ${program} made small of gigabytes is refused before they are there`, async () => {
      const zeros = join(folder, "zeros");
      writeFileSync(zeros, Buffer.alloc(64 << 20));
      const bomb = join(folder, "bomb");
      writeFileSync(bomb, execFileSync(program, ["--stdout", zeros], { maxBuffer: 1 << 28 }));
      await assert.rejects(openPlain(bomb, host, 1 << 20), /unpacks to more than 1048576 bytes/);
    });
  }
});
