/** The adapter in another editor than VS Code: Emacs with dap-mode, as Debian packages them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";

describe("Emacs with dap-mode", function () {
  this.timeout(120_000);

  it("stands at the crash line, and its console computes and takes commands", () => {
    const { error } = spawnSync("emacs", ["--version"]);
    assert.equal(error, undefined, "emacs is missing: install emacs-nox and elpa-dap-mode");
    const state = mkdtempSync(join(tmpdir(), "wasm-postmortem-emacs-"));
    try {
      const emacs = spawnSync("emacs", ["--batch", "--load", join(__dirname, "dap-mode.el")], {
        encoding: "utf8",
        env: { ...process.env, PROJECT: join(__dirname, "../.."), STATE: state },
        timeout: 100_000,
      });
      assert.equal(emacs.stdout, "app::calculate 8 in src/main.rs:8\n6\nvalue = 3\n", emacs.stderr);
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  });
});
