/**
 * The whole way on Cloudflare in the real VS Code: the example's Worker crashes in workerd, the service keeps the dump in
 * R2, and a workspace that has nothing but sources gets to the crash line. R2 is reached over S3 from miniflare, which
 * verifies every signature, and as `wrangler dev` leaves it on the disk.
 */
import assert from "node:assert/strict";
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "mocha";
import type { Locator } from "playwright-core";
import { readCrashKey } from "../../r2/layout";
import { startExample } from "../../scripts/example-cloudflare.mjs";
import { loopback } from "../r2/support/loopback";
import { CrashesView, exampleBuild } from "./support/crashes-view";
import { faultyBucket } from "./support/faulty-bucket";
import { inEachVsCode } from "./support/stage";
import { repository, versions } from "./support/versions";
import { eventually, isGone, isShown, until } from "./support/waiting";
import type { Workbench } from "./support/workbench";

const source = join(repository, "examples", "worker-rust", "src");
/** Of the crash, as the example's source has it. */
const line = /crash\shere/;
const reason = "index out of bounds: the len is 3 but the index is 7";
/** The beginning of the example's build id. */
const build = exampleBuild();

/** Leaves the example's sources alone. */
async function onlySources(folder: string): Promise<void> {
  for (const file of ["app.coredump", "target", "src"]) await rm(join(folder, file), { recursive: true });
  await cp(source, join(folder, "src"), { recursive: true });
  await mkdir(join(folder, ".vscode"));
}

/** Names buckets in the workspace's settings. */
async function setBuckets(folder: string, buckets: readonly object[]): Promise<void> {
  const settings = JSON.stringify({ "wasm-postmortem.buckets": buckets });
  await writeFile(join(folder, ".vscode", "settings.json"), settings);
}

/** The palette's command, and what is picked after it. */
async function fetchFrom(workbench: Workbench, ...picks: readonly string[]): Promise<void> {
  await workbench.runCommand("Wasm: Fetch Core Dump from R2…");
  for (const text of picks) await workbench.pick(text);
}

