/** What only code inside VS Code can see: activation, contributed configurations, and the session's answers. */
import assert from "node:assert/strict";
import * as vscode from "vscode";

const extension = () => vscode.extensions.getExtension("wasm-postmortem.wasm-postmortem")!;
const folder = () => vscode.workspace.workspaceFolders![0]!;

/** Starts a session and waits until it has stopped at the crash. */
async function debug(configuration: object): Promise<vscode.DebugSession> {
  const stopped = new Promise<vscode.DebugSession>((resolve) => {
    const listener = vscode.debug.registerDebugAdapterTrackerFactory("wasm-coredump", {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage(message) {
          if (message.type !== "event" || message.event !== "stopped") return;
          listener.dispose();
          resolve(session);
        },
      }),
    });
  });
  const given = { type: "wasm-coredump", request: "launch", name: "Test", ...configuration };
  assert.ok(await vscode.debug.startDebugging(folder(), given));
  return stopped;
}

describe("The extension inside VS Code", () => {
  afterEach(() => vscode.debug.stopDebugging());

  it("activates", async () => {
    await extension().activate();
    assert.ok(extension().isActive);
  });

  it("offers its commands", async () => {
    await extension().activate();
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes("wasm-postmortem.openCoreDump"));
    assert.ok(commands.includes("wasm-postmortem.debugCoreDump"));
  });

  it("finds dump and module of the workspace for a configuration that names neither", async () => {
    const session = await debug({});
    const { coreFile, program } = session.configuration;
    assert.match(coreFile, /app\.coredump$/);
    assert.match(program, /app\.wasm$/);
  });

  it("takes paths relative to the workspace's folder", async () => {
    const session = await debug({ coreFile: "app.coredump" });
    assert.equal(session.configuration["coreFile"], vscode.Uri.joinPath(folder().uri, "app.coredump").fsPath);
  });

  it("answers an expression in the crash frame", async () => {
    const session = await debug({});
    const { threads } = await session.customRequest("threads");
    const { stackFrames } = await session.customRequest("stackTrace", { threadId: threads[0].id });
    const crash = stackFrames.find((frame: { name: string }) => frame.name.includes("calculate"));
    const { result } = await session.customRequest("evaluate", {
      expression: "value",
      frameId: crash.id,
      context: "watch",
    });
    assert.equal(result, "3");
  });

  it("opens files that only the editor can read, with the adapter inline", async () => {
    const files = new Map<string, Uint8Array>();
    for (const path of ["app.coredump", "target/wasm32-wasip1/debug/app.wasm"]) {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder().uri, path));
      files.set(`/${path.slice(path.lastIndexOf("/") + 1)}`, bytes);
    }
    const provider = vscode.workspace.registerFileSystemProvider("wasm-test", readOnlyFiles(files), {
      isReadonly: true,
    });
    try {
      const session = await debug({
        coreFile: "wasm-test:/app.coredump",
        program: "wasm-test:/app.wasm",
      });
      const { threads } = await session.customRequest("threads");
      assert.equal(threads.length, 1);
    } finally {
      provider.dispose();
    }
  });
});

function readOnlyFiles(files: ReadonlyMap<string, Uint8Array>): vscode.FileSystemProvider {
  const refuse = () => {
    throw vscode.FileSystemError.NoPermissions();
  };
  const content = ({ path }: vscode.Uri) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw vscode.FileSystemError.FileNotFound();
    return bytes;
  };
  return {
    onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
    watch: () => new vscode.Disposable(() => {}),
    stat: (uri) => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: content(uri).length }),
    readFile: content,
    readDirectory: () => [],
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}
