/** docs/CONSOLE.md lists the commands that there are, as help tells them. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { COMMANDS } from "../../engine/console/console";
import { SETTINGS } from "../../engine/console/settings";

const path = join(__dirname, "../../docs/CONSOLE.md");
const BETWEEN = /(<!-- commands: .*? -->\n)[\s\S]*?(<!-- end of commands -->)/;

/** A cell of a table: a bar would end it. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (text: string): string => `\`${cell(text)}\``;

function table(): string {
  const listed = COMMANDS.filter(({ summary }) => summary !== "");
  const rows = listed.flatMap((command) => {
    const { subcommands = [] } = command;
    return [command, ...subcommands.filter(({ summary }) => summary !== "")];
  });
  const lines = rows.map(({ usage, names, summary }) => {
    const also = names.slice(1).map(code).join(" ");
    return `| ${code(usage)} | ${also} | ${cell(summary)} |`;
  });
  const settings = SETTINGS.map(({ name, values }) => `| ${code(`set ${name}`)} | ${code(values)} |`);
  return [
    "| Command | Also | What it tells |",
    "|---|---|---|",
    ...lines,
    "",
    "| Setting | Values |",
    "|---|---|",
    ...settings,
    "",
  ].join("\n");
}

describe("docs/CONSOLE.md", () => {
  it("has every command and setting as the console itself explains them", () => {
    const text = readFileSync(path, "utf8");
    const wanted = text.replace(BETWEEN, (_, begin: string, end: string) => begin + table() + end);
    assert.match(text, BETWEEN);
    if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(path, wanted);
    assert.equal(readFileSync(path, "utf8"), wanted);
  });
});
