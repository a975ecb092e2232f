/** Crashes in a bucket in a browser with no server behind VS Code: over `fetch` alone, signed in the page's Worker. */
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { type Example, startExample } from "../../scripts/example-cloudflare.mjs";
import { openBrowser } from "./support/browser";
import { CrashesView, exampleBuild } from "./support/crashes-view";
import { copyDemo, type DemoWorkspace, packedExtension } from "./support/demo";
import { unzip } from "./support/unzip";
import { repository, versions } from "./support/versions";
import { WebServer } from "./support/web-server";
import { Workbench } from "./support/workbench";

for (const code of versions) {
  describe(`Crashes in a bucket in the browser alone, ${code.name}`, function () {
    this.retries(1);
    let demo: DemoWorkspace | undefined;
    let example: Example | undefined;
    let browser: Browser | undefined;
    let server: WebServer | undefined;
    let workbench: Workbench | undefined;

    afterEach(async () => {
      await workbench?.screenshot(`${code.name} web crashes of a bucket`);
      await browser?.close();
      await server?.stop();
      await example?.stop();
      await demo?.remove();
    });

    it("are listed, and one click stands at the crash line", async () => {
      demo = await copyDemo();
      example = await startExample("worker-rust");
      await example.crash();
      const { endpoint, accessKeyId, secretAccessKey } = example.s3;
      await cp(join(repository, "examples", "worker-rust", "src"), join(demo.folder, "src"), {
        recursive: true,
      });
      const settings = { "wasm-postmortem.buckets": [{ name: example.bucket, endpoint }] };
      await mkdir(join(demo.folder, ".vscode"));
      await writeFile(join(demo.folder, ".vscode", "settings.json"), JSON.stringify(settings));
      server = await WebServer.start(code, unzip(await readFile(packedExtension)), demo.folder);
      browser = await openBrowser();
      workbench = await Workbench.open(browser, server.origin);
      const view = new CrashesView(workbench);
      await view.show();
      await view.giveKeys(accessKeyId, secretAccessKey);
      await view.open(exampleBuild(), "index out of bounds");
      await view.row(/kB$/).click();
      await workbench.standsAt(/crash\shere/);
    });
  });
}
