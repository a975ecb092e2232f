/**
 * The same suite in the desktop's VS Code, on a machine that may download it: `npm run test:electron`.
 */
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { copyDemo } from "./support/demo";
import { repository } from "./support/versions";

async function main(): Promise<void> {
  for (const version of ["1.100.3", "stable"]) {
    const demo = await copyDemo();
    try {
      await runTests({
        version,
        extensionDevelopmentPath: repository,
        extensionTestsPath: join(repository, "test", "vscode", ".state", "suite"),
        launchArgs: [demo.folder, "--disable-extensions", "--skip-welcome", "--disable-workspace-trust"],
      });
    } finally {
      await demo.remove();
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
