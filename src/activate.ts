/** What the desktop and the browser share: everything but how files are read and where the adapter runs. */
import * as vscode from "vscode";
import type { Host } from "../host/host";
import { registerCommands } from "./commands";
import { ConfigurationList, ConfigurationProvider } from "./configuration-provider";
import { registerCrashPage } from "./crash-page/editor";
import { debugType } from "./debug-type";
import { watchForDumps } from "./dump-watch";
import { registerEditing } from "./editing";
import { registerLocalBuild } from "./local-build/command";
import { Remembered } from "./local-build/remembered";
import { registerMemory } from "./memory/register";
import { type OpenCrashes, registerCrashes } from "./r2/register";
import { Sessions } from "./sessions";
import { registerViewSettings } from "./view-settings";

export interface Platform {
  /** A new host at each call, as whoever uses it closes it. */
  host(): Host;
  readonly adapters: vscode.DebugAdapterDescriptorFactory;
  /** Loads what shows the crashes of buckets. */
  readonly openCrashes: OpenCrashes;
}

export function activateOn(platform: Platform, context: vscode.ExtensionContext): void {
  const { subscriptions, extensionUri, workspaceState } = context;
  const host = () => platform.host();
  const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  const sessions = new Sessions();
  const remembered = new Remembered(workspaceState);
  const buckets = registerCrashes(platform.openCrashes, host, remembered, context);
  subscriptions.push(
    sessions,
    vscode.debug.registerDebugConfigurationProvider(
      debugType,
      new ConfigurationProvider(host, remembered, buckets),
      Initial,
    ),
    vscode.debug.registerDebugConfigurationProvider(debugType, new ConfigurationList(host), Dynamic),
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, platform.adapters),
    registerCommands(host, extensionUri),
    registerLocalBuild(host, remembered),
    registerCrashPage(host, remembered),
    registerEditing(sessions),
    registerViewSettings(sessions),
    registerMemory(sessions),
    watchForDumps(host),
  );
}
