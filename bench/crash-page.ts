/**
 * What the page of a large dump costs in the real VS Code: a gigabyte of noise on the disk, from the click until the page
 * is on screen, and what the process of the extensions reads and holds meanwhile. `npx tsx bench/crash-page.ts [MB]`,
 * after `npm run package`.
 */
import { randomFillSync } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { writeLargeDump } from "../test/support/large-dump";
import { openBrowser } from "../test/vscode/support/browser";
import { copyDemo, packedExtension } from "../test/vscode/support/demo";
import { Server } from "../test/vscode/support/server";
import { type VsCode, versions } from "../test/vscode/support/versions";
import { Workbench } from "../test/vscode/support/workbench";

const NAME = "large.coredump";
const PIECE = 1 << 20;

/** The demo's dump, of a memory that had grown, with bytes that no compression or sparse file could leave out. */
function writeNoisyDump(folder: string, megabytes: number): number {
  const path = join(folder, NAME);
  const dump = readFileSync(join(folder, "app.coredump"));
  const { start, size } = writeLargeDump(path, dump, 0x20000, megabytes * 16);
  const noise = randomFillSync(new Uint8Array(PIECE));
  const file = openSync(path, "r+");
  for (let at = 0; at < size; at += PIECE) writeSync(file, noise, 0, Math.min(PIECE, size - at), start + at);
  closeSync(file);
  return start + size;
}

interface Usage {
  /** Bytes that it has read, from files and from all else. */
  readonly read: number;
  /** Its largest resident set so far, in kB. */
  readonly resident: number;
}

/** The process in which extensions run. */
function extensionHost(): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    if (procFile(pid, "cmdline").includes("--type=extensionHost")) return Number(pid);
  throw new Error("There is no extension host.");
}

function procFile(pid: number | string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

const usage = (pid: number): Usage => ({
  read: Number(/^rchar: (\d+)/m.exec(procFile(pid, "io"))?.[1]),
  resident: Number(/^VmHWM:\s*(\d+)/m.exec(procFile(pid, "status"))?.[1]),
});

async function study(code: VsCode, megabytes: number): Promise<void> {
  const demo = await copyDemo();
  const bytes = writeNoisyDump(demo.folder, megabytes);
  const server = await Server.start(code, packedExtension);
  const browser = await openBrowser();
  try {
    const workbench = await Workbench.open(browser, server.origin, demo.folder);
    const shown = workbench.webview.locator("h1", { hasText: "attempt to subtract with overflow" });
    // Editors of their own are known when the extension is.
    await workbench.showRunView();
    await workbench.page.keyboard.press("Control+Shift+E");
    // The small dump first: so the extension is there, and what is measured is the large one alone.
    const open = async (name: string): Promise<number> => {
      const started = performance.now();
      await workbench.explorerRow(name).dblclick();
      await shown.waitFor({ timeout: 60_000 });
      return performance.now() - started;
    };
    const small = await open("app.coredump");
    await workbench.runCommand("View: Close All Editors");
    const pid = extensionHost();
    const before = usage(pid);
    const time = await open(NAME);
    const after = usage(pid);
    const megabyte = (value: number): string => (value / 1e6).toFixed(2);
    console.log(
      `${code.name}: ${megabyte(bytes)} MB dump: page after ${time.toFixed(0)} ms (the small one, which came first: ${small.toFixed(0)} ms); ` +
        `the extensions' process read ${megabyte(after.read - before.read)} MB of anything, and its largest resident set went from ${megabyte(before.resident * 1024)} to ${megabyte(after.resident * 1024)} MB`,
    );
  } finally {
    await browser.close();
    await server.stop();
    await demo.remove();
  }
}

async function main(): Promise<void> {
  const megabytes = Number(process.argv[2] ?? 1024);
  for (const code of versions) await study(code, megabytes);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
