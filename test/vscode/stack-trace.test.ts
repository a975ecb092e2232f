/** A stack trace from a log, opened in the real VS Code as a crash with frames and lines. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "mocha";
import { v8Stack } from "../support/v8-stack";
import { inEachVsCode } from "./support/stage";

inEachVsCode("A stack trace of a log", (stage) => {
  it("opens at the program's line, with its frames and their sources, and no values", async () => {
    const workbench = await stage().newWindow(async (folder) => {
      const module = join(folder, "target", "wasm32-wasip1", "debug", "app.wasm");
      const log = `12:00:01 started\n12:00:02 ${v8Stack(await readFile(module))}\n12:00:03 stopped\n`;
      await writeFile(join(folder, "server.log"), log);
    });
    await workbench.openFile("server.log");
    await workbench.runCommand("Wasm: Open Stack Trace");
    await workbench.standsAt(/value - 10/);
    await workbench.page.keyboard.press("Control+Shift+D");
    for (const name of ["calculate", "process_thing", "main"])
      await workbench.frame(name).filter({ hasText: "main.rs" }).waitFor();
    await workbench.selectFrame("process_thing");
    await workbench.line(/let\sresult\s=\scalculate/).waitFor();
    await workbench.variable(/thing.*unavailable/).waitFor();
  });

  it("opens from what was copied, where no file has one", async () => {
    let trace = "";
    const workbench = await stage().newWindow(async (folder) => {
      trace = v8Stack(await readFile(join(folder, "target", "wasm32-wasip1", "debug", "app.wasm")));
    });
    await workbench.copy(trace);
    await workbench.runCommand("Wasm: Open Stack Trace");
    await workbench.standsAt(/value - 10/);
  });

  it("says what is missing where no trace is", async () => {
    const workbench = await stage().newWindow();
    await workbench.copy("nothing");
    await workbench.openFile("Cargo.toml");
    await workbench.runCommand("Wasm: Open Stack Trace");
    await workbench.notifications.filter({ hasText: "no stack trace with WebAssembly frames" }).waitFor();
  });
});
