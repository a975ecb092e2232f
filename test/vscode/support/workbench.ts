/** VS Code's window as a user sees and drives it. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { repository } from "./versions";

/** An element's text with plain spaces. */
export async function textOf(element: Locator): Promise<string> {
  return ((await element.textContent()) ?? "").replaceAll("\u00a0", " ").trim();
}

export class Workbench {
  private constructor(readonly page: Page) {}

  /** Opens a window on a folder, or on what the page itself says, and waits for it to be ready. */
  static async open(browser: Browser, origin: string, folder?: string): Promise<Workbench> {
    const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    page.setDefaultTimeout(15_000);
    const query = folder === undefined ? "" : `?folder=${encodeURIComponent(folder)}`;
    await page.goto(`${origin}/${query}`);
    const workbench = new Workbench(page);
    await page.locator(".monaco-workbench .explorer-folders-view .monaco-list-row").first().waitFor();
    return workbench;
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** Into test-artifacts/, for people to look at. */
  async screenshot(name: string): Promise<void> {
    const folder = join(repository, "test-artifacts", "screenshots");
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name.replaceAll(/[^\w.-]+/g, "-")}.png`) });
  }

  /** Opens the Run view and waits until the extension has found the workspace's dump. */
  async showRunView(): Promise<void> {
    await this.page.keyboard.press("Control+Shift+D");
    await this.page.getByText("Debug Wasm Core Dump").first().waitFor();
  }

  /** Starts what launch.json names. F5 does nothing until debuggers are known: as a user would, tries again. */
  async startUntil(result: Locator): Promise<void> {
    await this.page.keyboard.press("Control+Shift+D");
    for (let attempt = 0; attempt < 10 && !(await result.isVisible()); attempt++) {
      await this.pressF5();
      await this.page.waitForTimeout(1500);
    }
    await result.waitFor();
  }

  /** "Debug Wasm Core Dump" in the menu of a file; the menu lacks it until extensions are known. */
  async debugFromExplorer(file: string): Promise<void> {
    const item = this.menuItem("Debug Wasm Core Dump").first();
    for (let attempt = 0; attempt < 10; attempt++) {
      await this.explorerRow(file).click({ button: "right" });
      await this.menuItem("Copy Path").first().waitFor();
      if (await item.isVisible()) break;
      await this.page.keyboard.press("Escape");
      await this.page.waitForTimeout(500);
    }
    await this.chooseMenuItem("Debug Wasm Core Dump");
  }

  /** A menu ignores a click that follows its opening too closely. */
  async chooseMenuItem(title: string): Promise<void> {
    const item = this.menuItem(title).first();
    await item.waitFor();
    for (let attempt = 0; attempt < 5 && (await item.isVisible()); attempt++) {
      await item.hover();
      await this.page.waitForTimeout(300);
      await item.click({ timeout: 2000 }).catch(() => {});
      await this.page.waitForTimeout(300);
    }
  }

  async pressF5(): Promise<void> {
    await this.page.keyboard.press("F5");
  }

  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press("Control+Shift+P");
    await this.page.locator(".quick-input-widget input").first().fill(`>${title}`);
    await this.quickInputRow(title).first().click();
  }

  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.page.locator(".quick-input-widget input").first().fill(name);
    await this.quickInputRow(name.slice(name.lastIndexOf("/") + 1))
      .first()
      .click();
    await this.page.locator(".editor-instance, .monaco-editor-pane-placeholder").first().waitFor();
  }

  quickInputRow(text: string): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row", { hasText: text });
  }

  /** A file or folder of the explorer. */
  explorerRow(name: string): Locator {
    return this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name });
  }

  menuItem(title: string): Locator {
    return this.page.locator(".monaco-menu .action-item, .context-view .action-item", { hasText: title });
  }

  get debugToolbar(): Locator {
    return this.page.locator(".debug-toolbar");
  }

  get exceptionWidget(): Locator {
    return this.page.locator(".exception-widget");
  }

  get callStack(): Locator {
    return this.page.locator(".debug-call-stack .monaco-list-row");
  }

  get variables(): Locator {
    return this.page.locator(".debug-variables .monaco-list-row");
  }

  get notifications(): Locator {
    return this.page.locator(".notification-list-item-message");
  }

  /** Expands a row of the variables unless it is. */
  async expandVariable(text: string): Promise<void> {
    const row = this.variables.filter({ hasText: text }).first();
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) === "true") return;
    await row.locator(".monaco-tl-twistie").click();
  }

  /** Text of the editor's line where execution stands, once it is drawn. */
  async lineOfExecution(): Promise<string> {
    const mark = this.page.locator(".view-overlays .debug-top-stack-frame-line").first();
    await mark.waitFor();
    for (let attempt = 0; attempt < 20; attempt++) {
      const top = (await mark.boundingBox().catch(() => null))?.y;
      for (const line of top === undefined ? [] : await this.page.locator(".view-lines .view-line").all()) {
        const box = await line.boundingBox({ timeout: 1000 }).catch(() => null);
        if (box && Math.abs(box.y - top!) < 3) return textOf(line);
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error("No line of the editor is at the mark of execution.");
  }

  /** A word of the editor as one would point at it, in the line that contains `line`. */
  wordInLine(word: string, line: string): Locator {
    const spaced = new RegExp(line.replaceAll(" ", "\\s"));
    return this.page
      .locator(".view-lines .view-line", { hasText: spaced })
      .locator("span span", { hasText: new RegExp(`^\\s*${word}`) })
      .first();
  }

  async stopDebugging(): Promise<void> {
    await this.page.keyboard.press("Shift+F5");
    await this.debugToolbar.waitFor({ state: "hidden" });
  }
}
