/** What the user reads when a file is not what it should be, and how the editor offers a way out. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { openBrowser } from "./support/browser";
import { copyDemo, type DemoWorkspace, packedExtension } from "./support/demo";
import { Server } from "./support/server";
import { versions } from "./support/versions";
import { Workbench } from "./support/workbench";

const preamble = Buffer.from("\0asm\u0001\0\0\0", "latin1");

/** A custom section as it stands at a file's end. */
function customSection(name: string, contents: Buffer | string): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from(contents)]);
  return Buffer.concat([Buffer.from([0, (body.length & 0x7f) | 0x80, body.length >> 7]), body]);
}

for (const code of versions) {
  describe(`Messages in ${code.name}`, () => {
    let browser: Browser;
    let server: Server;
    let demo: DemoWorkspace;
    let workbench: Workbench | undefined;
    let dump: string;
    let module: string;

    before(async () => {
      browser = await openBrowser();
      server = await Server.start(code, packedExtension);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });
    beforeEach(async () => {
      demo = await copyDemo();
      dump = join(demo.folder, "app.coredump");
      module = join(demo.folder, "target", "wasm32-wasip1", "debug", "app.wasm");
    });
    afterEach(async function () {
      await workbench?.screenshot(`${code.name} ${this.currentTest?.title}`);
      await workbench?.close();
      workbench = undefined;
      await demo.remove();
    });

    async function debugFromExplorer(file = "app.coredump"): Promise<Workbench> {
      workbench = await Workbench.open(browser, server.origin, demo.folder);
      await workbench.debugFromExplorer(file);
      return workbench;
    }

    it("a dump that is none is named, with what is wrong, and another can be chosen", async () => {
      await writeFile(join(demo.folder, "broken.coredump"), "this is text");
      const { notifications, page } = await debugFromExplorer("broken.coredump");
      await notifications.filter({ hasText: "This core dump cannot be opened" }).waitFor();
      await page.getByRole("button", { name: "Choose Core Dump…" }).click();
      await page.locator(".quick-input-widget", { hasText: "Which core dump?" }).waitFor();
    });

    it("a module in the place of a dump is recognised", async () => {
      await writeFile(join(demo.folder, "module.coredump"), preamble);
      const { notifications } = await debugFromExplorer("module.coredump");
      await notifications.filter({ hasText: "is a WebAssembly module, not a core dump" }).waitFor();
    });

    it("a dump whose module is missing says so", async () => {
      await rm(module);
      const { notifications, page } = await debugFromExplorer();
      await notifications.filter({ hasText: "is not in this workspace" }).waitFor();
      await page.getByRole("button", { name: "Choose Module…" }).waitFor();
    });

    it("a module without debug information is opened with a warning", async () => {
      await writeFile(module, withoutDebugInformation(await readFile(module)));
      const { notifications, debugToolbar } = await debugFromExplorer();
      await notifications.filter({ hasText: "has no debug information" }).waitFor();
      await debugToolbar.waitFor();
    });

    it("a module of another build is not opened before the user agrees", async () => {
      const id = customSection("build_id", Buffer.from([2, 0xaa, 0xbb]));
      await writeFile(module, Buffer.concat([await readFile(module), id]));
      const notes = customSection("wasm-postmortem.notes", JSON.stringify({ buildId: "ccdd" }));
      await writeFile(dump, Buffer.concat([preamble, notes, (await readFile(dump)).subarray(8)]));
      const { notifications, page, debugToolbar } = await debugFromExplorer();
      await notifications.filter({ hasText: "is of another build" }).waitFor();
      await page.getByRole("button", { name: "Debug Anyway" }).click();
      await debugToolbar.waitFor();
    });

    it("a launch.json that names a missing dump says which", async () => {
      await mkdir(join(demo.folder, ".vscode"));
      const configuration = {
        type: "wasm-coredump",
        request: "launch",
        name: "Debug Wasm core dump",
        coreFile: "gone.coredump",
      };
      const launch = JSON.stringify({ version: "0.2.0", configurations: [configuration] });
      await writeFile(join(demo.folder, ".vscode", "launch.json"), launch);
      workbench = await Workbench.open(browser, server.origin, demo.folder);
      await workbench.startUntil(
        workbench.notifications.filter({ hasText: "gone.coredump does not exist" }).first(),
      );
    });

    it("several dumps are offered to choose from", async () => {
      await writeFile(join(demo.folder, "other.coredump"), await readFile(dump));
      workbench = await Workbench.open(browser, server.origin, demo.folder);
      await workbench.showRunView();
      await workbench.pressF5();
      await workbench.quickInputRow("other.coredump").first().click();
      await workbench.debugToolbar.waitFor();
    });
  });
}

/** The module with its sections renamed that DWARF lives in, so that nobody finds them. */
function withoutDebugInformation(module: Buffer): Buffer {
  return Buffer.from(module.toString("latin1").replaceAll(".debug_", ".hidden"), "latin1");
}
