/**
 * Whole sessions over real crashes against transcripts that were read and found right (test/golden).
 * `UPDATE_GOLDEN=1` writes them anew; a difference leaves the new text beside the old one as `.actual`.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "mocha";
import { dumpPath, type Fixture, fixtures, modulePath, sourceFolder } from "../fixtures";
import { Client } from "./client";
import { transcript } from "./transcript";

const ROOT = join(__dirname, "../..");
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

const session = (client: Client, fixture: Fixture): Promise<string> =>
  transcript(client, {
    title: fixture.name,
    program: modulePath(fixture),
    coreFile: dumpPath(fixture),
    workspaceFolder: sourceFolder(fixture),
    places: { "<repository>": ROOT, "<unpacked>": dirname(modulePath(fixture)) },
  });

function compare(name: string, actual: string): void {
  const golden = join(ROOT, "test/golden", `${name}.txt`);
  mkdirSync(dirname(golden), { recursive: true });
  const difference = `${golden}.actual`;
  rmSync(difference, { force: true });
  if (UPDATE) writeFileSync(golden, actual);
  const expected = existsSync(golden) ? readFileSync(golden, "utf8") : "";
  if (expected !== actual) writeFileSync(difference, actual);
  assert.equal(actual, expected, `the session differs from test/golden/${name}.txt`);
}

describe("whole sessions over real crashes", () => {
  for (const fixture of fixtures) {
    it(`show ${fixture.name} as recorded`, async () => {
      compare(fixture.name, await session(Client.inProcess(), fixture));
    });
  }

  it("are the same over pipes, and the adapter ends with its input", async () => {
    const fixture = fixtures[0]!;
    const client = Client.overPipes(["--import", "tsx", join(ROOT, "adapter/main.ts")]);
    const text = await session(client, fixture).finally(() => client.end());
    compare(fixture.name, text);
    assert.equal(await client.end(), 0);
  });
});
