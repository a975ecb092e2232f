/** The way of a user from a dump to the crash line, in the real VS Code with the packed extension. */
import assert from "node:assert/strict";
import { it } from "mocha";
import { inEachVsCode } from "./support/stage";
import type { Workbench } from "./support/workbench";

const crashLine = /value - 10/;

inEachVsCode("From a core dump to the crash line", (stage) => {
  it("F5 without a launch.json stands at the crash line and says why", async () => {
    const workbench = await stage().newWindow();
    await workbench.startDebugging();
    await workbench.standsAt(crashLine);
    const said = workbench.exceptionWidget.filter({ hasText: /attempt to subtract with overflow/ });
    await said.filter({ hasText: /src\/main\.rs:\d+:\d+/ }).waitFor();
  });

  it("F5 in the program's source does so as well", async () => {
    const workbench = await stage().newWindow();
    await workbench.showRunView();
    await workbench.openFile("main.rs");
    await workbench.startUntil(workbench.debugToolbar);
    await workbench.standsAt(crashLine);
  });

  it("F5 works again after the session was stopped", async () => {
    const workbench = await withoutSession();
    await workbench.startDebugging();
    await workbench.standsAt(crashLine);
    await workbench.stopDebugging();
    await workbench.startUntil(workbench.debugToolbar);
    await workbench.standsAt(crashLine);
  });

  it("shows a dump that is clicked as a page, whose button debugs it", async () => {
    const workbench = await withoutSession();
    await workbench.page.keyboard.press("Control+Shift+E");
    await workbench.explorerRow("app.coredump").dblclick();
    const page = workbench.webview;
    await page.locator("h1", { hasText: "attempt to subtract with overflow" }).waitFor();
    await page.locator(".source .crash", { hasText: "value - 10" }).waitFor();
    await page.locator("tr.crash", { hasText: "calculate" }).waitFor();
    await page.locator("svg.memory .stack").first().waitFor({ state: "attached" });
    await stage().screenshot("crash page");
    await page.locator("button", { hasText: "Debug" }).click();
    await workbench.standsAt(crashLine);
  });

  it("Wasm: Open Core Dump… opens the dump that the user picks", async () => {
    const workbench = await withoutSession();
    await workbench.runCommand("Wasm: Open Core Dump…");
    await workbench.pick("app.coredump");
    await workbench.standsAt(crashLine);
  });

  it("the explorer's menu opens a dump", async () => {
    const workbench = await withoutSession();
    await workbench.page.keyboard.press("Control+Shift+E");
    await workbench.debugFromExplorer("app.coredump");
    await workbench.standsAt(crashLine);
  });

  async function withoutSession(): Promise<Workbench> {
    const workbench = await stage().window();
    if (await workbench.debugToolbar.isVisible()) await workbench.stopDebugging();
    return workbench;
  }
});

inEachVsCode("At the crash line", (stage) => {
  /** The window, at the crash frame of a session. */
  async function atTheCrash(): Promise<Workbench> {
    const workbench = await stage().window();
    if (!(await workbench.debugToolbar.isVisible())) await workbench.startDebugging();
    await workbench.selectFrame("calculate");
    await workbench.standsAt(crashLine);
    return workbench;
  }

  it("shows the whole stack and the variables of its frames", async () => {
    const workbench = await atTheCrash();
    for (const name of ["calculate", "process_thing", "main"]) await workbench.frame(name).waitFor();
    await workbench.variable(/value\s*[:=]\s*3/).waitFor();
    await workbench.selectFrame("process_thing");
    const thing = workbench.variable(/thing.*MyThing/);
    await workbench.expand(thing);
    await workbench.variable(/^\s*value\s*[:=]?\s*3/).waitFor();
  });

  it("shows a variable's value where the mouse points at it", async () => {
    const workbench = await atTheCrash();
    await workbench.pointAt("value", /value\s-\s10/);
    await workbench.hover.filter({ hasText: /3/ }).waitFor();
  });

  it("stays at the crash when the user steps or continues, and says once why", async () => {
    const workbench = await atTheCrash();
    const notice = workbench.notifications.filter({ hasText: "This is a core dump" });
    for (const press of [
      () => workbench.page.keyboard.press("F5"),
      () => workbench.debugToolbar.locator(".codicon-debug-step-into").click(),
    ]) {
      await press();
      await notice.first().waitFor();
      assert.equal(await notice.count(), 1, "one message");
      await workbench.standsAt(crashLine);
      await workbench.frame("calculate").waitFor();
      await workbench.clearNotifications();
    }
  });

  it("moves along the stack with the keys that would step", async () => {
    const workbench = await atTheCrash();
    for (const [key, name] of [
      ["F11", "process_thing"],
      ["F10", /main/],
      ["Shift+F11", "process_thing"],
    ] as const) {
      await workbench.page.keyboard.press(key);
      await workbench.selectedFrame.filter({ hasText: name }).waitFor();
    }
  });

  it("writes the values of variables beside the lines that ran", async () => {
    const workbench = await atTheCrash();
    await workbench.line(/value\s-\s10.*value\s=\s3/).waitFor();
    await workbench.selectFrame("process_thing");
    await workbench.line(/calculate\(thing\.value\).*thing\s=\s&MyThing/).waitFor();
  });

  it("evaluates the whole expression where the mouse points at its member", async () => {
    const workbench = await atTheCrash();
    await workbench.selectFrame("process_thing");
    await workbench.pointAt("value", /let\sresult\s=\scalculate/);
    await workbench.hover.filter({ hasText: /3/ }).waitFor();
  });

  it("evaluates an expression of the chosen frame in the console", async () => {
    const workbench = await atTheCrash();
    await workbench.selectFrame("process_thing");
    await workbench.variable("thing").waitFor();
    await workbench.typeIntoConsole("thing.value");
    await workbench.page.locator(".repl .value", { hasText: /^3$/ }).first().waitFor();
  });

  it("answers a command in the console in the theme's colours", async () => {
    const workbench = await atTheCrash();
    await workbench.selectFrame("process_thing");
    await workbench.variable("thing").waitFor();
    await workbench.typeIntoConsole("frame");
    const colored = workbench.page.locator(".repl .code-foreground-colored");
    await colored.filter({ hasText: "process_thing" }).first().waitFor();
    assert.doesNotMatch(await workbench.page.locator(".repl").first().innerText(), /\[36m/);
    await stage().screenshot("console in colours");
  });
});
