/** How a session behaves: order of messages, errors, and that nothing ever makes it run. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { capabilities, handlers } from "../../adapter/requests";
import { RemoteSource } from "../../engine/bytes/remote-source";
import { Client, VS_CODE } from "./client";
import { hostWith, sampleCrash } from "./sample-crash";

const LAUNCH = { program: "/project/target/sample.wasm", coreFile: "/project/crash.coredump" };
const opened = (): Client => Client.inProcess(hostWith(), () => Promise.resolve(sampleCrash()));

describe("a session", () => {
  it("goes from initialize to the stop in DAP's order", async () => {
    const client = opened();
    await client.stopAtCrash(LAUNCH);
    assert.deepEqual(client.order, [
      "response initialize",
      "response launch",
      "event initialized",
      "response configurationDone",
      "event output",
      "event output",
      "event output",
      "event stopped",
    ]);
  });

  it("stops with the reason that the widget shows, at the thread that crashed", async () => {
    const stop = await opened().stopAtCrash(LAUNCH);
    assert.deepEqual(stop, {
      reason: "exception",
      description: "Crashed: Rust panic",
      text: "attempt to subtract with overflow",
      threadId: 1,
      allThreadsStopped: true,
      preserveFocusHint: false,
    });
  });

  it("tells warnings as important, then the triage with a link to the crash line", async () => {
    const client = opened();
    await client.stopAtCrash(LAUNCH);
    const [warning, triage] = client.events.filter(({ event }) => event === "output").map(({ body }) => body);
    assert.deepEqual(warning, { category: "important", output: "The build does not match the dump.\n" });
    assert.match(
      triage.output,
      /Rust panic: attempt to subtract with overflow\n.*panicked at src\/main.rs:14:5/,
    );
    assert.match(triage.output, /in calculate at main.rs:14/);
    assert.equal(triage.line, 14);
    assert.equal(triage.source.path, "/build/src/main.rs");
  });

  it("tells the crash frame's variables as a line of the console that opens", async () => {
    const client = opened();
    await client.stopAtCrash(LAUNCH);
    const { output, variablesReference } = client.events.filter(({ event }) => event === "output")[2]!.body;
    assert.match(output, /^calculate \{thing: …, gone: <optimized out>/);
    const { variables } = await client.get("variables", { variablesReference });
    assert.equal(variables.length, 1, "VS Code puts a single variable behind the line's own text");
    const inside = await client.get("variables", variables[0]);
    assert.deepEqual(
      inside.variables.map(({ name, evaluateName }: { name: string; evaluateName: string }) => [
        name,
        evaluateName,
      ]),
      [
        ["thing", "thing"],
        ["gone", "gone"],
        ["many", "many"],
      ],
    );
  });

  it("attaches with the same arguments as it launches", async () => {
    const client = opened();
    await client.get("initialize", VS_CODE);
    await client.get("attach", LAUNCH);
    await client.get("configurationDone");
    assert.equal((await client.event("stopped")).body.threadId, 1);
  });

  for (const command of ["continue", "next", "stepIn", "stepOut", "pause"]) {
    it(`stays stopped on ${command}, and says why in one message`, async () => {
      const client = opened();
      await client.stopAtCrash(LAUNCH);
      const before = client.events.length;
      const response = await client.ask(command, { threadId: 1 });
      assert.equal(response.success, false);
      assert.match(response.message ?? "", /core dump.*cannot run/);
      assert.equal(response.body.error.showUser, false);
      await client.get("threads");
      assert.equal(client.events.length, before, "no event follows");
    });
  }

  it("answers each breakpoint as unverified with the reason", async () => {
    const client = opened();
    await client.stopAtCrash(LAUNCH);
    for (const command of ["setBreakpoints", "setFunctionBreakpoints", "setInstructionBreakpoints"]) {
      const { breakpoints } = await client.get(command, { breakpoints: [{}, {}] });
      assert.equal(breakpoints.length, 2);
      assert.equal(breakpoints[1].verified, false);
      assert.match(breakpoints[1].message, /never hit/);
    }
    await client.get("setExceptionBreakpoints", { filters: [] });
  });

  it("takes breakpoints before anything is open, as editors send them", async () => {
    const client = opened();
    await client.get("initialize", VS_CODE);
    assert.equal((await client.get("setBreakpoints", { breakpoints: [{ line: 1 }] })).breakpoints.length, 1);
  });

  it("reads dump and build anew on restart, and numbers frames from the start", async () => {
    const opens: unknown[] = [];
    const host = hostWith();
    const client = Client.inProcess(host, (args) => {
      opens.push(args);
      return Promise.resolve(sampleCrash());
    });
    await client.stopAtCrash(LAUNCH);
    await client.get("stackTrace", { threadId: 1 });
    await client.get("restart", { arguments: { ...LAUNCH, coreFile: "/project/next.coredump" } });
    await client.event("stopped", 2);
    assert.deepEqual(opens, [LAUNCH, { ...LAUNCH, coreFile: "/project/next.coredump" }]);
    assert.match(await client.refusal("scopes", { frameId: 1 }), /no stack frame 1/);
    assert.equal(host.closed, 2, "the files of the first run were let go");
  });

  it("ends on terminate, and lets files go on disconnect", async () => {
    const host = hostWith();
    const client = Client.inProcess(host, () => Promise.resolve(sampleCrash()));
    await client.stopAtCrash(LAUNCH);
    await client.get("terminate");
    await client.event("terminated");
    const before = host.closed;
    await client.get("disconnect");
    assert.equal(host.closed, before + 1);
    assert.match(await client.refusal("threads"), /No core dump is open/);
  });

  it("takes a waiting request back on cancel, and leaves the others", async () => {
    const client = opened();
    await client.stopAtCrash(LAUNCH);
    const first = client.ask("threads");
    const second = client.ask("modules");
    const third = client.ask("threads");
    client.send("cancel", { requestId: client.lastSeq - 1 });
    assert.equal((await first).success, true);
    assert.deepEqual([(await second).success, (await second).message], [false, "cancelled"]);
    assert.equal((await third).success, true);
  });

  it("answers requests in the order they were sent, without waiting for each", async () => {
    const client = opened();
    client.send("initialize", VS_CODE);
    client.send("launch", LAUNCH);
    client.send("configurationDone");
    await client.get("stackTrace", { threadId: 1 });
    assert.deepEqual(
      client.order.filter((message) => message.startsWith("response")),
      ["response initialize", "response launch", "response configurationDone", "response stackTrace"],
    );
  });

  it("waits for bytes that are not here yet, and asks again", async () => {
    let fetched = 0;
    const remote = new RemoteSource("remote", 4, (_offset, length) => {
      fetched++;
      return Promise.resolve(new Uint8Array(length));
    });
    const crash = sampleCrash();
    const client = Client.inProcess(hostWith(), async () => ({
      ...crash,
      get threads() {
        remote.read(0, 4);
        return crash.threads;
      },
    }));
    await client.stopAtCrash(LAUNCH);
    assert.equal((await client.get("threads")).threads.length, 2);
    assert.equal(fetched, 1);
  });
});

describe("errors that a user reads", () => {
  const folder = () => mkdtemp(join(tmpdir(), "wasm-postmortem-"));
  const launchError = async (args: object): Promise<string> => {
    const client = Client.inProcess();
    await client.get("initialize", VS_CODE);
    const message = await client.refusal("launch", args);
    assert.ok(!client.order.includes("event initialized"), "no session begins");
    return message;
  };

  it("names the argument that is missing", async () => {
    assert.match(await launchError({ program: "a.wasm" }), /needs “coreFile”/);
  });

  it("names a dump that does not exist", async () => {
    assert.match(
      await launchError({ program: "/nowhere/a.wasm", coreFile: "/nowhere/a.coredump" }),
      /\/nowhere\/a\.coredump/,
    );
  });

  it("says that a file is no dump and a program no WebAssembly", async () => {
    const here = await folder();
    try {
      const text = join(here, "notes.txt");
      await writeFile(text, "These are notes.");
      const message = await launchError({ program: text, coreFile: text });
      assert.match(message, /notes\.txt/);
      assert.doesNotMatch(message, /Internal error/);
    } finally {
      await rm(here, { recursive: true });
    }
  });

  it("says that a dump has no call stack", async () => {
    const client = Client.inProcess(hostWith(), () => Promise.resolve({ ...sampleCrash(), threads: [] }));
    await client.get("initialize", VS_CODE);
    assert.match(await client.refusal("launch", LAUNCH), /crash\.coredump records no call stack/);
  });

  it("says which request it does not know, and goes on", async () => {
    const client = opened();
    await client.stopAtCrash(LAUNCH);
    assert.match(await client.refusal("stepBack"), /“stepBack” is not supported/);
    assert.equal((await client.get("threads")).threads.length, 2);
  });

  it("answers what needs a dump when none is open", async () => {
    const client = opened();
    await client.get("initialize", VS_CODE);
    for (const command of ["threads", "modules", "configurationDone"]) {
      assert.match(await client.refusal(command), /No core dump is open/);
    }
  });
});

describe("capabilities", () => {
  it("are the sum of what the handlers declare", async () => {
    const client = opened();
    assert.deepEqual(await client.get("initialize", VS_CODE), JSON.parse(JSON.stringify(capabilities())));
  });

  it("promise no request that has no handler", () => {
    const commands = new Set(handlers.map(({ command }) => command.toLowerCase()));
    const promised = Object.entries(capabilities())
      .filter(([name, value]) => value === true && /^supports\w+Request$/.test(name))
      .map(([name]) => name.slice("supports".length, -"Request".length).toLowerCase());
    assert.ok(promised.length >= 8);
    for (const command of promised) assert.ok(commands.has(command), command);
  });

  it("hold what a dump can do, and nothing that changes or runs it", () => {
    const declared = new Set(Object.keys(capabilities()));
    for (const name of [
      "supportsConfigurationDoneRequest",
      "supportsDelayedStackTraceLoading",
      "supportsEvaluateForHovers",
      "supportsExceptionInfoRequest",
      "supportsReadMemoryRequest",
      "supportsDisassembleRequest",
      "supportsModulesRequest",
      "supportsLoadedSourcesRequest",
      "supportsRestartRequest",
      "supportsTerminateRequest",
    ]) {
      assert.ok(declared.has(name), name);
    }
    for (const name of declared) assert.doesNotMatch(name, /Set|Write|Step|Breakpoints$|Goto/);
  });

  it("are each declared for a command that is answered once", () => {
    const commands = handlers.map(({ command }) => command);
    assert.equal(new Set(commands).size, commands.length);
  });
});
