/** Asks for what lets us into buckets, checks its form, and hands it to the editor's secrets. */
import * as vscode from "vscode";
import type { Access, GivenAccess, GivenCredentials } from "./access";

const { t } = vscode.l10n;

interface Way extends vscode.QuickPickItem {
  readonly ask: () => Promise<GivenCredentials | undefined>;
}

/** @param hasLogin whether wrangler can be asked for its login here @returns whether credentials were given */
export async function askForCredentials(access: Access, hasLogin: boolean): Promise<boolean> {
  const ways: Way[] = [
    {
      label: t("Access key of an R2 API token"),
      detail: t("Its id and secret, from the R2 page of Cloudflare's dashboard"),
      ask: askForKeys,
    },
    {
      label: t("API token"),
      detail: t("A token of Cloudflare's API that may read R2"),
      ask: askForToken,
    },
  ];
  if (hasLogin)
    ways.push({
      label: t("Login of wrangler"),
      detail: t("What `wrangler login` has stored, asked of wrangler each time"),
      ask: async () => ({ kind: "wrangler" }),
    });
  const title = t("Credentials for R2");
  const way = await vscode.window.showQuickPick(ways, { title, placeHolder: title });
  const credentials = await way?.ask();
  if (credentials === undefined) return false;
  const accountId = await input(t("Account id (empty: as the bucket's configuration says)"), {
    form: /^([0-9a-f]{32})?$/i,
    wrong: t("An account id has 32 hexadecimal digits."),
  });
  if (accountId === undefined) return false;
  const given: GivenAccess = { credentials, ...(accountId === "" ? {} : { accountId }) };
  await access.give(given);
  return true;
}

async function askForKeys(): Promise<GivenCredentials | undefined> {
  const accessKeyId = await input(t("Access key id"), { form: /^\S+$/, wrong: t("It has no spaces.") });
  const secretAccessKey =
    accessKeyId && (await input(t("Secret access key"), { ...SECRET, wrong: t("It has no spaces.") }));
  return accessKeyId && secretAccessKey ? { kind: "keys", accessKeyId, secretAccessKey } : undefined;
}

async function askForToken(): Promise<GivenCredentials | undefined> {
  const token = await input(t("API token"), { ...SECRET, wrong: t("It has no spaces.") });
  return token ? { kind: "token", token } : undefined;
}

interface Wanted {
  readonly form: RegExp;
  /** What to say of another form. */
  readonly wrong: string;
  readonly password?: boolean;
}

const SECRET = { form: /^\S+$/, password: true };

/** @returns undefined when the user gives up */
async function input(prompt: string, { form, wrong, password = false }: Wanted): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: t("Credentials for R2"),
    prompt,
    password,
    ignoreFocusOut: true,
    validateInput: (value) => (form.test(value.trim()) ? undefined : wrong),
  });
  return text?.trim();
}
