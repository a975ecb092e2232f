/** The view "Wasm Crashes" as a user drives it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { repository } from "./versions";
import { isShown, until } from "./waiting";
import type { Workbench } from "./workbench";

/** The beginning of the build id of the Rust example's module, by its debug file's name. */
export function exampleBuild(): string {
  const files = readdirSync(join(repository, "examples", "worker-rust", "build")).join();
  return /debug-([0-9a-f]{8})/.exec(files)?.[1] ?? "";
}

export class CrashesView {
  constructor(private readonly workbench: Workbench) {}

  /** In the activity bar. */
  get icon(): Locator {
    const { page } = this.workbench;
    const label = page.locator("[aria-label*='Wasm Crashes']");
    return page.locator(".activitybar .action-item", { has: label }).first();
  }

  async show(): Promise<void> {
    await this.icon.waitFor({ timeout: 30_000 });
    const title = this.workbench.page.locator(".sidebar .composite.title", { hasText: "Wasm Crashes" });
    await until(isShown(title), () => this.icon.click());
  }

  async giveKeys(accessKeyId: string, secret: string): Promise<void> {
    await this.workbench.runCommand("Wasm: Set Credentials for R2…");
    await this.workbench.pick("Access key of an R2 API token");
    await this.workbench.answer("Access key id", accessKeyId);
    await this.workbench.answer("Secret access key", secret);
    await this.workbench.answer("Account id", "");
  }

  /** Presses a button of the view's title, which some VS Codes show under the mouse alone. */
  async press(title: string, effect: Locator): Promise<void> {
    const bar = this.workbench.page.locator(".sidebar .composite.title");
    const button = bar.getByRole("button", { name: title });
    await until(isShown(effect), async () => {
      await bar.hover();
      await button.click({ timeout: 2000 });
    });
  }

  row(text: string | RegExp): Locator {
    return this.workbench.page.locator(".sidebar .monaco-list-row", { hasText: text }).first();
  }

  /** Opens a row and the one inside. */
  async open(...rows: readonly string[]): Promise<void> {
    for (const text of rows) await this.workbench.expand(this.row(text));
  }
}
