/** A session over a module whose debug information lies in files beside it, which are looked for while it runs. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, it } from "mocha";
import { dumpPath, fixture, modulePath } from "../fixtures";
import { Client, VS_CODE } from "./client";

describe("a session over split debug information", () => {
  for (const name of ["c-units/split-dwarf4-o0", "c-units/packed-dwarf5-o0"]) {
    it(`has names, lines, variables, types and completions of other units: ${name}`, async () => {
      const program = fixture(name);
      const client = Client.inProcess();
      await client.ask("initialize", VS_CODE);
      await client.ask("launch", { program: modulePath(program), coreFile: dumpPath(program) });
      await client.ask("configurationDone");
      const stack = await client.ask("stackTrace", { threadId: 1 });
      const frames: DebugProtocol.StackFrame[] = stack.body.stackFrames;
      assert.deepEqual(
        frames.slice(0, 2).map((frame) => [frame.name.replace(/\(.*/, ""), frame.line]),
        [
          ["peek", 21],
          ["settle", 34],
        ],
      );
      const evaluated = async (expression: string, frame: number): Promise<string> => {
        const answer = await client.ask("evaluate", { expression, frameId: frames[frame]!.id });
        return answer.success ? answer.body.result : (answer.message ?? "");
      };
      assert.equal(await evaluated("first->id", 1), "31");
      assert.match(await evaluated("sizeof(struct account)", frames.length - 1), /^\d+/);
      const completions = await client.ask("completions", {
        text: "first->ba",
        column: 10,
        frameId: frames[1]!.id,
      });
      assert.deepEqual(
        completions.body?.targets.map(({ label }: DebugProtocol.CompletionItem) => label),
        ["balance"],
      );
      const bt = await client.ask("evaluate", {
        expression: "info locals",
        frameId: frames[1]!.id,
        context: "repl",
      });
      assert.match(bt.body?.result ?? bt.message, /sum = 250/);
    });
  }
});
