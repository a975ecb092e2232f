/** "Copy value": what a user pastes is the whole value, where a panel's line has room for a part. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, it } from "mocha";
import { dumpPath, fixture, modulePath, sourceFolder } from "../fixtures";
import { Client } from "./client";

describe("a value that is copied", () => {
  it("is whole where the watch shows its beginning", async () => {
    const crash = fixture("cpp-containers");
    const client = Client.inProcess();
    await client.stopAtCrash({
      program: modulePath(crash),
      coreFile: dumpPath(crash),
      workspaceFolders: [sourceFolder(crash)],
    });
    const { stackFrames } = await client.get("stackTrace", { threadId: 1 });
    const whole = `"${"n".repeat(300)}"`;
    let found = 0;
    for (const { id: frameId } of stackFrames as DebugProtocol.StackFrame[]) {
      const answer = await client.ask("evaluate", { expression: "novel", frameId, context: "clipboard" });
      if (!answer.success) continue;
      found++;
      assert.equal(answer.body.result, whole);
      const watched = await client.get("evaluate", { expression: "novel", frameId, context: "watch" });
      assert.match(watched.result, /^"n{100,150}"…$/);
    }
    assert.equal(found, 1);
  });
});
