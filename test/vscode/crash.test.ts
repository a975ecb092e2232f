/** The way of a user from a dump to the crash line, in the real VS Code with the packed extension. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { openBrowser } from "./support/browser";
import { copyDemo, type DemoWorkspace, packedExtension } from "./support/demo";
import { Server } from "./support/server";
import { versions } from "./support/versions";
import { textOf, Workbench } from "./support/workbench";

for (const code of versions) {
  describe(`From a core dump to the crash line in ${code.name}`, () => {
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
    });
    afterEach(async function () {
      await workbench.screenshot(`${code.name} ${this.currentTest?.title}`);
      await workbench.close();
      await demo.remove();
    });

    async function atTheCrash(): Promise<void> {
      await workbench.debugToolbar.waitFor();
      assert.match(await workbench.lineOfExecution(), /value - 10/);
    }

    it("F5 without a launch.json stands at the crash line and says why", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      await workbench.exceptionWidget.waitFor();
      const said = await textOf(workbench.exceptionWidget);
      assert.match(said, /attempt to subtract with overflow/);
      assert.match(said, /src\/main\.rs:\d+:\d+/);
    });

    it("F5 in the program's source does so as well", async () => {
      await workbench.showRunView();
      await workbench.openFile("main.rs");
      await workbench.pressF5();
      await atTheCrash();
    });

    it("F5 works again after the session was stopped", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      await workbench.stopDebugging();
      await workbench.pressF5();
      await atTheCrash();
    });

    it("shows the whole stack and the variables of its frames", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      const stack = (await workbench.callStack.allTextContents()).join("\n");
      for (const name of ["calculate", "process_thing", "main"]) assert.match(stack, new RegExp(name));
      await workbench.variables
        .filter({ hasText: /value\s*[:=]\s*3/ })
        .first()
        .waitFor();
      await workbench.callStack.filter({ hasText: "process_thing" }).first().click();
      const thing = workbench.variables.filter({ hasText: "thing" }).first();
      await thing.waitFor();
      assert.match(await textOf(thing), /MyThing/);
      await workbench.expandVariable("thing");
      await workbench.variables
        .filter({ hasText: /^\s*value\s*[:=]?\s*3/ })
        .first()
        .waitFor();
    });

    it("shows a variable's value where the mouse points at it", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      await workbench.callStack.filter({ hasText: "calculate" }).first().click();
      await workbench.wordInLine("value", "value - 10").hover();
      await workbench.page.locator(".debug-hover-widget").waitFor();
      assert.match(await textOf(workbench.page.locator(".debug-hover-widget")), /3/);
    });

    it("stays at the crash when the user steps or continues, and says once why", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      for (const press of [
        () => workbench.page.keyboard.press("F5"),
        () => workbench.debugToolbar.locator(".codicon-debug-step-into").click(),
      ]) {
        await press();
        const notice = workbench.notifications.filter({ hasText: "This is a core dump" });
        await notice.first().waitFor();
        assert.equal(await notice.count(), 1, "one message");
        await atTheCrash();
        assert.ok(await workbench.callStack.filter({ hasText: "calculate" }).first().isVisible());
        await workbench.runCommand("Notifications: Clear All Notifications");
        await notice.first().waitFor({ state: "hidden" });
      }
    });

    it("moves along the stack with the keys that would step", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      const selected = workbench.page.locator(".debug-call-stack .monaco-list-row.selected");
      await workbench.page.keyboard.press("F11");
      await selected.filter({ hasText: "process_thing" }).waitFor();
      await workbench.page.keyboard.press("F10");
      await selected.filter({ hasText: /main/ }).waitFor();
      await workbench.page.keyboard.press("Shift+F11");
      await selected.filter({ hasText: "process_thing" }).waitFor();
    });

    it("writes the values of variables beside the lines that ran", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      const inline = (text: RegExp) => workbench.page.locator(".view-line", { hasText: text }).first();
      await inline(/value\s-\s10.*value\s=\s3/).waitFor();
      await workbench.callStack.filter({ hasText: "process_thing" }).first().click();
      await inline(/calculate\(thing\.value\).*thing\s=\s&MyThing/).waitFor();
    });

    it("evaluates the whole expression where the mouse points at its member", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      await workbench.callStack.filter({ hasText: "process_thing" }).first().click();
      await workbench.wordInLine("value", "let result = calculate").hover();
      const hover = workbench.page.locator(".debug-hover-widget");
      await hover.waitFor();
      assert.match(await textOf(hover), /3/);
    });

    it("evaluates an expression of the chosen frame in the console", async () => {
      await workbench.showRunView();
      await workbench.pressF5();
      await atTheCrash();
      await workbench.callStack.filter({ hasText: "process_thing" }).first().click();
      await workbench.variables.filter({ hasText: "thing" }).first().waitFor();
      await workbench.runCommand("Debug Console: Focus on Debug Console View");
      await workbench.page.keyboard.type("thing.value");
      await workbench.page.keyboard.press("Enter");
      await workbench.page.locator(".repl .value", { hasText: /^3$/ }).first().waitFor();
    });

    it("shows a dump that is clicked as a page, whose button debugs it", async () => {
      await workbench.showRunView();
      await workbench.page.keyboard.press("Control+Shift+E");
      await workbench.explorerRow("app.coredump").dblclick();
      const page = workbench.page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
      await page.locator("h1", { hasText: "attempt to subtract with overflow" }).waitFor();
      await page.locator(".source .crash", { hasText: "value - 10" }).waitFor();
      await page.locator("tr.crash", { hasText: "calculate" }).waitFor();
      await page.locator("svg.memory .stack").first().waitFor({ state: "attached" });
      await workbench.screenshot(`${code.name} crash page`);
      await page.locator("button", { hasText: "Debug" }).click();
      await atTheCrash();
    });

    it("Wasm: Open Core Dump… opens the dump that the user picks", async () => {
      await workbench.showRunView();
      await workbench.runCommand("Wasm: Open Core Dump…");
      await workbench.quickInputRow("app.coredump").first().click();
      await atTheCrash();
    });

    it("the explorer's menu opens a dump", async () => {
      await workbench.debugFromExplorer("app.coredump");
      await atTheCrash();
    });
  });
}
