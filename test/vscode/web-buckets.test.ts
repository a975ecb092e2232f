/** Crashes in a bucket in a browser with no server behind VS Code: over `fetch` alone, signed in the page's Worker. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "mocha";
import { startExample } from "../../scripts/example-cloudflare.mjs";
import { openBrowser } from "./support/browser";
import { CrashesView } from "./support/crashes-view";
import { packedExtension } from "./support/demo";
import { unzip } from "./support/unzip";
import { repository, versions } from "./support/versions";
import { WebServer } from "./support/web-server";
import { Workbench } from "./support/workbench";

for (const code of versions) {
  describe(`Crashes in a bucket in the browser alone, ${code.name}`, function () {
    this.retries(1);

    it("are listed, and one click stands at the crash line", async () => {
      const browser = await openBrowser();
      const example = await startExample("worker-rust");
      const state = join(repository, "test", "vscode", ".state");
      await mkdir(state, { recursive: true });
      const folder = await mkdtemp(join(state, "workspace-"));
      await mkdir(join(folder, ".vscode"));
      await cp(join(repository, "examples", "worker-rust", "src"), join(folder, "src"), { recursive: true });
      const { endpoint, accessKeyId, secretAccessKey } = example.s3;
      const settings = { "wasm-postmortem.buckets": [{ name: example.bucket, endpoint }] };
      await writeFile(join(folder, ".vscode", "settings.json"), JSON.stringify(settings));
      const server = await WebServer.start(code, unzip(await readFile(packedExtension)), folder);
      try {
        await example.crash();
        const workbench = await Workbench.open(browser, server.origin);
        const view = new CrashesView(workbench);
        try {
          await view.show();
          await view.giveKeys(accessKeyId, secretAccessKey);
          await view.open("049e34bd", "index out of bounds");
          await view.row(/kB$/).click();
          await workbench.standsAt(/crash\shere/);
        } finally {
          await workbench.screenshot(`${code.name} web crashes of a bucket`);
          await workbench.close();
        }
      } finally {
        await browser.close();
        await server.stop();
        await example.stop();
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
}
