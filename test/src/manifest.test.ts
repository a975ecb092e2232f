/** What the extension promises wherever it is installed: what it logs, where it runs, and whose menus it adds to. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";

const ROOT = join(__dirname, "../..");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

describe("the extension", () => {
  it("logs nothing, so no value of a crash gets into a log", () => {
    const logging =
      /\bconsole\.(log|warn|error|info|debug|trace)\b|createOutputChannel|createTelemetryLogger/;
    for (const room of ["src", "adapter", "engine", "host"])
      for (const name of readdirSync(join(ROOT, room), { recursive: true }) as string[])
        if (name.endsWith(".ts"))
          assert.doesNotMatch(readFileSync(join(ROOT, room, name), "utf8"), logging, join(room, name));
  });

  it("works in workspaces that are not trusted, without the one setting that names servers, and in virtual ones", () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.equal(untrustedWorkspaces.supported, "limited");
    assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, ["wasm-postmortem.buckets"]);
    assert.equal(virtualWorkspaces, true);
  });

  it("adds to menus and keys of debugging for sessions of its own alone", () => {
    const { menus, keybindings } = manifest.contributes;
    const inDebugging = Object.entries<{ when?: string }[]>(menus)
      .filter(([place]) => place.startsWith("debug/"))
      .flatMap(([, items]) => items);
    const keys = keybindings.filter(({ key }: { key: string }) => /f1[01]$/.test(key));
    assert.ok(inDebugging.length > 0 && keys.length === 3);
    for (const { when } of [...inDebugging, ...keys])
      assert.match(when ?? "", /debugType == 'wasm-coredump'/);
  });

  it("documents every setting, and offers four steps to begin with", () => {
    const { configuration, walkthroughs } = manifest.contributes;
    for (const [name, setting] of Object.entries<{ markdownDescription?: string }>(configuration.properties))
      assert.match(setting.markdownDescription ?? "", /^%setting\./, name);
    assert.equal(walkthroughs[0].steps.length, 4);
    const commands = new Set(
      manifest.contributes.commands.map(({ command }: { command: string }) => command),
    );
    for (const { completionEvents } of walkthroughs[0].steps)
      for (const event of completionEvents as string[]) {
        const command = event.replace("onCommand:", "");
        assert.ok(command.startsWith("workbench.") || commands.has(command), command);
      }
  });
});
