/**
 * What a user waits for in the real VS Code with the packed extension: its activation, and from F5 until the values of
 * the crash frame are on screen. `npm run bench:editor [ROUNDS]`, after `npm run package`; prints medians.
 */
import type { Browser } from "playwright-core";
import { openBrowser } from "../test/vscode/support/browser";
import { copyDemo, packedExtension } from "../test/vscode/support/demo";
import { Server } from "../test/vscode/support/server";
import { type VsCode, versions } from "../test/vscode/support/versions";
import { Workbench } from "../test/vscode/support/workbench";

interface Times {
  /** Milliseconds, as VS Code itself counts them ("Show Running Extensions"). */
  readonly activation: number;
  /** Milliseconds from the key until each is on screen. */
  readonly crashLine: number;
  readonly values: number;
}

async function measure(browser: Browser, server: Server): Promise<Times> {
  const demo = await copyDemo();
  const workbench = await Workbench.open(browser, server.origin, demo.folder);
  const { page } = workbench;
  try {
    await workbench.showRunView();
    const started = performance.now();
    const since = (): number => performance.now() - started;
    await page.keyboard.press("F5");
    const [crashLine, values] = await Promise.all([
      page.locator(".view-overlays .debug-top-stack-frame-line").first().waitFor().then(since),
      workbench
        .variable(/value\s*[:=]\s*3/)
        .waitFor()
        .then(since),
    ]);
    await workbench.stopDebugging();
    // The list draws the rows that fit.
    await page.setViewportSize({ width: 1360, height: 2000 });
    await workbench.runCommand("Developer: Show Running Extensions");
    const row = page.locator(".editor-instance .monaco-list-row", { hasText: "Wasm Postmortem" }).first();
    await row.waitFor();
    const activation = Number(/Activation:\s*(\d+)\s*ms/.exec((await row.textContent()) ?? "")?.[1]);
    return { activation, crashLine, values };
  } finally {
    await workbench.close();
    await demo.remove();
  }
}

async function study(code: VsCode, rounds: number): Promise<void> {
  const server = await Server.start(code, packedExtension);
  const browser = await openBrowser();
  const all: Times[] = [];
  try {
    await measure(browser, server); // the first window fills caches
    for (let round = 0; round < rounds; round++) all.push(await measure(browser, server));
  } finally {
    await browser.close();
    await server.stop();
  }
  const cell = (member: keyof Times): string => {
    const sorted = all.map((times) => times[member]).sort((a, b) => a - b);
    return `${sorted[sorted.length >> 1]!.toFixed(0)} (${sorted[0]!.toFixed(0)}–${sorted.at(-1)!.toFixed(0)})`;
  };
  console.log(`| ${code.name} | ${cell("activation")} | ${cell("crashLine")} | ${cell("values")} |`);
}

async function main(): Promise<void> {
  const rounds = Math.max(1, Number(process.argv[2] ?? 7));
  console.log(
    `| ${rounds} rounds, ms: median (least–most) | activation | F5 to the crash line | F5 to the values |`,
  );
  console.log("|---|---|---|---|");
  for (const code of versions) await study(code, rounds);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
