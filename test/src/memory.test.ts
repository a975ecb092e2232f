/** Memory as the editor shows it, and as Memory Inspector asks for it, over the adapter itself. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { before, describe, it } from "mocha";
import { columnOf, hexDump } from "../../src/memory/hex-dump";
import { inspectorAdapter } from "../../src/memory/inspector";
import { Client } from "../adapter/client";
import { dumpPath, fixture, modulePath, sourceFolder } from "../fixtures";

describe("memory as text", () => {
  it("has 16 bytes a line, with their address and characters, and gaps where nothing is known", () => {
    const bytes = [...Array.from("Hello", (c) => c.charCodeAt(0)), undefined, 0xff, ...new Array(11).fill(0)];
    assert.equal(
      hexDump(0x10, bytes),
      [
        "0x00000010  48 65 6c 6c 6f ·· ff 00  00 00 00 00 00 00 00 00  Hello ··········",
        "0x00000020  00 00                                             ··",
      ].join("\n"),
    );
  });

  it("tells the column of a byte, to select it", () => {
    const [line] = hexDump(
      0,
      Array.from({ length: 16 }, (_, i) => 0xa0 + i),
    ).split("\n");
    for (const byte of [0, 7, 8, 15])
      assert.equal(line!.slice(columnOf(byte, 16), columnOf(byte, 16) + 2), (0xa0 + byte).toString(16));
  });
});

for (const [name, frameName, scope, expected] of [
  [
    "c-shapes-o0-dwarf5",
    "compounds",
    "Locals",
    { word: 8, frame: 20, path: 24, matrix: 24, handle: 4, operation: 4 },
  ],
  ["rust-classic", "app::process_thing", "Arguments", { thing: 4 }],
] as const) {
  describe(`Memory Inspector on ${name}`, () => {
    const crash = fixture(name);
    let client: Client;
    let frameId: number;
    const session = { customRequest: (command: string, args?: object) => client.get(command, args) };

    before(async () => {
      client = Client.inProcess();
      await client.stopAtCrash({
        program: modulePath(crash),
        coreFile: dumpPath(crash),
        workspaceFolders: [sourceFolder(crash)],
      });
      const { stackFrames } = await client.get("stackTrace", { threadId: 1 });
      frameId = stackFrames.find((frame: DebugProtocol.StackFrame) => frame.name === frameName).id;
    });

    it("learns where variables are and how many bytes they have", async () => {
      const ranges = await inspectorAdapter(() => frameId).getVariables(session);
      const sizes = new Map(
        ranges.map(({ name, startAddress, endAddress }) => [
          name,
          Number(BigInt(endAddress) - BigInt(startAddress)),
        ]),
      );
      for (const [variable, size] of Object.entries(expected))
        assert.equal(sizes.get(variable), size, `${scope}: ${variable}`);
    });

    it("is told nothing of what is not in memory", async () => {
      const adapter = inspectorAdapter(() => frameId);
      assert.equal(await adapter.getAddressOfVariable(session, "no_such_variable"), undefined);
      assert.equal(await adapter.getSizeOfVariable(session, "no_such_variable"), undefined);
    });
  });
}
