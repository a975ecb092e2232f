/** The engine in a Worker of its own, as a browser has it: tasks, the editor's files, and what is wrong with them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe, it } from "mocha";
import { HostError } from "../../host/host";
import { NodeHost } from "../../host/node";
import { EngineClient, type EngineWorker } from "../../src/web/engine-client";
import type { Port, Task } from "../../src/web/messages";
import { serve } from "../../src/web/serve";

const classic = join(__dirname, "../../examples/rust-classic");
const coreFile = join(classic, "app.coredump");
const program = join(classic, "target/wasm32-wasip1/debug/app.wasm");

/** Two ends of a line that carries copies, as those between Workers do. */
function line(): { near: EngineWorker; far: Port } {
  const end = (): EngineWorker => ({ postMessage() {}, onmessage: null, onerror: null, terminate() {} });
  const [near, far] = [end(), end()];
  const carry =
    (to: Port) =>
    (message: unknown, transfer: readonly ArrayBuffer[] = []) => {
      const data = structuredClone(message, { transfer: [...transfer] });
      setImmediate(() => to.onmessage?.({ data: data as never }));
    };
  near.postMessage = carry(far);
  far.postMessage = carry(near);
  return { near, far };
}

function engine(task: Task): EngineClient {
  const { near, far } = line();
  serve(far);
  return new EngineClient(near, new NodeHost(), task);
}

describe("the engine in a Worker", () => {
  it("makes a dump's page from the editor's files", async () => {
    const client = engine({ kind: "crash page", args: { coreFile, program }, actions: [] });
    const { body } = (await client.outcome) as { body: string };
    client.close();
    assert.match(body, /attempt to subtract with overflow/);
  });

  it("says what is wrong with a file in the editor's words, as an error about that file", async () => {
    const missing = join(classic, "gone.coredump");
    const client = engine({ kind: "crash page", args: { coreFile: missing }, actions: [] });
    await assert.rejects(client.outcome, (error) => {
      assert.ok(error instanceof HostError);
      assert.equal(error.path, missing);
      assert.match(error.message, /gone\.coredump does not exist/);
      return true;
    });
    client.close();
  });

  it("says what is wrong inside of a file", async () => {
    const source = join(classic, "src", "main.rs");
    const client = engine({ kind: "crash page", args: { coreFile: source }, actions: [] });
    await assert.rejects(
      client.outcome,
      (error) => error instanceof HostError && /main\.rs/.test(error.message),
    );
    client.close();
  });

  it("says that the engine failed, and not a file", async () => {
    const { near } = line();
    const client = new EngineClient(near, new NodeHost(), { kind: "adapter", texts: {} });
    near.onerror?.({ message: "out of memory" });
    await assert.rejects(
      client.outcome,
      (error) => !(error instanceof HostError) && /memory/.test(String(error)),
    );
  });

  it("looks at a dump before its session", async () => {
    const client = engine({ kind: "examine", args: { coreFile, program } });
    const { problems } = (await client.outcome) as { problems: readonly string[] };
    client.close();
    assert.deepEqual(problems, []);
  });

  it("debugs", async () => {
    const client = engine({ kind: "adapter", texts: {} });
    let seq = 0;
    const responses = new Map<number, (body: DebugProtocol.Response) => void>();
    client.onMessage = (message) => {
      if (message.type === "response") {
        const response = message as DebugProtocol.Response;
        responses.get(response.request_seq)?.(response);
      }
    };
    const ask = (command: string, args: object): Promise<DebugProtocol.Response> => {
      const request: DebugProtocol.Request = { seq: ++seq, type: "request", command, arguments: args };
      const answered = new Promise<DebugProtocol.Response>((resolve) => responses.set(request.seq, resolve));
      client.say(request);
      return answered;
    };
    await ask("initialize", { adapterID: "wasm-coredump" });
    assert.ok((await ask("launch", { coreFile, program })).success);
    const { body } = await ask("evaluate", { expression: "value - 1", context: "watch" });
    assert.equal(body.result, "2");
    client.close();
  });
});
