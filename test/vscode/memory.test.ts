/** Memory, and how values are shown, in the real VS Code: commands, menus, settings that work at once. */
import assert from "node:assert/strict";
import { it } from "mocha";
import { inEachVsCode } from "./support/stage";
import { versions } from "./support/versions";
import { eventually } from "./support/waiting";
import type { Workbench } from "./support/workbench";

/** The bytes of the sample's text in the memory view. */
const hello = /68\s65\s6c\s6c\s6f.*hello/;

inEachVsCode("Looking into the sample crash", (stage, code) => {
  /** The window, at a frame of the sample crash's session. */
  async function atFrame(name = "load"): Promise<Workbench> {
    const workbench = await stage().window();
    if (!(await workbench.debugToolbar.isVisible())) await openSample(workbench);
    await workbench.resize(1500);
    await workbench.selectFrame(name);
    return workbench;
  }

  async function openSample(workbench: Workbench): Promise<void> {
    await workbench.showRunView();
    await workbench.runCommand("Wasm: Open the Sample Crash");
    await workbench.debugToolbar.waitFor();
    await workbench.standsAt(/crash here/);
  }

  it("finds a text in memory, and shows the bytes around it", async () => {
    const workbench = await atFrame("compounds");
    await workbench.runCommand("Wasm: Find in Memory…");
    await workbench.pick("Text");
    await workbench.answer("The text, as UTF-8", "hello");
    await workbench.quickInputRow("compounds: word").first().waitFor();
    await stage().screenshot("places of a text");
    await workbench.pick("compounds: word");
    const words = workbench.line(hello).locator("span span");
    await eventually(async () => {
      const classes = await words.evaluateAll((spans) => spans.map(({ className }) => className));
      assert.ok(new Set(classes).size >= 3, "address, bytes and text differ in colour");
    });
  });

  it("shows the memory of a variable from its menu", async () => {
    const workbench = await atFrame("compounds");
    await workbench.chooseInMenu(await workbench.local(/^word/), "View Memory at Address…", {
      opened: () => stage().screenshot("menu of a variable"),
    });
    await workbench.line(hello).waitFor();
  });

  it("shows the memory that a frame's variables lie in from the call stack's menu", async () => {
    const workbench = await atFrame("compounds");
    await workbench.chooseInMenu(workbench.frame("compounds"), "View Memory of Stack Frame", {
      opened: () => stage().screenshot("menu of a frame"),
    });
    await workbench.line(hello).waitFor();
  });

  it("shows the memory of the frame whose menu it was, which is not the one that is looked at", async () => {
    const workbench = await atFrame("compounds");
    const shown = async (name: string): Promise<string> => {
      await workbench.chooseInMenu(workbench.frame(name), "View Memory of Stack Frame");
      const tab = workbench.page.locator(".tab.active", { hasText: /^0x/ });
      await tab.waitFor();
      const title = (await tab.textContent()) ?? "";
      await workbench.tidy();
      await workbench.resize(1500);
      return title;
    };
    assert.notEqual(await shown("load"), await shown("compounds"));
  });

  it("tells who points at an object", async () => {
    const workbench = await atFrame("scalars");
    await workbench.chooseInMenu(workbench.variable(/^root/), "Who Points Here");
    await workbench.quickInputRow("compounds: root").first().waitFor();
  });

  it("shows an address as a type in the console, where it opens", async () => {
    const workbench = await atFrame("compounds");
    await workbench.runCommand("Wasm: Show as Type…");
    await workbench.answer("An address, or an expression", "&frame.max");
    await workbench.answer("A type of the program", "struct point");
    await workbench.expand(workbench.consoleRow(/struct point.*x: 30, y: 40/));
    await workbench.consoleRow(/^\s*y\s*[:=]?\s*40/).waitFor();
  });

  it("shows a variable as a type from its menu", async () => {
    const workbench = await atFrame("compounds");
    await workbench.chooseInMenu(await workbench.local(/^word/), "Show as Type…");
    await workbench.answer("A type of the program", "unsigned char[5]");
    await workbench.consoleRow(/unsigned char\s?\[5\].*104/).waitFor();
  });

  it("opens the crash frame's values in the console", async () => {
    const workbench = await stage().window();
    if (await workbench.debugToolbar.isVisible()) await workbench.stopDebugging();
    await openSample(workbench);
    await workbench.runCommand("Debug Console: Focus on Debug Console View");
    await workbench.expand(workbench.consoleRow(/load \{from: …, index: 8/));
    await workbench.consoleRow(/scaled\s*[:=]?\s*16/).waitFor();
  });

  it("writes numbers in hexadecimal at once when the setting is turned", async () => {
    const workbench = await atFrame();
    const scaled = (value: string) => workbench.local(new RegExp(`scaled\\s*[:=]\\s*${value}\\b`));
    const beside = (value: string) =>
      workbench.line(new RegExp(`int\\sscaled\\s=.*scaled\\s=\\s${value}\\b`)).waitFor();
    await workbench.chooseInMenu(await scaled("16"), "Toggle Hexadecimal Numbers");
    await scaled("0x0*10");
    await beside("0x0*10");
    await stage().screenshot("hexadecimal");
    await workbench.runCommand("Wasm: Toggle Hexadecimal Numbers");
    await scaled("16");
    await beside("16");
  });

  it("unfolds runtime frames at once, and stays at the crash line", async () => {
    const workbench = await atFrame();
    const start = workbench.callStack.filter({ hasText: "_start" });
    assert.equal(await start.count(), 0, "folded at first");
    await workbench.chooseInMenu(workbench.frame("load"), "Toggle Runtime Frames");
    await start.first().waitFor();
    await workbench.standsAt(/crash here/);
    await workbench.runCommand("Wasm: Toggle Runtime Frames");
    await start.first().waitFor({ state: "hidden" });
  });

  it("colours a function without debug information, with its instruction marked", async () => {
    const workbench = await atFrame();
    await workbench.runCommand("Wasm: Toggle Runtime Frames");
    await workbench.selectFrame("_start.command_export");
    const words = workbench.line(/call\s\$/).locator("span span");
    const colourOf = (text: RegExp) => words.filter({ hasText: text }).last().getAttribute("class");
    await eventually(async () => {
      assert.notEqual(
        await colourOf(/^call/),
        await colourOf(/^\s*\$/),
        "instruction and name differ in colour",
      );
    });
    await workbench.page.locator(".view-overlays .debug-focused-stack-frame-line").first().waitFor();
    await stage().screenshot("WAT");
    await workbench.runCommand("Wasm: Toggle Runtime Frames");
    await workbench.frame("_start").waitFor({ state: "hidden" });
  });

  // The oldest has no menu on watches that extensions could add to.
  if (code !== versions[0])
    it("offers its commands on a watch as well", async () => {
      const workbench = await atFrame("compounds");
      await workbench.chooseInMenu(await workbench.local(/^word/), "Add to Watch");
      const watch = workbench.page.locator(".debug-watch .monaco-list-row", { hasText: /word.*hello/ });
      await workbench.chooseInMenu(watch, "View Memory at Address…");
      await workbench.line(hello).waitFor();
    });

  it("begins with a walkthrough, whose first step opens the sample crash", async () => {
    const workbench = await stage().newWindow();
    await workbench.showRunView();
    await workbench.runCommand("Welcome: Open Walkthrough...");
    await workbench.pick("Debug a WebAssembly Crash");
    const steps = workbench.page.locator(".getting-started-step");
    await steps.filter({ hasText: "Stand at the crash line" }).first().waitFor();
    await eventually(async () => assert.equal(await steps.count(), 4));
    await workbench.page
      .locator(".getting-started-media svg, .getting-started-media iframe, .getting-started-media img")
      .first()
      .waitFor();
    await stage().screenshot("walkthrough");
    await workbench.press("Open the Sample Crash", workbench.debugToolbar);
  });

  it("goes from a function pointer to its function", async () => {
    const workbench = await atFrame("compounds");
    const operation = await workbench.local(/^operation/);
    await operation.scrollIntoViewIfNeeded();
    await operation
      .locator(".value a, a.link")
      .first()
      .click({ modifiers: ["ControlOrMeta"] });
    await workbench.line(/int\smultiply\(int\sa/).waitFor();
    await workbench.page
      .locator(".statusbar-item", { hasText: /Ln 85\b/ })
      .first()
      .waitFor();
  });
});
