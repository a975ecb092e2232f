// A read-only file system over HTTP: `demo:/src/main.rs` is /workspace/src/main.rs of the server that the extension
// came from. A folder is answered as JSON: name → 1 (a file) or 2 (a folder).

const vscode = require("vscode");

exports.activate = (context) => {
  const { scheme, authority } = context.extensionUri;
  const ask = async ({ path }, query = "") => {
    const answer = await fetch(`${scheme}://${authority}/workspace${path}${query}`);
    if (!answer.ok) throw vscode.FileSystemError.FileNotFound(path);
    return answer;
  };
  const refuse = () => {
    throw vscode.FileSystemError.NoPermissions();
  };
  const files = {
    onDidChangeFile: new vscode.EventEmitter().event,
    watch: () => new vscode.Disposable(() => {}),
    stat: async (uri) => (await ask(uri, "?stat")).json(),
    readDirectory: async (uri) => Object.entries(await (await ask(uri, "?list")).json()),
    readFile: async (uri) => new Uint8Array(await (await ask(uri)).arrayBuffer()),
    writeFile: refuse,
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  context.subscriptions.push(
    vscode.workspace.registerFileSystemProvider("demo", files, { isReadonly: true, isCaseSensitive: true }),
  );
};
