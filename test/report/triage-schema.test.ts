/** The triage as JSON is what docs/triage.schema.json says it is, and docs/TRIAGE.md tells every member of that. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import { triage } from "../../engine/postmortem/triage";
import { fixtures, loadDump, loadModule } from "../fixtures";
import { type Schema, violations } from "../support/json-schema";

const docs = join(__dirname, "../../docs");
const schema = JSON.parse(readFileSync(join(docs, "triage.schema.json"), "utf8")) as Schema;

/** As `triage --json` prints it. */
function printed(name: string): Record<string, unknown> {
  const found = fixtures.find((fixture) => fixture.name === name)!;
  const module = { path: found.module, source: new MemorySource(found.module, loadModule(found)) };
  const crash = openCrash({ dump: new MemorySource(found.dump, loadDump(found)), main: { module } });
  const source = { path: "/app/main.rs", lines: [{ number: 8, text: "    value - 10", crash: true }] };
  return JSON.parse(JSON.stringify({ ...triage(crash), source }));
}

describe("the schema of the triage", () => {
  it("describes every member of every real crash's triage", () => {
    for (const { name } of fixtures) assert.deepEqual(violations(printed(name), schema), [], name);
  });

  it("finds a member that is missing, one that is not described, and one of another kind", () => {
    const facts = printed("rust-classic");
    const { reason, frames } = facts as { reason: object; frames: object[] };
    const { warnings: _, ...without } = facts;
    assert.deepEqual(violations(without, schema), ["$.warnings is missing"]);
    assert.deepEqual(violations({ ...facts, extra: 1 }, schema), ["$.extra is not described"]);
    assert.deepEqual(violations({ ...facts, reason: { ...reason, kind: "boredom" } }, schema).length, 1);
    assert.deepEqual(violations({ ...facts, frames: [{ ...frames[0], line: -1 }] }, schema), [
      "$.frames[0].line is -1, less than 0",
    ]);
    assert.deepEqual(violations({ ...facts, source: null }, schema), []);
    assert.deepEqual(violations({ ...facts, modules: null }, schema), ["$.modules is null, not array"]);
  });

  it("is told in docs/TRIAGE.md, member by member", () => {
    const path = join(docs, "TRIAGE.md");
    const between = /(<!-- members: .*? -->\n)[\s\S]*?(<!-- end of members -->)/;
    const text = readFileSync(path, "utf8");
    const wanted = text.replace(between, (_, begin: string, end: string) => begin + table() + end);
    assert.match(text, between);
    if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(path, wanted);
    assert.equal(readFileSync(path, "utf8"), wanted);
  });
});

/** A row a member, under the names of what has them. */
function table(): string {
  const definitions = schema["$defs"] as Record<string, Schema>;
  const rows = [
    ...rowsOf(schema, ""),
    ...Object.entries(definitions).flatMap(([name, of]) => rowsOf(of, name)),
  ];
  return `| Member | Type | Meaning |\n|---|---|---|\n${rows.join("\n")}\n`;
}

function rowsOf(of: Schema, owner: string): string[] {
  const properties = (of["properties"] ?? {}) as Record<string, Schema>;
  const required = (of["required"] ?? []) as string[];
  return Object.entries(properties).flatMap(([name, member]) => {
    const path = owner === "" ? name : `${owner}.${name}`;
    const optional = required.includes(name) ? "" : "?";
    const told = (member["description"] ?? definitionOf(member)?.["description"] ?? "") as string;
    const row = `| \`${path}${optional}\` | ${typeOf(member)} | ${told}${valuesOf(member)} |`;
    return [row, ...rowsOf(member, path), ...rowsOf((member["items"] ?? {}) as Schema, `${path}[]`)];
  });
}

const definitionOf = (member: Schema): Schema | undefined =>
  (schema["$defs"] as Record<string, Schema>)[String(member["$ref"]).replace("#/$defs/", "")];

function typeOf(member: Schema): string {
  if ("$ref" in member) return String(member["$ref"]).replace("#/$defs/", "");
  if ("items" in member) return `${typeOf(member["items"] as Schema)}[]`;
  if ("const" in member) return `\`${JSON.stringify(member["const"])}\``;
  if ("enum" in member) return "string";
  return [member["type"]].flat().join(" or ");
}

const valuesOf = (member: Schema): string =>
  "enum" in member
    ? ` One of ${(member["enum"] as string[]).map((value) => `\`${value}\``).join(", ")}.`
    : "";
