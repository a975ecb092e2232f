/** How a user wants things shown: given at launch, and changed while a session lives. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, it } from "mocha";
import { Client, VS_CODE } from "./client";
import { hostWith, sampleCrash } from "./sample-crash";

const LAUNCH = { program: "/project/target/sample.wasm", coreFile: "/project/crash.coredump" };
const STD = "/rustc/1234/library/core/src/panicking.rs";

async function stopped(launch: object = LAUNCH, ...files: string[]): Promise<Client> {
  const client = Client.inProcess(hostWith("/project/src/main.rs", ...files), async () => sampleCrash());
  await client.stopAtCrash(launch, { ...VS_CODE, supportsInvalidatedEvent: true });
  return client;
}

async function stack(client: Client): Promise<DebugProtocol.StackFrame[]> {
  return (await client.get("stackTrace", { threadId: 1 })).stackFrames;
}

async function many(client: Client, format?: object): Promise<string> {
  const frame = (await stack(client)).find(({ name }) => name === "calculate")!;
  const { scopes } = await client.get("scopes", { frameId: frame.id });
  const { variables } = await client.get("variables", { ...scopes[0], format });
  const thing = variables.find(({ name }: { name: string }) => name === "thing");
  const members = (await client.get("variables", { ...thing, format })).variables;
  return members.find(({ name }: { name: string }) => name === "value").value;
}

describe("view settings", () => {
  it("write numbers in hexadecimal from the next question on, and tell the client to ask again", async () => {
    const client = await stopped();
    assert.equal(await many(client), "255");
    await client.get("wasm/settings", { hexadecimal: true });
    assert.deepEqual((await client.event("invalidated")).body, { areas: ["variables"] });
    assert.equal(await many(client), "0xff");
    assert.equal(await many(client, { hex: false }), "255", "what a request asks for goes first");
  });

  it("may be given with the launch", async () => {
    assert.equal(await many(await stopped({ ...LAUNCH, hexadecimal: true })), "0xff");
  });

  it("pass over what is no setting", async () => {
    const client = await stopped();
    const view = await client.get("wasm/settings", { hexadecimal: "yes", colour: "red" });
    assert.deepEqual(view, { hexadecimal: false, showRuntimeFrames: false, startAtCrashFrame: false });
  });

  it("unfold runtime frames, and the editor still stands at the crash line", async () => {
    const client = await stopped();
    await client.get("wasm/settings", { showRuntimeFrames: true });
    assert.deepEqual((await client.event("invalidated")).body, { areas: ["stacks", "variables"] });
    const frames = await stack(client);
    const folded = frames.filter(({ source }) => source?.presentationHint === "deemphasize");
    assert.deepEqual(folded, []);
    assert.equal(frames.find(({ source }) => source !== undefined)?.name, "calculate");
    assert.equal(frames.length, 5);
  });

  it("keep a younger frame folded whose source is here, as the editor would stand there", async () => {
    const client = await stopped({ ...LAUNCH, showRuntimeFrames: true }, STD);
    const [panic, format] = await stack(client);
    assert.equal(panic?.source, undefined);
    assert.equal(format?.source?.presentationHint, "deemphasize");
  });

  it("begin the stack at the crash for editors that stand at its first frame, page by page", async () => {
    const whole = await stack(await stopped());
    const client = await stopped({ ...LAUNCH, startAtCrashFrame: true });
    const all = await client.get("stackTrace", { threadId: 1 });
    assert.equal(all.stackFrames[0].name, "calculate");
    const names = (frames: readonly DebugProtocol.StackFrame[]) => frames.map(({ name }) => name);
    const crash = names(whole).indexOf("calculate");
    assert.ok(crash > 0);
    assert.deepEqual(names(all.stackFrames), names(whole.slice(crash)));
    assert.equal(all.totalFrames, all.stackFrames.length);
    const second = await client.get("stackTrace", { threadId: 1, startFrame: 1, levels: 1 });
    assert.deepEqual(names(second.stackFrames), names(whole.slice(crash + 1, crash + 2)));
  });

  it("send no event to a client that does not take it", async () => {
    const client = Client.inProcess(hostWith(), async () => sampleCrash());
    await client.stopAtCrash(LAUNCH, VS_CODE);
    await client.get("wasm/settings", { hexadecimal: true });
    await client.get("threads");
    assert.equal(client.events.filter(({ event }) => event === "invalidated").length, 0);
  });
});
