/** The debug console takes commands beside expressions. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, beforeEach, describe, it } from "mocha";
import { dumpPath, fixture, modulePath, sourceFolder } from "../fixtures";
import { Client, VS_CODE } from "./client";

describe("the debug console", () => {
  let client: Client;
  let frames: DebugProtocol.StackFrame[];
  beforeEach(async () => {
    const crashed = fixture("c-shapes-o0-dwarf5");
    client = Client.inProcess();
    await client.stopAtCrash({
      program: modulePath(crashed),
      coreFile: dumpPath(crashed),
      workspaceFolders: [sourceFolder(crashed)],
    });
    ({ stackFrames: frames } = await client.get("stackTrace", { threadId: 1 }));
  });
  afterEach(() => client.get("disconnect"));

  const frame = (name: string) => frames.find((candidate) => candidate.name === name)?.id;
  const say = async (expression: string, frameId?: number) =>
    (await client.get("evaluate", {
      expression,
      context: "repl",
      frameId,
    })) as DebugProtocol.EvaluateResponse["body"];

  it("answers gdb's commands from the frame that is selected", async () => {
    assert.match((await say("bt 2", frame("load"))).result, /^#0 {2}load .*\n#1 {2}read_through/);
    assert.match((await say("info locals", frame("descend"))).result, /^visits = 103\nkey = 3\nnext = 0x0/);
    assert.match((await say("list", frame("compounds"))).result, /163→\t {2}int result = scalars\(root\)/);
    assert.match((await say("x/s global_name", frame("main"))).result, /"postmortem"/);
  });

  it("gives what is printed with its members", async () => {
    const { result, variablesReference } = await say("p frame", frame("compounds"));
    assert.match(result, /^\{min: \{x: 1, y: 2\}/);
    const { variables } = await client.get("variables", { variablesReference });
    assert.deepEqual(
      (variables as DebugProtocol.Variable[]).map(({ name }) => name),
      ["min", "max", "label"],
    );
  });

  it("goes on from what it gave before, which a watch can refer to as well", async () => {
    await say("frame.max", frame("compounds"));
    await say("p frame.min", frame("compounds"));
    assert.equal((await say("$$.x + $.y", frame("compounds"))).result, "32");
    assert.equal((await say("p $1.y", frame("main"))).result, "40");
    const watched = await client.get("evaluate", {
      expression: "$1.y",
      context: "watch",
      frameId: frame("main"),
    });
    assert.equal(watched.result, "40");
    assert.match(
      (await say("show values")).result,
      /^\$1 = \{x: 30, y: 40\}\n\$2 = \{x: 1, y: 2\}\n\$3 = 32\n/,
    );
  });

  it("takes a name of the program before a command of that name", async () => {
    assert.match((await say("frame", frame("compounds"))).result, /^\{min:/);
    assert.match((await say("frame.min", frame("compounds"))).result, /^\{x: 1/);
    assert.match((await say("frame", frame("main"))).result, /^#\d+ +main/);
    assert.match((await say("frame 1", frame("compounds"))).result, /^#1 +read_through/);
  });

  it("evaluates commands' words as expressions everywhere else", async () => {
    const { success } = await client.ask("evaluate", {
      expression: "bt",
      context: "watch",
      frameId: frame("main"),
    });
    assert.equal(success, false);
  });

  it("says what is wrong with a command in one line", async () => {
    const { message } = await client.ask("evaluate", { expression: "info nothing", context: "repl" });
    assert.match(message ?? "", /^info knows no "nothing", but: frame, locals/);
    const { message: other } = await client.ask("evaluate", { expression: "continue", context: "repl" });
    assert.match(other ?? "", /the program is dead/);
  });

  it("completes commands behind the names of the program", async () => {
    const { targets } = await client.get("completions", {
      text: "info sha",
      column: 9,
      frameId: frame("main"),
    });
    assert.deepEqual(targets, [
      { label: "sharedlibrary", type: "keyword", sortText: "~sharedlibrary", start: 6, length: 3 },
    ]);
    const { targets: first } = await client.get("completions", {
      text: "fra",
      column: 4,
      frameId: frame("compounds"),
    });
    assert.deepEqual(
      (first as DebugProtocol.CompletionItem[]).map(({ label, type }) => [label, type]),
      [
        ["frame", "variable"],
        ["frame", "keyword"],
      ],
    );
  });

  it("is in the theme's colours where the client takes them, and values never are", async () => {
    const crashed = fixture("c-shapes-o0-dwarf5");
    const colored = Client.inProcess();
    await colored.stopAtCrash(
      {
        program: modulePath(crashed),
        coreFile: dumpPath(crashed),
        workspaceFolders: [sourceFolder(crashed)],
      },
      { ...VS_CODE, supportsANSIStyling: true },
    );
    const { stackFrames } = await colored.get("stackTrace", { threadId: 1 });
    const frameId = stackFrames[frames.findIndex(({ name }) => name === "compounds")].id;
    /** Colours as they can be read: `‹36mload‹39m`. */
    const marked = (text: string): string => text.replaceAll("\x1b[", "‹");
    const plain = (text: string): string => text.replace(/‹\d+m/g, "");
    const ask = async (expression: string, context = "repl"): Promise<string> =>
      marked((await colored.get("evaluate", { expression, context, frameId })).result);
    const told = (adapter: Client): string =>
      marked(adapter.events.flatMap(({ event, body }) => (event === "output" ? [body.output] : [])).join(""));

    assert.equal(
      (await ask("bt 1")).split("\n")[0],
      "‹2m#0  ‹22m‹36mload‹39m (from=0x7fff0000, index=8) at /build/c-shapes.c:95 [inlined]",
    );
    assert.match(await ask("info locals"), /^‹36mmood‹39m = MOOD_ANGRY$/m);
    assert.equal(await ask("x/s global_name"), '‹2m0x400e:‹22m\t"postmortem"');
    assert.match(await ask("list"), /^‹1m163→.*‹22m$/m);
    assert.match(told(colored), /^‹1m‹31m.*‹39m‹22m$/m);
    assert.match(told(colored), /^ {2}in ‹36mload‹39m at c-shapes\.c:95$/m);

    // Without its colours it is what other clients get.
    assert.equal(plain(told(colored)), told(client));
    for (const line of ["bt full 9", "info locals", "list 160", "x/16xb &frame", "disassemble", "info types"])
      assert.equal(plain(await ask(line)), (await say(line, frame("compounds"))).result, line);

    for (const context of ["repl", "watch", "hover", "clipboard", "variables"])
      assert.equal(await ask("frame.max", context), "{x: 30, y: 40}", context);
    const { scopes } = await colored.get("scopes", { frameId });
    for (const { variablesReference } of scopes)
      assert.doesNotMatch(JSON.stringify(await colored.get("variables", { variablesReference })), /u001b/);
    await colored.get("disconnect");
  });
});
