/**
 * The extension in a browser without any server behind VS Code: the web bundle in a Worker, the engine in another, and
 * files that only the editor's file systems reach.
 */
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { openBrowser } from "./support/browser";
import { copyDemo, type DemoWorkspace, packedExtension } from "./support/demo";
import { unzip } from "./support/unzip";
import { versions } from "./support/versions";
import { WebServer } from "./support/web-server";
import { Workbench } from "./support/workbench";

for (const code of versions) {
  describe(`In the browser alone, ${code.name}`, function () {
    this.retries(1);
    let browser: Browser;
    let server: WebServer;
    let demo: DemoWorkspace;
    let workbench: Workbench | undefined;

    before(async () => {
      browser = await openBrowser();
      demo = await copyDemo();
      server = await WebServer.start(code, unzip(await readFile(packedExtension)), demo.folder);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
      await demo?.remove();
    });
    afterEach(async function () {
      await workbench?.screenshot(`${code.name} web ${this.currentTest?.title}`);
      await workbench?.close();
      workbench = undefined;
    });

    async function open(): Promise<Workbench> {
      workbench = await Workbench.open(browser, server.origin);
      return workbench;
    }

    it("stands at the crash line of a dump in a virtual workspace, with its values", async () => {
      const workbench = await open();
      await workbench.debugFromExplorer("app.coredump");
      await workbench.debugToolbar.waitFor({ timeout: 30_000 });
      await workbench.page.keyboard.press("Control+Shift+D");
      await workbench.standsAt(/value - 10/);
      await workbench.variable(/value\s*[:=]\s*3/).waitFor();
      await workbench.line(/value\s-\s10.*value\s=\s3/).waitFor();
    });

    it("F5 alone finds the dump, where the editor has no search", async () => {
      const workbench = await open();
      await workbench.page.keyboard.press("Control+Shift+D");
      await workbench.startUntil(workbench.debugToolbar);
      await workbench.standsAt(/value - 10/);
    });

    it("shows a dump that is clicked as a page", async () => {
      const workbench = await open();
      await workbench.explorerRow("app.coredump").dblclick();
      const title = workbench.webview.locator("h1", { hasText: "attempt to subtract with overflow" });
      await title.waitFor({ timeout: 30_000 });
      await workbench.webview.locator("tr.crash", { hasText: "calculate" }).waitFor();
    });

    it("opens the sample crash that comes with the extension, and finds in its memory", async () => {
      const workbench = await open();
      await workbench.runCommand("Wasm: Open the Sample Crash");
      await workbench.standsAt(/crash here/);
      await workbench.runCommand("Wasm: Find in Memory…");
      await workbench.pick("Text");
      await workbench.answer("The text, as UTF-8", "hello");
      await workbench.pick("compounds: word");
      await workbench.line(/68\s65\s6c\s6c\s6f.*hello/).waitFor();
    });
  });
}
