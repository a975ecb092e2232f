/** What the user reads when a file is not what it should be, and how the editor offers a way out. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "mocha";
import { customSection, preamble } from "./support/sections";
import { inEachVsCode } from "./support/stage";
import type { Workbench } from "./support/workbench";

inEachVsCode("Messages", (stage) => {
  /** Debugs a dump of the explorer in a workspace that was changed first. */
  async function debug(prepare: (files: Files) => Promise<void>, file = "app.coredump"): Promise<Workbench> {
    const workbench = await stage().newWindow((folder) => prepare(filesIn(folder)));
    await workbench.debugFromExplorer(file);
    return workbench;
  }
  const says = (workbench: Workbench, text: string): Promise<void> =>
    workbench.notifications.filter({ hasText: text }).first().waitFor();

  it("a dump that is none is named, with what is wrong, and another can be chosen", async () => {
    const workbench = await debug(
      ({ folder }) => writeFile(join(folder, "broken.coredump"), "this is text"),
      "broken.coredump",
    );
    await says(workbench, "This core dump cannot be opened");
    await workbench.press("Choose Core Dump…", workbench.quickInputTitled("Which core dump?"));
  });

  it("a module in the place of a dump is recognised", async () => {
    const workbench = await debug(
      ({ folder }) => writeFile(join(folder, "module.coredump"), preamble),
      "module.coredump",
    );
    await says(workbench, "is a WebAssembly module, not a core dump");
  });

  it("a dump whose module is missing says so", async () => {
    const workbench = await debug(({ module }) => rm(module));
    await says(workbench, "is not in this workspace");
    await workbench.button("Choose Module…").waitFor();
  });

  it("a module without debug information is opened with a warning, at the function that crashed", async () => {
    const workbench = await debug(async ({ module }) =>
      writeFile(module, withoutDebugInformation(await readFile(module))),
    );
    await says(workbench, "No debug information for");
    await workbench.page.keyboard.press("Control+Shift+D");
    await workbench.selectedFrame.filter({ hasText: "calculate" }).waitFor();
  });

  it("a module of another build is not opened before the user agrees", async () => {
    const workbench = await debug(async ({ dump }) => {
      const notes = customSection("wasm-postmortem.notes", JSON.stringify({ buildId: "ccdd" }));
      await writeFile(dump, Buffer.concat([preamble, notes, (await readFile(dump)).subarray(8)]));
    });
    await workbench.dialog
      .filter({ hasText: "is of another build" })
      .filter({ hasText: "core dump is ccdd, that of the module 674525e4" })
      .waitFor();
    await workbench.press("Debug Anyway", workbench.debugToolbar);
  });

  it("a launch.json that names a missing dump says which", async () => {
    const workbench = await stage().newWindow(async (folder) => {
      const configuration = {
        type: "wasm-coredump",
        request: "launch",
        name: "Debug Wasm core dump",
        coreFile: "gone.coredump",
      };
      await mkdir(join(folder, ".vscode"));
      const launch = JSON.stringify({ version: "0.2.0", configurations: [configuration] });
      await writeFile(join(folder, ".vscode", "launch.json"), launch);
    });
    await workbench.page.keyboard.press("Control+Shift+D");
    await workbench.startUntil(workbench.notifications.filter({ hasText: "gone.coredump does not exist" }));
  });

  it("several dumps are offered to choose from", async () => {
    const workbench = await stage().newWindow(async (folder) => {
      const { dump } = filesIn(folder);
      await writeFile(join(folder, "other.coredump"), await readFile(dump));
    });
    await workbench.showRunView();
    await workbench.startUntil(workbench.quickInputRow("other.coredump"));
    await workbench.pick("other.coredump");
    await workbench.debugToolbar.waitFor();
  });
});

interface Files {
  readonly folder: string;
  readonly dump: string;
  readonly module: string;
}

const filesIn = (folder: string): Files => ({
  folder,
  dump: join(folder, "app.coredump"),
  module: join(folder, "target", "wasm32-wasip1", "debug", "app.wasm"),
});

/** The module with its sections renamed that DWARF lives in, so that nobody finds them. */
function withoutDebugInformation(module: Buffer): Buffer {
  return Buffer.from(module.toString("latin1").replaceAll(".debug_", ".hidden"), "latin1");
}
