import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { Descriptors } from "../../host/descriptors";

describe("file descriptors", () => {
  const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const textOf = (read: (offset: number, into: Uint8Array) => number): string => {
    const into = new Uint8Array(16);
    return Buffer.from(into.subarray(0, read(0, into))).toString();
  };

  it("of more files than may be open at a time are opened again when they are read", () => {
    const descriptors = new Descriptors(3);
    const held = Array.from({ length: 10 }, (_, index) =>
      descriptors.hold(file(`many${index}`, `text ${index}`)),
    );
    for (const round of [0, 1])
      held.forEach((one, index) => {
        assert.equal(textOf(one.read), `text ${index}`, `round ${round}`);
        assert.ok(descriptors.count <= 3);
      });
    descriptors.close();
    assert.equal(descriptors.count, 0);
  });

  it("give nothing of a file that has taken the place of the one that was opened", () => {
    const descriptors = new Descriptors(1);
    const first = descriptors.hold(file("first", "first"));
    descriptors.hold(file("second", "second"));
    renameSync(file("new", "other"), join(folder, "first"));
    assert.equal(textOf(first.read), "");
    assert.equal(textOf(descriptors.hold(join(folder, "first")).read), "other");
    descriptors.close();
  });
});
