/** Tells the user what failed, with the button that may cure it. */
import * as vscode from "vscode";
import { FormatError } from "../../engine/bytes/errors";
import { HostError } from "../../host/host";
import { BucketError } from "../../r2/errors";
import { isAboutCredentials, messageOf } from "./items";

const { t } = vscode.l10n;

/**
 * Runs what may fail for reasons that are the user's to know.
 * @returns undefined when it failed and was not tried again with success
 */
export async function told<T>(action: () => Promise<T>): Promise<T | undefined> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof BucketError || error instanceof HostError || error instanceof FormatError))
        throw error;
      const wayOut = isAboutCredentials(error) ? t("Set Credentials…") : t("Try Again");
      if ((await vscode.window.showErrorMessage(messageOf(error), wayOut)) !== wayOut) return undefined;
      if (isAboutCredentials(error))
        await vscode.commands.executeCommand("wasm-postmortem.setBucketCredentials");
    }
  }
}
