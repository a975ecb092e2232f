/** Starts the newest VS Code of the tests with an extension, for a browser: serve.ts EXTENSION WORKSPACE. */
import { Server } from "./support/server";
import { versions } from "./support/versions";

async function main([extension, workspace]: readonly string[]): Promise<void> {
  const server = await Server.start(versions.at(-1)!, extension);
  console.log(`\nVS Code runs at ${server.origin}/?folder=${encodeURIComponent(workspace ?? "")}`);
  console.log("Open it in a browser and press F5 to stand at the crash line. Ctrl+C ends it.");
  await new Promise((resolve) => process.once("SIGINT", resolve));
  await server.stop();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
