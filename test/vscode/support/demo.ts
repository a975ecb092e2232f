/** A copy of the demo's workspace, for tests that add to it. */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./versions";

export interface DemoWorkspace {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function copyDemo(): Promise<DemoWorkspace> {
  const parent = join(repository, "test", "vscode", ".state");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "workspace-"));
  await cp(join(repository, "examples", "rust-classic"), folder, { recursive: true });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The extension as users get it. */
export const packedExtension = join(repository, "wasm-postmortem-0.1.0.vsix");
