/** What an editor is offered while an expression is typed into the console. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, it } from "mocha";
import { dumpPath, fixture, modulePath } from "../fixtures";
import { Client, VS_CODE } from "./client";

async function targets(
  args: Partial<DebugProtocol.CompletionsArguments>,
  traits = VS_CODE,
): Promise<DebugProtocol.CompletionItem[]> {
  const crashed = fixture("rust-classic");
  const client = Client.inProcess();
  await client.stopAtCrash({ program: modulePath(crashed), coreFile: dumpPath(crashed) }, traits);
  const { stackFrames } = await client.get("stackTrace", { threadId: 1 });
  const frame = (stackFrames as DebugProtocol.StackFrame[]).find(({ name }) =>
    name.endsWith("::process_thing"),
  );
  const { targets } = await client.get("completions", { frameId: frame?.id, ...args });
  await client.get("disconnect");
  return targets;
}

describe("completions", () => {
  it("offer a frame's variables, replacing what is typed of them", async () => {
    const [first] = await targets({ text: "1 + thi", column: 8 });
    assert.deepEqual(first, { label: "thing", type: "variable", start: 5, length: 3 });
  });

  it("offer members behind a dot, in the line where the cursor is", async () => {
    const found = await targets({ text: "1 +\nthing.va", line: 2, column: 9 });
    assert.deepEqual(found, [{ label: "value", type: "field", start: 7, length: 2 }]);
  });

  it("count as the client does", async () => {
    const counting = { ...VS_CODE, linesStartAt1: false, columnsStartAt1: false };
    const found = await targets({ text: "thing.va", line: 0, column: 8 }, counting);
    assert.deepEqual(found, [{ label: "value", type: "field", start: 6, length: 2 }]);
  });
});
