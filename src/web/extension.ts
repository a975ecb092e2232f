/** The extension in a browser: files through the editor, the engine in Workers. */
import type * as vscode from "vscode";
import { accessFromEnvironment } from "../../r2/credentials";
import { activateOn } from "../activate";
import { EditorHost } from "../editor-host";
import { engine } from "../engine";
import { CrashesView } from "../r2/crashes-view";
import { EditorFileStore } from "../r2/editor-store";
import type { BucketPlatform } from "../r2/platform";

const browser: BucketPlatform = {
  store: (folder) => new EditorFileStore(folder),
  ownAccess: () => ({ environment: accessFromEnvironment({}) }),
  hasLogin: false,
  dispose() {},
};

export function activate(context: vscode.ExtensionContext): void {
  const host = () => new EditorHost();
  activateOn(
    {
      host,
      adapters: {
        async createDebugAdapterDescriptor() {
          const { inlineAdapter } = await engine();
          return inlineAdapter(host());
        },
      },
      openCrashes: async (crashes) => new CrashesView({ ...crashes, platform: browser }),
    },
    context,
  );
}
