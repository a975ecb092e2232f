/** Bundles start faster the second time, and start in any case. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { runCached } from "../../host/code-cache";

/** What a process that ends does. */
const end = (): void => {
  for (const listener of process.listeners("exit").filter((listener) => !before.includes(listener))) {
    process.off("exit", listener);
    listener(0);
  }
};
let before: ((code: number) => void)[];

describe("a bundle's code cache", () => {
  let folder: string;
  let bundle: string;
  const seen = globalThis as unknown as { codeCacheTest?: unknown };
  beforeEach(() => {
    before = process.listeners("exit") as typeof before;
    folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-cache-"));
    bundle = join(folder, "sum-main.js");
    const lines = Array.from({ length: 500 }, (_, i) => `function f${i}(x) { return x + ${i}; }`);
    const run =
      "globalThis.codeCacheTest = [f7(1), typeof require('node:fs').existsSync, __filename, __dirname];";
    writeFileSync(bundle, `${lines.join("\n")}\n${run} // a`);
  });
  afterEach(() => {
    end();
    rmSync(folder, { recursive: true });
    delete seen.codeCacheTest;
  });

  const start = (build: string, caches = join(folder, "caches")): void => {
    delete seen.codeCacheTest;
    runCached(bundle, build, caches);
    assert.deepEqual(seen.codeCacheTest, [8, "function", bundle, folder]);
    end();
  };
  const kept = (): string[] => readdirSync(join(folder, "caches"));

  it("is kept by the first start, and taken as it is by the second", () => {
    start("one");
    const [file] = kept();
    const path = join(folder, "caches", file!);
    const { mtimeMs } = statSync(path);
    start("one");
    assert.deepEqual(kept(), [file]);
    assert.equal(statSync(path).mtimeMs, mtimeMs);
  });

  it("is made anew where it is damaged, and the bundle starts all the same", () => {
    start("one");
    const path = join(folder, "caches", kept()[0]!);
    const whole = readFileSync(path);
    for (const [length, word] of [
      [100, "b"],
      [0, "c"],
    ] as const) {
      writeFileSync(path, whole.subarray(0, length));
      // V8 remembers texts that this process has compiled, and would not look at the cache.
      writeFileSync(bundle, readFileSync(bundle, "utf8").replace(/\/\/ .$/, `// ${word}`));
      start("one");
      assert.ok(readFileSync(path).length > whole.length / 2);
    }
  });

  it("of another build is not taken, and goes when the new one is kept", () => {
    start("one");
    start("two");
    assert.equal(kept().length, 1);
    assert.match(kept()[0]!, /^sum-main\.two\./);
  });

  it("that cannot be written costs nobody his session", () => {
    const file = join(folder, "no-folder");
    writeFileSync(file, "");
    start("one", join(file, "caches"));
    chmodSync(file, 0o400);
    start("one", join(file, "caches"));
  });
});