inEachVsCode("Crashes in a bucket", (stage, code) => {
  it("of a Worker are listed once credentials are given, and one click stands at the crash line", async () => {
    const example = await startExample("worker-rust");
    try {
      for (let count = 0; count < 2; count++) await example.crash();
      const { endpoint, accessKeyId, secretAccessKey } = example.s3;
      const workbench = await stage().newWindow(async (folder) => {
        await onlySources(folder);
        await setBuckets(folder, [{ name: example.bucket, endpoint }]);
      });
      const view = new CrashesView(workbench);
      await view.show();
      await workbench.button("Set Credentials for R2").waitFor();
      await view.giveKeys(accessKeyId, secretAccessKey);
      await view.open(build, reason);
      await view.row(/kB$/).waitFor();
      await stage().screenshot("crashes of a bucket");
      await view.row(/kB$/).click();
      await workbench.standsAt(line);
      await workbench.exceptionWidget.filter({ hasText: reason }).waitFor();
      await stage().screenshot("crash line of a bucket's dump");
      await workbench.stopDebugging();

      await view.show();
      await view.press("Filter…", workbench.quickInputTitled("Filter Crashes"));
      await workbench.answer("Words of the reason", "another reason");
      await view.row("No crashes").waitFor();
      await stage().screenshot("filtered");
      await view.press("Show All Crashes", view.row(build));
      await view.open(build, reason);

      await workbench.chooseInMenu(view.row(/kB$/), "Delete from Bucket…");
      await workbench.dialog
        .filter({ hasText: `Delete this crash from bucket ${example.bucket}?` })
        .waitFor();
      await stage().screenshot("delete asks");
      await confirm(workbench, "Delete", view.row("1 crash"));
      const kept = (await example.keys()).flatMap((key) => readCrashKey(key)?.file ?? []);
      assert.deepEqual(kept.toSorted(), ["coredump", "json"]);

      await example.crash();
      await view.press("Refresh", view.row("2 crashes"));
    } finally {
      await example.stop();
    }
  });

  // What is said does not depend on the editor's version.
  if (code === versions.at(-1))
    it("that cannot be reached, listed or fetched say why, and nothing half is opened", async () => {
      const example = await startExample("worker-rust");
      const nowhere = await loopback(() => {});
      await nowhere.close();
      await example.crash();
      const faulty = await faultyBucket(example);
      const half = Math.floor(faulty.size / 2);
      try {
        const { endpoint, accessKeyId, secretAccessKey } = example.s3;
        const workbench = await stage().newWindow(async (folder) => {
          await onlySources(folder);
          await setBuckets(folder, [
            { name: example.bucket, endpoint },
            { name: "no-such-bucket", endpoint },
            { name: "unreachable", endpoint: nowhere.url },
            { name: "faulty", endpoint: faulty.url },
          ]);
        });
        const view = new CrashesView(workbench);
        const says = (text: string | RegExp): Promise<void> =>
          workbench.notifications.filter({ hasText: text }).first().waitFor();
        const isWhole = (name: string): boolean => /\.(coredump|wasm)$/.test(name);
        const before = (await stage().fetchedFiles()).filter(isWhole);
        const nothingIsOpen = async (): Promise<void> => {
          assert.ok(await workbench.debugToolbar.isHidden());
          assert.ok(await workbench.page.locator(".editor-group-container .tab").first().isHidden());
          assert.deepEqual((await stage().fetchedFiles()).filter(isWhole), before);
        };
        await view.show();
        await view.giveKeys(accessKeyId, "no-secret-of-this-bucket");
        await fetchFrom(workbench, example.bucket);
        await says(
          "were not accepted: the secret is not that of the key id. Check the key id and the secret",
        );
        await workbench.button("Set Credentials…").waitFor();
        await view.row("were not accepted").waitFor();
        await stage().screenshot("wrong credentials");
        await workbench.clearNotifications();
        await view.giveKeys(accessKeyId, secretAccessKey);
        await view.row("There is no bucket no-such-bucket").waitFor();
        await view.row("was not reached").waitFor();
        await fetchFrom(workbench, "no-such-bucket");
        await says(/There is no bucket no-such-bucket .*Check its name, the account, and the jurisdiction/);
        await stage().screenshot("missing bucket");
        await fetchFrom(workbench, "unreachable");
        await says(/was not reached: .*ECONNREFUSED.*Check the network, a proxy, and the endpoint/);
        await stage().screenshot("no network");
        await workbench.clearNotifications();

        faulty.fault = { cutAt: half, end: "silence" };
        await fetchFrom(workbench, "faulty", reason);
        const progress = workbench.notifications.filter({ hasText: "Fetching core dump" });
        await progress.filter({ hasText: /\d+ kB of \d+ kB/ }).waitFor();
        await stage().screenshot("fetching");
        await until(isGone(progress), () => workbench.button("Cancel").click({ timeout: 2000 }));
        await nothingIsOpen();

        faulty.fault = { cutAt: half };
        await fetchFrom(workbench, "faulty", reason);
        await says(
          new RegExp(`ended after ${half} of ${faulty.size} bytes of .*Fetch it again: what came is kept`),
        );
        await progress.first().waitFor({ state: "hidden" });
        await stage().screenshot("half a download");
        await nothingIsOpen();

        faulty.fault = {};
        await workbench.press("Try Again", workbench.debugToolbar);
        await workbench.standsAt(line);
        assert.ok(faulty.requests.some(({ headers }) => headers.range === `bytes=${half}-`));
      } finally {
        await faulty.close();
        await example.stop();
      }
    });

  it("of wrangler dev open by their page, launch configurations, the palette and links", async () => {
    let link = "";
    let workspace = "";
    const workbench = await stage().newWindow(async (folder) => {
      workspace = folder;
      await onlySources(folder);
      const example = await startExample("worker-rust", { persist: join(folder, ".wrangler", "state") });
      const { block, key } = await example.crash();
      await example.stop();
      link = /vscode:\/\/\S+/.exec(block)?.[0] ?? "";
      // As a build tool leaves a project: what it made has the bucket, and the state is beside what the user wrote.
      const made = { r2_buckets: [{ binding: "COREDUMPS", bucket_name: example.bucket }] };
      await writeFile(join(folder, "wrangler.jsonc"), '// The service\'s.\n{ "name": "app" }');
      await mkdir(join(folder, "dist"));
      await writeFile(join(folder, "dist", "wrangler.json"), JSON.stringify(made));
      await mkdir(join(folder, ".wrangler", "deploy"));
      const redirect = JSON.stringify({ configPath: "../../dist/wrangler.json" });
      await writeFile(join(folder, ".wrangler", "deploy", "config.json"), redirect);
      const launch = { type: "wasm-coredump", request: "launch", name: "From R2" };
      const coreFile = `r2://${example.bucket}/${key}`;
      const configurations = [{ ...launch, coreFile, local: true }];
      const content = JSON.stringify({ version: "0.2.0", configurations });
      await writeFile(join(folder, ".vscode", "launch.json"), content);
    });
    const view = new CrashesView(workbench);
    await view.show();
    await view.row("local, of wrangler dev").waitFor();
    await view.open(build);
    await workbench.chooseInMenu(view.row(reason), "Open Crash Page");
    await workbench.webview.locator(".source .crash", { hasText: line }).waitFor();
    // The time of the crash, as its key has it.
    await workbench.page.locator(".tab.active", { hasText: /^\d{8}T\d{9}Z-/ }).waitFor();
    await stage().screenshot("page of a bucket's dump");
    await workbench.chooseInMenu(view.row(reason), "Copy Stack");
    await eventually(async () => {
      const stack = await workbench.copied();
      assert.ok(stack.startsWith(`${reason}\n`), stack);
      assert.match(stack, /\n {4}at \S+ \(\S+\.rs:\d+:\d+\)/);
    });
    const stands = async (): Promise<void> => {
      await workbench.standsAt(line);
      await workbench.stopDebugging();
      await workbench.runCommand("View: Close All Editors");
    };

    await workbench.page.keyboard.press("Control+Shift+D");
    await workbench.startUntil(workbench.debugToolbar);
    await stands();

    await fetchFrom(workbench, "local, of wrangler dev", reason);
    await stands();

    const follow = async (url: string, effect: Locator): Promise<void> => {
      await workbench.runCommand("Open URL");
      await workbench.answer("URL to open", url);
      await confirm(workbench, "Open", effect);
    };
    await follow(link, workbench.debugToolbar);
    await stands();
    const question = workbench.dialog.filter({ hasText: "Fetch a core dump from bucket other-bucket?" });
    await follow(link.replace("bucket=coredumps", "bucket=other-bucket"), question);
    await stage().screenshot("link to another bucket");
    await until(isGone(question), () => workbench.page.keyboard.press("Escape"));

    await view.show();
    await workbench.chooseInMenu(view.row(reason), "Save Core Dump and Debug File…");
    await workbench.quickInputTitled("Save Core Dump").waitFor();
    await workbench.page.keyboard.press("Enter");
    await eventually(async () => {
      const files = (await readdir(workspace)).join();
      assert.match(files, /T\d+Z-\w+\.coredump/);
      assert.match(files, new RegExp(`debug-${build}-[\\w-]+\\.wasm`));
    });
  });
});

/** Presses a button of the dialog that stands, until its effect shows. */
async function confirm({ dialog }: Workbench, title: string, effect: Locator): Promise<void> {
  const button = dialog.getByRole("button", { name: title, exact: true });
  await button.waitFor();
  await until(isShown(effect), () => button.click({ timeout: 2000 }));
}
