/** The entry that VS Code calls inside its extension host: runs the suite there with mocha. */
import Mocha from "mocha";

export function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, reporter: "spec", color: false });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  require("./extension.suite");
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const { passes, pending } = runner.stats ?? { passes: 0, pending: 0 };
      console.log(`suite: ${passes} passed, ${failures} failed, ${pending} skipped`);
      failures === 0 ? resolve() : reject(new Error(`${failures} tests failed.`));
    });
  });
}
