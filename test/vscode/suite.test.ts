/** Runs the suite of suite/ inside the extension host of each VS Code, on the extension as it was built. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { format } from "node:util";
import { describe, it } from "mocha";
import { openBrowser } from "./support/browser";
import { copyDemo } from "./support/demo";
import { Server } from "./support/server";
import { repository, versions } from "./support/versions";

for (const code of versions) {
  describe(`Inside the extension host of ${code.name}`, () => {
    it("the suite passes", async () => {
      const server = await Server.start(code);
      const browser = await openBrowser();
      const demo = await copyDemo();
      try {
        const page = await browser.newPage();
        const log: string[] = [];
        await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) =>
          log.push(format(...args)),
        );
        const result = new Promise<number>((resolve) => {
          void page.exposeFunction("codeAutomationExit", resolve);
        });
        const remote = (path: string) => `vscode-remote://${new URL(server.origin).host}${path}`;
        const payload = JSON.stringify([
          ["extensionDevelopmentPath", remote(repository)],
          ["extensionTestsPath", remote(join(repository, "test", "vscode", ".state", "suite"))],
          ["skipWelcome", "true"],
        ]);
        const query = `folder=${encodeURIComponent(demo.folder)}&payload=${encodeURIComponent(payload)}`;
        await page.goto(`${server.origin}/?${query}`);
        const code = await result;
        assert.equal(code, 0, log.join("\n"));
        assert.match(log.join("\n"), /suite: [1-9]\d* passed, 0 failed/);
      } finally {
        await browser.close();
        await server.stop();
        await demo.remove();
      }
    });
  });
}
