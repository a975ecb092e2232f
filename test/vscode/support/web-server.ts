/**
 * VS Code's workbench in the browser with no server behind it, as vscode.dev is: static files of the workbench, the
 * packed extension as a web extension, and a workspace that only a file system of the editor's reads.
 */

import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { createServer, type Server as HttpServer, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { repository, type VsCode } from "./versions";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

export class WebServer {
  private constructor(
    readonly origin: string,
    private readonly server: HttpServer,
  ) {}

  /**
   * @param extension the packed extension's files, by their names in the archive
   * @param workspace a folder of this machine, which the browser sees as `demo:/`
   */
  static async start(
    code: VsCode,
    extension: ReadonlyMap<string, Buffer>,
    workspace: string,
  ): Promise<WebServer> {
    const roots: Readonly<Record<string, string>> = {
      "/static/": code.server,
      "/files/": join(repository, "test/vscode/web/files"),
    };
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const path = normalize(decodeURIComponent(url.pathname));
      const root = Object.keys(roots).find((prefix) => path.startsWith(prefix));
      if (path === "/") send(response, ".html", page(code, String(request.headers.host)));
      else if (path.startsWith("/extension/")) send(response, extname(path), extension.get(path.slice(1)));
      else if (path.startsWith("/workspace"))
        workspaceFile(response, join(workspace, path.slice("/workspace".length)), url.search);
      else send(response, extname(path), root && read(join(roots[root]!, path.slice(root.length))));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return new WebServer(`http://127.0.0.1:${port}`, server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function send(response: ServerResponse, type: string, content: Buffer | string | undefined): void {
  response.writeHead(content === undefined ? 404 : 200, {
    "content-type": TYPES[type] ?? "application/octet-stream",
    "access-control-allow-origin": "*",
  });
  response.end(content);
}

function read(path: string): Buffer | string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return undefined;
  const content = readFileSync(path);
  return path.endsWith("/workbench/workbench.js") ? withoutRemote(content.toString()) : content;
}

/**
 * What code-server changed in the workbench, changed back to what VS Code's own does: the page's host is not taken for
 * a server of extensions, and the user's data stays in the browser.
 */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/,remoteAuthority:location\.host\}/, "}"],
  [/(file\(this\.userDataPath\)\.with\(\{scheme:)\w+\.vscodeRemote\}/, '$1"vscode-userdata"}'],
];

function withoutRemote(workbench: string): string {
  return CHANGES.reduce((text, [found, instead]) => {
    if (!found.test(text)) throw new Error(`This workbench differs: ${found}`);
    return text.replace(found, instead);
  }, workbench);
}

function workspaceFile(response: ServerResponse, path: string, query: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) send(response, ".json", undefined);
  else if (query === "") send(response, extname(path), read(path));
  else send(response, ".json", JSON.stringify(query === "?list" ? listed(path) : statOf(stat)));
}

const typeOf = (entry: { isFile(): boolean }): number => (entry.isFile() ? 1 : 2);

const statOf = (stat: Stats) => ({ type: typeOf(stat), ctime: 0, mtime: stat.mtimeMs, size: stat.size });

const listed = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, typeOf(entry)]),
  );

/** The workbench's own page, told that there is no server and which extensions there are. */
function page({ server }: VsCode, host: string): string {
  const extension = (path: string) => ({ scheme: "http", authority: host, path });
  const configuration = {
    folderUri: { scheme: "demo", authority: "", path: "/" },
    additionalBuiltinExtensions: [extension("/files"), extension("/extension")],
    configurationDefaults: {
      "telemetry.telemetryLevel": "off",
      "workbench.startupEditor": "none",
      "workbench.secondarySideBar.defaultVisibility": "hidden",
      "chat.disableAIFeatures": true,
      "security.workspace.trust.enabled": false,
    },
    enableWorkspaceTrust: false,
    // By itself views of extensions come from a host of VS Code's in the internet.
    webviewEndpoint: `http://${host}/static/out/vs/workbench/contrib/webview/browser/pre`,
    userDataPath: "/user",
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
  };
  const values: Readonly<Record<string, string>> = {
    WORKBENCH_WEB_CONFIGURATION: JSON.stringify(configuration).replaceAll('"', "&quot;"),
    WORKBENCH_WEB_BASE_URL: "/static",
    WORKBENCH_NLS_FALLBACK_URL: "/static/out/nls.messages.js",
    WORKBENCH_NLS_URL: "/static/out/nls.messages.js",
  };
  const html = readFileSync(join(server, "out/vs/code/browser/workbench/workbench.html"), "utf8");
  return html.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
}
