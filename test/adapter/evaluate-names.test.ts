/** "Add to Watch" and hovers type a variable's `evaluateName`: it must give what the variables view shows. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, it } from "mocha";
import { dumpPath, fixtures, modulePath } from "../fixtures";
import { Client } from "./client";

const DEPTH = 3;
const WIDTH = 20;
/** Members that compilers add under names that no source can spell, e.g. `_vptr$Shape`. */
const COMPILER_MADE = /\$/;

async function* variables(
  client: Client,
  variablesReference: number,
  depth = 0,
): AsyncGenerator<DebugProtocol.Variable> {
  const page = await client.get("variables", { variablesReference, start: 0, count: WIDTH });
  for (const variable of page.variables as DebugProtocol.Variable[]) {
    if (!variable.presentationHint?.lazy) yield variable;
    if (variable.variablesReference > 0 && depth < DEPTH) {
      yield* variables(client, variable.variablesReference, depth + 1);
    }
  }
}

describe("a variable's expression", () => {
  for (const fixture of fixtures) {
    it(`evaluates to what is shown, in every frame of ${fixture.name}`, async () => {
      const client = Client.inProcess();
      await client.stopAtCrash({ program: modulePath(fixture), coreFile: dumpPath(fixture) });
      const { stackFrames } = await client.get("stackTrace", { threadId: 1 });
      const wrong: string[] = [];
      let checked = 0;
      for (const frame of stackFrames as DebugProtocol.StackFrame[]) {
        if (frame.presentationHint !== "normal") continue;
        const { scopes } = await client.get("scopes", { frameId: frame.id });
        for (const { presentationHint, variablesReference } of scopes as DebugProtocol.Scope[]) {
          if (presentationHint !== "arguments" && presentationHint !== "locals") continue;
          for await (const { evaluateName, value } of variables(client, variablesReference)) {
            if (evaluateName === undefined || COMPILER_MADE.test(evaluateName)) continue;
            checked++;
            const { body, message } = await client.ask("evaluate", {
              expression: evaluateName,
              frameId: frame.id,
            });
            const result = body?.result ?? message;
            if (result !== value)
              wrong.push(`${frame.name}: ${evaluateName} gives ${result}, shown is ${value}`);
          }
        }
      }
      assert.deepEqual(wrong, []);
      assert.ok(checked > 0 || fixture.name.includes("/"), "the frames have variables");
      await client.get("disconnect");
    });
  }
});
