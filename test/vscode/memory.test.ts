/** Memory, and how values are shown, in the real VS Code: commands, menus, settings that work at once. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { openBrowser } from "./support/browser";
import { copyDemo, type DemoWorkspace, packedExtension } from "./support/demo";
import { Server } from "./support/server";
import { versions } from "./support/versions";
import { Workbench } from "./support/workbench";

for (const code of versions) {
  describe(`Looking into the sample crash in ${code.name}`, () => {
    let browser: Browser;
    let server: Server;
    let demo: DemoWorkspace;
    let workbench: Workbench;

    before(async () => {
      browser = await openBrowser();
      server = await Server.start(code, packedExtension);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });
    beforeEach(async () => {
      demo = await copyDemo();
      workbench = await Workbench.open(browser, server.origin, demo.folder);
      await workbench.showRunView();
      // A palette that is drawn anew under the mouse loses the click: as a user would, tries again.
      for (let attempt = 0; attempt < 3 && !(await workbench.debugToolbar.isVisible()); attempt++) {
        await workbench.runCommand("Wasm: Open the Sample Crash");
        await workbench.debugToolbar.waitFor({ timeout: 6000 }).catch(() => {});
      }
      await workbench.debugToolbar.waitFor();
      assert.match(await workbench.lineOfExecution(), /crash here/);
      // Lists draw the rows that fit: tall enough for all of them.
      await workbench.page.setViewportSize({ width: 1360, height: 1500 });
    });
    afterEach(async function () {
      await workbench.screenshot(`${code.name} ${this.currentTest?.title}`);
      await workbench.close();
      await demo.remove();
    });

    const selectFrame = async (name: string): Promise<void> => {
      await workbench.callStack.filter({ hasText: name }).first().click();
      await workbench.page
        .locator(".debug-call-stack .monaco-list-row.selected", { hasText: name })
        .waitFor();
    };
    const variable = (text: string | RegExp) => workbench.variables.filter({ hasText: text }).first();
    /** The view is drawn anew when a frame is selected, and forgets a click that comes too early. */
    const expandLocals = async (): Promise<void> => {
      const row = variable(/^Locals/);
      for (let attempt = 0; attempt < 10 && (await row.getAttribute("aria-expanded")) !== "true"; attempt++) {
        await workbench.page.waitForTimeout(300);
        await workbench.expandVariable("Locals");
      }
    };
    const answer = async (text: string): Promise<void> => {
      const input = workbench.page.locator(".quick-input-widget input").first();
      await input.waitFor();
      await input.fill(text);
      await workbench.page.keyboard.press("Enter");
    };

    it("finds a text in memory, and shows the bytes around it", async () => {
      await selectFrame("compounds");
      await workbench.runCommand("Wasm: Find in Memory…");
      await workbench.quickInputRow("Text").first().click();
      await answer("hello");
      const word = workbench.quickInputRow("compounds: word").first();
      await word.waitFor();
      await workbench.screenshot(`${code.name} places of a text`);
      await word.click();
      const line = workbench.page.locator(".view-line", { hasText: /68\s65\s6c\s6c\s6f.*hello/ }).first();
      await line.waitFor();
      const colours = await line
        .locator("span span")
        .evaluateAll((spans) => new Set(spans.map(({ className }) => className)).size);
      assert.ok(colours >= 3, "address, bytes and text differ in colour");
    });

    it("shows the memory of a variable from its menu", async () => {
      await selectFrame("compounds");
      await expandLocals();
      await variable(/^word/).click({ button: "right" });
      await workbench.menuItem("View Memory at Address…").first().waitFor();
      await workbench.screenshot(`${code.name} menu of a variable`);
      await workbench.chooseMenuItem("View Memory at Address…");
      await workbench.page
        .locator(".view-line", { hasText: /68\s65\s6c\s6c\s6f.*hello/ })
        .first()
        .waitFor();
    });

    it("tells who points at an object", async () => {
      await selectFrame("scalars");
      await variable(/^root/).click({ button: "right" });
      await workbench.chooseMenuItem("Who Points Here");
      await workbench.quickInputRow("compounds: root").first().waitFor();
    });

    it("shows an address as a type in the console, where it opens", async () => {
      await selectFrame("compounds");
      await workbench.runCommand("Wasm: Show as Type…");
      await answer("&frame.max");
      await answer("struct point");
      const row = workbench.page
        .locator(".repl .monaco-list-row", { hasText: /struct point.*x: 30, y: 40/ })
        .first();
      await row.waitFor();
      await row.locator(".monaco-tl-twistie").click();
      await workbench.page
        .locator(".repl .monaco-list-row", { hasText: /^\s*y\s*[:=]?\s*40/ })
        .first()
        .waitFor();
    });

    it("opens the crash frame's values in the console", async () => {
      await workbench.runCommand("Debug Console: Focus on Debug Console View");
      const row = workbench.page
        .locator(".repl .monaco-list-row", { hasText: /load \{from: …, index: 8/ })
        .first();
      await row.waitFor();
      await row.locator(".monaco-tl-twistie").click();
      await workbench.page
        .locator(".repl .monaco-list-row", { hasText: /scaled\s*[:=]?\s*16/ })
        .first()
        .waitFor();
    });

    it("writes numbers in hexadecimal at once when the setting is turned", async () => {
      await expandLocals();
      await variable(/scaled\s*[:=]\s*16/).waitFor();
      await variable(/scaled/).click({ button: "right" });
      await workbench.chooseMenuItem("Toggle Hexadecimal Numbers");
      await variable(/scaled\s*[:=]\s*0x0*10\b/).waitFor();
      await workbench.screenshot(`${code.name} hexadecimal`);
      await workbench.runCommand("Wasm: Toggle Hexadecimal Numbers");
      await variable(/scaled\s*[:=]\s*16/).waitFor();
    });

    it("unfolds runtime frames at once, and stays at the crash line", async () => {
      const start = workbench.callStack.filter({ hasText: "_start" });
      assert.equal(await start.count(), 0, "folded at first");
      await workbench.runCommand("Wasm: Toggle Runtime Frames");
      await start.first().waitFor();
      assert.match(await workbench.lineOfExecution(), /crash here/);
      await workbench.runCommand("Wasm: Toggle Runtime Frames");
      await start.first().waitFor({ state: "hidden" });
    });

    it("colours a function without debug information, with its instruction marked", async () => {
      await workbench.runCommand("Wasm: Toggle Runtime Frames");
      await workbench.callStack.filter({ hasText: "_start.command_export" }).first().click();
      const call = workbench.page.locator(".view-line", { hasText: /call\s\$/ }).first();
      await call.waitFor();
      const [instruction, name] = [/^call/, /^\s*\$/].map((text) =>
        call.locator("span span", { hasText: text }).last(),
      );
      await name!.waitFor();
      const colour = (token: typeof call) => token.getAttribute("class");
      assert.notEqual(
        await colour(instruction!),
        await colour(name!),
        "instruction and name differ in colour",
      );
      await workbench.page.locator(".view-overlays .debug-focused-stack-frame-line").first().waitFor();
      await workbench.screenshot(`${code.name} WAT`);
      await workbench.runCommand("Wasm: Toggle Runtime Frames");
    });

    // The oldest has no menu on watches that extensions could add to.
    if (code !== versions[0])
      it("offers its commands on a watch as well", async () => {
        await selectFrame("compounds");
        await expandLocals();
        await variable(/^word/).click({ button: "right" });
        await workbench.chooseMenuItem("Add to Watch");
        const watch = workbench.page
          .locator(".debug-watch .monaco-list-row", { hasText: /word.*hello/ })
          .first();
        await watch.click({ button: "right" });
        await workbench.chooseMenuItem("View Memory at Address…");
        await workbench.page
          .locator(".view-line", { hasText: /68\s65\s6c\s6c\s6f.*hello/ })
          .first()
          .waitFor();
      });

    it("begins with a walkthrough, whose first step opens the sample crash", async () => {
      await workbench.stopDebugging();
      await workbench.runCommand("Welcome: Open Walkthrough...");
      await workbench.quickInputRow("Debug a WebAssembly Crash").first().click();
      const steps = workbench.page.locator(".getting-started-step");
      await steps.filter({ hasText: "Stand at the crash line" }).first().waitFor();
      assert.equal(await steps.count(), 4);
      await workbench.page
        .locator(".getting-started-media svg, .getting-started-media iframe, .getting-started-media img")
        .first()
        .waitFor();
      await workbench.screenshot(`${code.name} walkthrough`);
      await workbench.page.getByRole("button", { name: "Open the Sample Crash" }).first().click();
      await workbench.debugToolbar.waitFor();
    });

    it("goes from a function pointer to its function", async () => {
      await selectFrame("compounds");
      await expandLocals();
      const operation = variable(/^operation/);
      await operation.scrollIntoViewIfNeeded();
      await operation
        .locator(".value a, a.link")
        .first()
        .click({ modifiers: ["ControlOrMeta"] });
      await workbench.page
        .locator(".view-line", { hasText: /int\smultiply\(int\sa/ })
        .first()
        .waitFor();
      await workbench.page
        .locator(".statusbar-item", { hasText: /Ln 85\b/ })
        .first()
        .waitFor();
    });
  });
}
