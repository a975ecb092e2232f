/**
 * Crashes in a bucket, in the real VS Code: from a workspace that has nothing but sources to the crash line. The bucket
 * is R2 in the real workerd, over S3 from miniflare, which verifies every signature, or as `wrangler dev` left it.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "mocha";
import type { Locator } from "playwright-core";
import { besideKey } from "../../r2/layout";
import { keys } from "../r2/support/local-s3";
import { CrashesView, dumpKey, name, onlySources, startCrashBucket } from "./support/crash-bucket";
import { inEachVsCode } from "./support/stage";
import { isGone, isShown, until } from "./support/waiting";
import type { Workbench } from "./support/workbench";

inEachVsCode("Crashes in a bucket", (stage) => {
  it("are listed once credentials are given, and one click stands at the crash line", async () => {
    const { s3, bucket } = await startCrashBucket();
    try {
      const settings = { "wasm-postmortem.buckets": [{ name, endpoint: s3.endpoint }] };
      const workbench = await stage().newWindow((folder) => onlySources(folder, settings));
      const view = new CrashesView(workbench);
      await view.show();
      await workbench.button("Set Credentials for R2").waitFor();
      await view.giveKeys("0".repeat(64));
      await view.row("were not accepted").waitFor();
      await view.giveKeys(keys.secretAccessKey);
      await view.open();
      await view.row("no dump kept").waitFor();
      await stage().screenshot("crashes of a bucket");
      await view.row(/kB/).click();
      await workbench.standsAt(/value - 10/);
      await workbench.exceptionWidget.waitFor();
      await stage().screenshot("crash line of a bucket's dump");
      await workbench.stopDebugging();

      await workbench.press("Filter…", workbench.quickInputTitled("Filter Crashes"));
      await workbench.answer("Words of the reason", "another reason");
      await view.row("No crashes").waitFor();
      await workbench.press("Show All Crashes", view.row("no dump kept"));

      await workbench.chooseInMenu(view.row("no dump kept"), "Delete from Bucket…");
      await workbench.dialog.filter({ hasText: "Delete this crash from bucket crashes?" }).waitFor();
      await confirm(workbench, "Delete", view.row("2 crashes"));
      const { objects } = await bucket.list({ prefix: "coredumps/" });
      const left = [7, 9].map(dumpKey).flatMap((key) => [key, besideKey(key, "json")]);
      assert.deepEqual(
        objects.map(({ key }) => key),
        left,
      );
    } finally {
      await s3.dispose();
    }
  });

  it("of wrangler dev open by a launch configuration, from the palette and by a link", async () => {
    const workbench = await stage().newWindow(async (folder) => {
      await onlySources(folder, {});
      const { s3 } = await startCrashBucket(join(folder, ".wrangler", "state", "v3", "r2"));
      await s3.dispose();
      const configuration = { name: "app", r2_buckets: [{ binding: "CRASHES", bucket_name: name }] };
      await writeFile(join(folder, "wrangler.jsonc"), `// Of the app.\n${JSON.stringify(configuration)}`);
    });
    const view = new CrashesView(workbench);
    await view.show();
    await view.row("local, of wrangler dev").waitFor();
    const stands = async (): Promise<void> => {
      await workbench.standsAt(/value - 10/);
      await workbench.stopDebugging();
      await workbench.runCommand("View: Close All Editors");
    };

    await view.open();
    await workbench.chooseInMenu(view.row("attempt to subtract"), "Open Crash Page");
    await workbench.webview.locator(".source .crash", { hasText: "value - 10" }).waitFor();
    await workbench.runCommand("View: Close All Editors");

    await workbench.page.keyboard.press("Control+Shift+D");
    await workbench.startUntil(workbench.debugToolbar);
    await stands();

    await workbench.runCommand("Wasm: Fetch Core Dump from R2…");
    await workbench.pick("local, of wrangler dev");
    await workbench.pick("attempt to subtract with overflow");
    await stands();

    const follow = async (bucket: string, effect: Locator): Promise<void> => {
      await workbench.runCommand("Open URL");
      const key = encodeURIComponent(dumpKey(7));
      await workbench.answer(
        "URL to open",
        `vscode://wasm-postmortem.wasm-postmortem/open?bucket=${bucket}&key=${key}`,
      );
      await confirm(workbench, "Open", effect);
    };
    await follow(name, workbench.debugToolbar);
    await stands();
    const question = workbench.dialog.filter({ hasText: "Fetch a core dump from bucket other-bucket?" });
    await follow("other-bucket", question);
    await stage().screenshot("link to another bucket");
    await until(isGone(question), () => workbench.page.keyboard.press("Escape"));
  });
});

/** Presses a button of the dialog that stands, until its effect shows. */
async function confirm({ dialog }: Workbench, title: string, effect: Locator): Promise<void> {
  const button = dialog.getByRole("button", { name: title, exact: true });
  await button.waitFor();
  await until(isShown(effect), () => button.click({ timeout: 2000 }));
}
