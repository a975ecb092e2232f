/** A bucket with crashes of the demo, as the service leaves them, and a workspace that has none of its files. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import type { Bucket } from "../../../r2/bucket";
import { connect } from "../../../r2/connect";
import { besideKey, crashKey, debugFileKey } from "../../../r2/layout";
import { keys, type LocalS3, startLocalS3 } from "../../r2/support/local-s3";
import { record } from "../../src/support/crash-record";
import { repository } from "./versions";
import { isShown, until } from "./waiting";
import type { Workbench } from "./workbench";

/** The bucket's name. */
export const name = "crashes";

const demo = join(repository, "examples", "rust-classic");
/** Of the demo's module, as its build_id section has it. */
const buildId = "674525e4117c5be1871d1015e3fe64ab";

/** The key of a dump, and without `.coredump` of its record. */
export const dumpKey = (minute: number): string =>
  crashKey(
    {
      buildId,
      fingerprint: "0123456789abcdef",
      time: new Date(Date.UTC(2026, 0, 2, 3, minute)),
      ray: `ray${minute}`,
    },
    "coredump",
  );

/**
 * Three crashes, of the second of which no dump was kept.
 * @param persist folder of miniflare's state; in memory when left out
 */
export async function startCrashBucket(
  persist?: string,
): Promise<{ readonly s3: LocalS3; readonly bucket: Bucket }> {
  const s3 = await startLocalS3(name, persist);
  const bucket = await connect({ name, endpoint: s3.endpoint }, { kind: "keys", ...keys });
  const put = async (key: string, file: string): Promise<void> =>
    bucket.put(key, new Blob([await readFile(join(demo, file))]));
  await put(debugFileKey(buildId), "target/wasm32-wasip1/debug/app.wasm");
  const stack = [{ function: "app::calculate", path: "/build/src/main.rs", line: 8, column: 5 }];
  const text = JSON.stringify(record({ title: "attempt to subtract with overflow", stack }));
  for (const minute of [7, 8, 9]) {
    if (minute !== 8) await put(dumpKey(minute), "app.coredump");
    await bucket.put(besideKey(dumpKey(minute), "json"), new Blob([text]));
  }
  return { s3, bucket };
}

/** Leaves the sources alone, with these settings and a launch configuration that names a dump in the bucket. */
export async function onlySources(folder: string, settings: object): Promise<void> {
  for (const file of ["app.coredump", "target"]) await rm(join(folder, file), { recursive: true });
  await mkdir(join(folder, ".vscode"));
  const launch = {
    type: "wasm-coredump",
    request: "launch",
    name: "From R2",
    coreFile: `r2://${name}/${dumpKey(9)}`,
  };
  const write = (file: string, content: object): Promise<void> =>
    writeFile(join(folder, ".vscode", file), JSON.stringify(content));
  await write("settings.json", settings);
  await write("launch.json", { version: "0.2.0", configurations: [launch] });
}

/** The view "Wasm Crashes". */
export class CrashesView {
  constructor(private readonly workbench: Workbench) {}

  async show(): Promise<void> {
    const { page } = this.workbench;
    const icon = page.locator(".activitybar .action-item", {
      has: page.locator("[aria-label*='Wasm Crashes']"),
    });
    await icon.first().waitFor({ timeout: 30_000 });
    const title = page.locator(".sidebar .composite.title", { hasText: "Wasm Crashes" });
    await until(isShown(title), () => icon.first().click());
  }

  async giveKeys(secret: string): Promise<void> {
    await this.workbench.runCommand("Wasm: Set Credentials for R2…");
    await this.workbench.pick("Access key of an R2 API token");
    await this.workbench.answer("Access key id", keys.accessKeyId);
    await this.workbench.answer("Secret access key", secret);
    await this.workbench.answer("Account id", "");
  }

  row(text: string | RegExp): Locator {
    return this.workbench.page.locator(".sidebar .monaco-list-row", { hasText: text }).first();
  }

  /** Opens the build and its only group of equal crashes. */
  async open(): Promise<void> {
    await this.workbench.expand(this.row("app.wasm 674525e4"));
    await this.workbench.expand(this.row("attempt to subtract with overflow"));
  }
}
