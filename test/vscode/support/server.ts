/** A VS Code server with a user and extensions of its own, which leaves nothing behind but its log. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository, type VsCode } from "./versions";

/** A quiet workbench: nothing that opens by itself, nothing that asks the internet. */
const settings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "remote.autoForwardPorts": false,
  "telemetry.telemetryLevel": "off",
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.enabled": false,
  "update.mode": "none",
  "files.simpleDialog.enable": true,
  "git.openRepositoryInParentFolders": "never",
};

export class Server {
  private constructor(
    readonly origin: string,
    private readonly state: string,
    private readonly process: ChildProcess,
  ) {}

  /**
   * @param extension a packed extension to install first; without one, the server takes the URL keys that name
   *   an extension under development and its tests, and shows no messages as they pop up
   */
  static async start(code: VsCode, extension?: string): Promise<Server> {
    const parent = join(repository, "test", "vscode", ".state");
    await mkdir(parent, { recursive: true });
    const state = await mkdtemp(join(parent, "server-"));
    const folder = (name: string) => join(state, name);
    await writeSettings(state);
    const port = await freePort();
    const flags = [
      join(code.server, "out", "server-main.js"),
      ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
      ...["--accept-server-license-terms", "--telemetry-level", "off", "--disable-workspace-trust"],
      ...["--server-data-dir", folder("server"), "--user-data-dir", folder("user")],
      ...["--extensions-dir", folder("extensions")],
      ...(extension ? [] : ["--enable-smoke-test-driver"]),
    ];
    const env = { ...process.env, EXTENSIONS_GALLERY: "{}", HOME: state };
    if (extension) {
      await promisify(execFile)(code.node, [...flags, "--install-extension", extension], { env });
    }
    // A process group of its own, so that `stop` ends the extension hosts as well.
    const server = spawn(code.node, flags, { env, detached: true, stdio: "ignore" });
    const origin = `http://127.0.0.1:${port}`;
    await answering(`${origin}/version`, server);
    return new Server(origin, state, server);
  }

  /** Names of the files in a folder of what the extension keeps for all windows; none where it is not there. */
  async stored(folder: string): Promise<readonly string[]> {
    const kept = join(this.state, "user", "User", "globalStorage", "wasm-postmortem.wasm-postmortem", folder);
    return readdir(kept).catch(() => []);
  }

  /** Undoes what tests have set. */
  async resetSettings(): Promise<void> {
    await writeSettings(this.state);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null) {
      process.kill(-this.process.pid!, "SIGKILL");
      await ended;
    }
    await rm(this.state, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function writeSettings(state: string): Promise<void> {
  const folder = join(state, "user", "User");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "settings.json"), JSON.stringify(settings));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    if (server.exitCode !== null) throw new Error(`The VS Code server ended with ${server.exitCode}.`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The VS Code server did not answer within 15 seconds.");
}
