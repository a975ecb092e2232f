/** The extension in another language, as its users read it: German has all of its texts, and the adapter's. */
import { it } from "mocha";
import { inEachVsCode } from "./support/stage";

inEachVsCode("In German", (stage) => {
  it("commands, views and questions are German", async () => {
    const workbench = await stage().newWindow(undefined, "de");
    await workbench.page.keyboard.press("Control+Shift+D");
    await workbench.button("Wasm-Core-Dump debuggen").waitFor();
    await workbench.runCommand("Wasm: Beispielabsturz öffnen");
    await workbench.standsAt(/crash here/);
    await workbench.variable("Lokale Variablen").waitFor();
    await workbench.runCommand("Wasm: Im Speicher suchen…");
    await workbench.pick("Text");
    await workbench.quickInputTitled("Der Text, als UTF-8").waitFor();
    await stage().screenshot("German");
  });
});
