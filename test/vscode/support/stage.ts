/**
 * Where the tests of the packed extension play: for each VS Code a browser and a server, and a window on a copy of the
 * demo. The window stays open from test to test while they pass. After a failure the next one gets a new window, with
 * the settings as they were: so a test can be tried again.
 */
import { after, afterEach, before, describe } from "mocha";
import type { Browser } from "playwright-core";
import { openBrowser } from "./browser";
import { copyDemo, type DemoWorkspace, packedExtension } from "./demo";
import { Server } from "./server";
import { type VsCode, versions } from "./versions";
import { Workbench } from "./workbench";

export class Stage {
  private demo: DemoWorkspace | undefined;
  private kept: Workbench | undefined;

  private constructor(
    readonly code: VsCode,
    private readonly browser: Browser,
    private readonly server: Server,
  ) {}

  static async start(code: VsCode): Promise<Stage> {
    return new Stage(code, await openBrowser(), await Server.start(code, packedExtension));
  }

  async stop(): Promise<void> {
    await this.clear();
    await this.browser.close();
    await this.server.stop();
  }

  /** The window that the test before left, tidied up; a new one where there is none. */
  async window(): Promise<Workbench> {
    if (this.kept === undefined) return this.newWindow();
    await this.kept.tidy();
    return this.kept;
  }

  /**
   * @param prepare changes the workspace before it is opened; gets its folder
   * @param language that the extension speaks
   */
  async newWindow(prepare?: (folder: string) => Promise<void>, language?: string): Promise<Workbench> {
    await this.clear();
    this.demo = await copyDemo();
    await prepare?.(this.demo.folder);
    this.kept = await Workbench.open(this.browser, this.server.origin, this.demo.folder, language);
    return this.kept;
  }

  /** Names of the files that the extension has fetched from buckets. */
  async fetchedFiles(): Promise<readonly string[]> {
    return this.server.stored("fetched");
  }

  async screenshot(name: string): Promise<void> {
    await this.kept?.screenshot(`${this.code.name} ${name}`);
  }

  /** A test has ended. */
  async finish(title: string, passed: boolean): Promise<void> {
    await this.screenshot(title);
    if (passed) return;
    await this.clear();
    await this.server.resetSettings();
  }

  private async clear(): Promise<void> {
    await this.kept?.close();
    this.kept = undefined;
    await this.demo?.remove();
    this.demo = undefined;
  }
}

/** Defines the same tests in each VS Code. What waits for a screen is tried once more before it counts as failed. */
export function inEachVsCode(title: string, define: (stage: () => Stage, code: VsCode) => void): void {
  for (const code of versions) {
    describe(`${title} in ${code.name}`, function () {
      this.retries(1);
      let stage: Stage | undefined;
      before(async () => {
        stage = await Stage.start(code);
      });
      afterEach(async function () {
        await stage?.finish(this.currentTest?.title ?? "", this.currentTest?.state === "passed");
      });
      after(async () => {
        await stage?.stop();
      });
      define(() => stage!, code);
    });
  }
}
