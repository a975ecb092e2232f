/** VS Code's window as a user sees and drives it. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { repository } from "./versions";
import { eventually, isGone, isShown, until } from "./waiting";

/** An element's text with plain spaces. */
export async function textOf(element: Locator): Promise<string> {
  return ((await element.textContent()) ?? "").replaceAll("\u00a0", " ").trim();
}

/** VS Code takes its language from the script that has its texts. */
async function speak(page: Page, language: string): Promise<void> {
  await page.route("**/nls.messages.js", async (route) => {
    const response = await route.fetch();
    const body = `${await response.text()}\nglobalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`;
    await route.fulfill({ response, body });
  });
}

const SIZE = { width: 1360, height: 860 };

export class Workbench {
  private constructor(readonly page: Page) {}

  /**
   * Opens a window on a folder, or on what the page itself says, and waits for it to be ready.
   * @param language of the texts of extensions; those of VS Code itself are English
   */
  static async open(
    browser: Browser,
    origin: string,
    folder?: string,
    language?: string,
  ): Promise<Workbench> {
    const permissions = ["clipboard-read", "clipboard-write"];
    const page = await browser.newPage({ viewport: SIZE, permissions });
    page.setDefaultTimeout(15_000);
    if (language !== undefined) await speak(page, language);
    const query = folder === undefined ? "" : `?folder=${encodeURIComponent(folder)}`;
    await page.goto(`${origin}/${query}`, { timeout: 60_000 });
    const workbench = new Workbench(page);
    await page
      .locator(".monaco-workbench .explorer-folders-view .monaco-list-row")
      .first()
      .waitFor({ timeout: 60_000 });
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

  /** Lists draw the rows that fit. @param height pixels, for all the rows of a test */
  async resize(height: number): Promise<void> {
    await this.page.setViewportSize({ width: SIZE.width, height });
  }

  /** Closes editors, messages and whatever else a test before may have opened; a session goes on. */
  async tidy(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.page.setViewportSize(SIZE);
    if (await isShown(this.notifications)()) await this.clearNotifications();
    const tabs = this.page.locator(".editor-group-container .tab");
    if (await isShown(tabs)())
      await until(isGone(tabs), () => this.runCommand("View: Close All Editors"), { patience: 2000 });
  }

  async clearNotifications(): Promise<void> {
    await until(isGone(this.notifications), () => this.runCommand("Notifications: Clear All Notifications"));
  }

  /** Opens the Run view and waits until the extension has found the workspace's dump. */
  async showRunView(): Promise<void> {
    const offered = this.page.getByText("Debug Wasm Core Dump");
    await until(isShown(offered), () => this.page.keyboard.press("Control+Shift+D"), { patience: 8000 });
  }

  /** F5, which does nothing until debuggers are known. */
  async startUntil(result: Locator): Promise<void> {
    await until(isShown(result), () => this.page.keyboard.press("F5"), { patience: 8000 });
  }

  /** F5 in the Run view, until a session stands. */
  async startDebugging(): Promise<void> {
    await this.showRunView();
    await this.startUntil(this.debugToolbar);
  }

  async stopDebugging(): Promise<void> {
    await until(isGone(this.debugToolbar), () => this.page.keyboard.press("Shift+F5"));
  }

  /** "Debug Wasm Core Dump" in the menu of a file; the menu lacks it until extensions are known. */
  async debugFromExplorer(file: string): Promise<void> {
    await this.chooseInMenu(this.explorerRow(file), "Debug Wasm Core Dump", { patience: 1000, attempts: 20 });
  }

  /** Chooses in an element's context menu. @param opened called while the menu is open */
  async chooseInMenu(
    element: Locator,
    title: string,
    { opened, ...again }: { opened?: () => Promise<void>; attempts?: number; patience?: number } = {},
  ): Promise<void> {
    const item = this.menuItem(title).first();
    const open = async () => {
      await this.page.keyboard.press("Escape");
      await element.first().click({ button: "right" });
    };
    await until(isShown(item), open, again);
    await opened?.();
    // A menu ignores a click that follows its opening too closely.
    await until(isGone(item), () => item.click({ timeout: 2000 }), { patience: 500, attempts: 20 });
  }

  /** Runs a command of the palette. */
  async runCommand(title: string): Promise<void> {
    const wanted = `>${title}`;
    const row = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: title });
    let entered = false;
    const taken = async () =>
      entered && ((await this.quickInput.isHidden()) || (await this.quickInput.inputValue()) !== wanted);
    await until(taken, async () => {
      if (await this.quickInput.isVisible()) await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("Control+Shift+P");
      await this.quickInput.fill(wanted, { timeout: 5000 });
      await row.first().waitFor({ timeout: 5000 });
      await this.page.keyboard.press("Enter");
      entered = true;
    });
  }

  async openFile(name: string): Promise<void> {
    const tab = this.page.locator(".tab.active", { hasText: name });
    await until(isShown(tab), async () => {
      await this.page.keyboard.press("Control+P");
      await this.quickInput.fill(name);
      await this.quickInputRow(name).first().waitFor();
      await this.page.keyboard.press("Enter");
    });
  }

  /** Chooses a row of a quick pick. */
  async pick(text: string): Promise<void> {
    const row = this.quickInputRow(text).first();
    await row.waitFor();
    await until(isGone(row), () => row.click({ timeout: 2000 }), { patience: 2000 });
  }

  /** Answers an input box. @param prompt a part of what it says */
  async answer(prompt: string, text: string): Promise<void> {
    const box = this.quickInputTitled(prompt);
    await box.waitFor();
    await until(isGone(box), async () => {
      await this.quickInput.fill(text);
      await this.page.keyboard.press("Enter");
    });
  }

  /** Leaves a text in the clipboard. */
  async copy(text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  /** What is in the clipboard. */
  async copied(): Promise<string> {
    return this.page.evaluate("navigator.clipboard.readText()");
  }

  /** Types a line into the debug console. */
  async typeIntoConsole(line: string): Promise<void> {
    await this.runCommand("Debug Console: Focus on Debug Console View");
    await this.page.locator(".repl-input-wrapper .monaco-editor.focused").waitFor();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  button(title: string): Locator {
    return this.page.getByRole("button", { name: title }).first();
  }

  /** Presses a button, as those of messages, until its effect shows. */
  async press(title: string, effect: Locator): Promise<void> {
    await this.button(title).waitFor();
    await until(isShown(effect), () => this.button(title).click({ timeout: 2000 }));
  }

  /** A message that must be answered. */
  get dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** The document that an extension shows in a view of its own. */
  get webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
  }

  quickInputTitled(text: string): Locator {
    return this.page.locator(".quick-input-widget", { hasText: text });
  }

  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget input").first();
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

  get selectedFrame(): Locator {
    return this.page.locator(".debug-call-stack .monaco-list-row.selected");
  }

  get hover(): Locator {
    return this.page.locator(".debug-hover-widget");
  }

  get notifications(): Locator {
    return this.page.locator(".notification-list-item-message");
  }

  frame(name: string): Locator {
    return this.callStack.filter({ hasText: name }).first();
  }

  variable(text: string | RegExp): Locator {
    return this.page.locator(".debug-variables .monaco-list-row", { hasText: text }).first();
  }

  /** A line of the debug console. */
  consoleRow(text: RegExp): Locator {
    return this.page.locator(".repl .monaco-list-row", { hasText: text }).first();
  }

  /** A line of an open editor. Its spaces are of several kinds: `\s` in the pattern. */
  line(text: RegExp): Locator {
    return this.page.locator(".view-lines .view-line", { hasText: text }).first();
  }

  async selectFrame(name: string): Promise<void> {
    await this.frame(name).waitFor();
    await until(isShown(this.selectedFrame.filter({ hasText: name })), () => this.frame(name).click());
  }

  /** Opens a row of a tree: it is drawn anew as answers arrive, and forgets a click that comes too early. */
  async expand(row: Locator): Promise<void> {
    await row.waitFor();
    const isOpen = async () => (await row.getAttribute("aria-expanded")) === "true";
    if (await isOpen()) return;
    await until(isOpen, () => row.locator(".monaco-tl-twistie").click({ timeout: 2000 }), { patience: 1000 });
  }

  /** A variable of the selected frame's locals, which the view shows closed for each frame anew. */
  async local(text: RegExp): Promise<Locator> {
    const scope = this.variable(/^Locals/);
    const open = async () => {
      if ((await scope.getAttribute("aria-expanded")) !== "true")
        await scope.locator(".monaco-tl-twistie").click({ timeout: 2000 });
    };
    await until(isShown(this.variable(text)), open, { patience: 2000, attempts: 10 });
    return this.variable(text);
  }

  /** Waits until execution stands at a line that reads so. */
  async standsAt(line: RegExp): Promise<void> {
    await eventually(async () => assert.match(await this.lineOfExecution(), line));
  }

  /** Text of the editor's line where execution stands. */
  private async lineOfExecution(): Promise<string> {
    const mark = this.page.locator(".view-overlays .debug-top-stack-frame-line").first();
    const top = (await mark.boundingBox({ timeout: 5000 }))?.y;
    for (const line of top === undefined ? [] : await this.page.locator(".view-lines .view-line").all()) {
      const box = await line.boundingBox({ timeout: 1000 });
      if (box && Math.abs(box.y - top!) < 3) return textOf(line);
    }
    throw new Error("No line of the editor is at the mark of execution.");
  }

  /** Points at a word of the editor until the debugger says what it is. @param line what the word's line contains */
  async pointAt(word: string, line: RegExp): Promise<void> {
    const target = this.line(line)
      .locator("span span", { hasText: new RegExp(`^\\s*${word}`) })
      .first();
    await until(isShown(this.hover), async () => {
      await this.page.mouse.move(0, 0);
      await target.hover();
    });
  }
}
