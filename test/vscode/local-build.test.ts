/** A dump from elsewhere, opened with a build of this workspace: checked, explained, and asked about once. */
import assert from "node:assert/strict";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { it } from "mocha";
import { CrashesView } from "./support/crashes-view";
import { inEachVsCode } from "./support/stage";
import type { Workbench } from "./support/workbench";

/** Of the demo's module and dump. */
const buildId = "674525e4117c5be1871d1015e3fe64ab";

inEachVsCode("Open Core Dump with Local Build", (stage) => {
  /** The command and the dump in its list, in a workspace that was changed first. */
  async function openDump(prepare: (folder: string) => Promise<void>): Promise<Workbench> {
    const workbench = await stage().newWindow(prepare);
    await workbench.showRunView();
    await workbench.runCommand("Wasm: Open Core Dump with Local Build…");
    await workbench.quickInputTitled("Which core dump?").waitFor();
    await workbench.pick("app.coredump");
    await workbench.quickInputTitled("Which Wasm module made").waitFor();
    return workbench;
  }

  /** Makes a build with another id of the module. */
  async function rebuild(folder: string): Promise<Buffer> {
    const module = join(folder, "target", "wasm32-wasip1", "debug", "app.wasm");
    const deployed = await readFile(module);
    const stale = Buffer.from(deployed);
    stale.set([0xaa, 0xbb], stale.indexOf(Buffer.from(buildId, "hex")));
    await writeFile(module, stale);
    return deployed;
  }

  it("asks once where the build machine's sources are, and remembers", async () => {
    let workspace = "";
    const workbench = await openDump(async (folder) => {
      workspace = folder;
      const moved = join(folder, "services", "app", "src");
      await mkdir(dirname(moved), { recursive: true });
      await rename(join(folder, "src"), moved);
    });
    await workbench.pick("app.wasm");
    await workbench.quickInputTitled("Where are the sources of /build/src?").waitFor();
    await stage().screenshot("local build sources");
    await workbench.pick("services/app");
    await workbench.standsAt(/value - 10/);
    await workbench.stopDebugging();
    await workbench.startDebugging();
    await workbench.standsAt(/value - 10/);
    // Nothing here names a bucket, so nothing is to be seen of buckets.
    assert.ok(await new CrashesView(workbench).icon.isHidden());
    await workbench.stopDebugging();
    // What was remembered is of the build that there was.
    await rebuild(workspace);
    await workbench.startUntil(workbench.dialog.filter({ hasText: "is of another build" }));
  });

  it("explains a module of another build, and takes the one that crashed", async () => {
    const workbench = await openDump(async (folder) => {
      await writeFile(join(folder, "deployed.wasm"), await rebuild(folder));
    });
    await workbench.pick("another build: aabb25e4");
    await workbench.dialog.filter({ hasText: "may be wrong and look right" }).waitFor();
    await stage().screenshot("local build mismatch");
    await workbench.press("Choose Module…", workbench.quickInputTitled("Which Wasm module made"));
    await workbench.pick(`the build that crashed: ${buildId}`);
    await workbench.standsAt(/value - 10/);
  });
});
