/** What the engine names in English, as the client's user reads it: the engine has no languages. */
import { t } from "@vscode/l10n";

const TEXTS: Readonly<Record<string, () => string>> = {
  Arguments: () => t("Arguments"),
  Locals: () => t("Locals"),
  "Locals of the outer block": () => t("Locals of the outer block"),
  Statics: () => t("Statics"),
  "Wasm Locals": () => t("Wasm Locals"),
  "Wasm Operand Stack": () => t("Wasm Operand Stack"),
  "Wasm Globals": () => t("Wasm Globals"),
  "Wasm Tables": () => t("Wasm Tables"),
  "Arguments (registers recovered)": () => t("Arguments (registers recovered)"),
  "Locals (registers recovered)": () => t("Locals (registers recovered)"),
  "Locals of the outer block (registers recovered)": () =>
    t("Locals of the outer block (registers recovered)"),
  "Wasm Locals (recovered)": () => t("Wasm Locals (recovered)"),
  "Wasm Operand Stack (recovered)": () => t("Wasm Operand Stack (recovered)"),
  "Looking for names in the whole program": () => t("Looking for names in the whole program"),
  "Looking through memory": () => t("Looking through memory"),
};

/** A name of a scope or of long work; any other as it is. */
export const inUsersLanguage = (name: string): string => TEXTS[name]?.() ?? name;
