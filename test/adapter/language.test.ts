/** What the adapter says to a user who reads another language than English, over its pipes as an editor starts it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, it } from "mocha";
import { dumpPath, fixture, modulePath, sourceFolder } from "../fixtures";
import { Client } from "./client";

const ROOT = join(__dirname, "../..");

describe("the adapter in German", () => {
  it("names scopes, the crash and what cannot be done in German", async () => {
    const crash = fixture("rust-classic");
    const client = Client.overPipes(["--import", "tsx", join(ROOT, "adapter/main.ts")], {
      WASM_POSTMORTEM_L10N: join(ROOT, "l10n/bundle.l10n.de.json"),
    });
    const stopped = await client.stopAtCrash({
      program: modulePath(crash),
      coreFile: dumpPath(crash),
      workspaceFolders: [sourceFolder(crash)],
    });
    assert.equal(stopped.description, "Abgestürzt: Rust-Panic");
    const { stackFrames } = await client.get("stackTrace", { threadId: 1 });
    const own = stackFrames.find(({ name }: DebugProtocol.StackFrame) => name === "app::calculate");
    const { scopes } = await client.get("scopes", { frameId: own.id });
    const names = scopes.map(({ name }: DebugProtocol.Scope) => name);
    const german = [
      "Argumente",
      "Statische Variablen",
      "Wasm-Locals",
      "Wasm-Operandenstapel",
      "Wasm-Globals",
    ];
    for (const name of german) assert.ok(names.includes(name), `${name}: ${names}`);
    assert.match(await client.refusal("continue", { threadId: 1 }), /^Das ist ein Core-Dump/);
    assert.equal(await client.end(), 0);
  });
});
